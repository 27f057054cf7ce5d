"""Finds the pages that must be rendered again: those for which an answer changed.

The previous build recorded for each page which questions it asked the site database. A page gives
the same bytes as long as all its answers are the same. So this module compares the answers of the
old and the new database, and returns the pages that asked a question whose answer differs.

Most recorded questions are never asked again. `DatabaseDiff.changed` names those of the frequent
kinds whose answers differ, directly from the rows that differ. The others are the *open questions*
of the dependency store, one row for each. Such a question is asked of both databases only if a
difference of the kind that can change its answer exists (`ssg.model.queries.questions.Change`).

Some questions every page asks, for the settings and the templates. If such an answer differs, all
pages are affected.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ssg.build.incremental.database_diff import DatabaseDiff, ListPair
from ssg.build.incremental.dependencies.asked_questions import (
    answer,
    declaration,
    question_id,
)
from ssg.model.queries.questions import Change
from ssg.render.dependencies.recorder import AskedQuestion


class Dependencies(Protocol):
    """The dependencies that the previous build recorded."""

    @property
    def common(self) -> Collection[int]:
        """Ids of the questions on which every page depends."""

    def open_questions(self) -> Iterator[AskedQuestion]:
        """All questions of the kinds that the diff does not name."""

    def asking(self, questions: Collection[int]) -> set[str]:
        """Paths of the pages that asked at least one of some questions."""


def affected_pages(dependencies: Dependencies, diff: DatabaseDiff) -> set[str] | None:
    """Paths of the pages that must be rendered again; None for all."""
    changed = set(map(question_id, diff.changed()))
    changed |= {
        question_id(one) for one in dependencies.open_questions() if _has_changed(one, diff)
    }
    if not changed.isdisjoint(dependencies.common):
        return None
    return dependencies.asking(changed) if changed else set()


def _has_changed(asked: AskedQuestion, diff: DatabaseDiff) -> bool:
    in_full = asked[0] == "rows"
    name, values = asked[int(in_full)], asked[int(in_full) + 1 :]
    question = declaration(name)
    changed_by = question.changed_by if question else Change.ANYTHING
    if changed_by is Change.SLICE:
        if diff.has_moved and _slice_differs(_SLICED[name](diff), name, values):
            return True
        of = (*values, *_WHOLE[len(values) :])[-1] if name == "pages" else values[0]
        return in_full and (name, of) in diff.lists_of_rows
    shows_rows = in_full and diff.rows and changed_by is not Change.ADDRESSES
    if not (_may_change(changed_by, values, diff) or shows_rows):
        return False
    return answer(diff.before, asked) != answer(diff.now, asked)


def _may_change(changed_by: Change, values: Sequence[Any], diff: DatabaseDiff) -> bool:
    """Whether a difference exists that can change the answer."""
    if changed_by is Change.ADDRESSES:
        return diff.has_changed_addresses
    if changed_by is Change.LISTS:
        return diff.has_moved
    if changed_by is Change.CHILDREN:
        return values[0] in diff.parents
    if changed_by is Change.SHARED_TERMS:
        return diff.has_moved and values[0] in diff.regrouped
    return diff.has_non_text_differences


_SLICED: Mapping[str, Callable[[DatabaseDiff], ListPair]] = {
    "pages": lambda diff: diff.dates,
    "pages_in": lambda diff: diff.sections,
    "pages_with": lambda diff: diff.terms,
}
"""The lists of which questions ask slices."""

_WHOLE: Sequence[Any] = (0, -1, "")
"""Default offset, limit and language of a slice."""


def _slice_differs(pair: ListPair, name: str, values: Sequence[Any]) -> bool:
    """Whether a slice of a list differs. The diff has the lists, so nothing is asked."""
    of, bounds = ("", values) if name == "pages" else (values[0], values[1:])
    offset, limit, language = [*bounds, *_WHOLE[len(bounds) :]]
    end = offset + limit if limit >= 0 else None
    before, now = (lists.get(of or language, ())[offset:end] for lists in (pair.before, pair.now))
    return before != now
