"""The pages that the differences of two site databases affect: those with another answer.

Questions whose answers are others are found in two ways. Of most, the diff names them without
asking. Each of the rest is asked of both databases, if anything that may change its answer changed
at all (`ssg.model.queries.questions.Change`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ssg.build.incremental.database_diff import DatabaseDiff, ListPair
from ssg.build.incremental.dependencies.asked_questions import (
    AskedQuestion,
    answer,
    declaration,
    question_id,
)
from ssg.model.queries.questions import Change


class Dependencies(Protocol):
    """What the build before recorded of its renders."""

    @property
    def common(self) -> Collection[int]:
        """Ids of the questions that every page depends on."""

    def open_questions(self) -> Iterator[AskedQuestion]:
        """Every question that the diff does not name."""

    def asking(self, questions: Collection[int]) -> set[str]:
        """Paths of the pages that asked any of some questions."""


def affected_pages(dependencies: Dependencies, diff: DatabaseDiff) -> set[str] | None:
    """Paths of the pages that must be rendered again; None: every one."""
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
        if diff.has_moved and _is_other_slice(_SLICED[name](diff), name, values):
            return True
        of = (*values, *_WHOLE[len(values) :])[-1] if name == "pages" else values[0]
        return in_full and (name, of) in diff.lists_of_rows
    shows_rows = in_full and diff.rows and changed_by is not Change.ADDRESSES
    if not (_may_change(changed_by, values, diff) or shows_rows):
        return False
    return answer(diff.before, asked) != answer(diff.now, asked)


def _may_change(changed_by: Change, values: Sequence[Any], diff: DatabaseDiff) -> bool:
    """Whether it is worth asking."""
    if changed_by is Change.ADDRESSES:
        return diff.has_other_addresses
    if changed_by is Change.LISTS:
        return diff.has_moved
    if changed_by is Change.CHILDREN:
        return values[0] in diff.parents
    if changed_by is Change.SHARED_TERMS:
        return diff.has_moved and values[0] in diff.regrouped
    return diff.has_facts


_SLICED: Mapping[str, Callable[[DatabaseDiff], ListPair]] = {
    "pages": lambda diff: diff.dates,
    "pages_in": lambda diff: diff.sections,
    "pages_with": lambda diff: diff.terms,
}
"""The lists that questions ask parts of."""

_WHOLE: Sequence[Any] = (0, -1, "")
"""Offset, limit and language of a question that gives none."""


def _is_other_slice(pair: ListPair, name: str, values: Sequence[Any]) -> bool:
    """Whether a part of a list is another. The lists are at hand, so nothing is asked."""
    of, bounds = ("", values) if name == "pages" else (values[0], values[1:])
    offset, limit, language = [*bounds, *_WHOLE[len(bounds) :]]
    end = offset + limit if limit >= 0 else None
    before, now = (lists.get(of or language, ())[offset:end] for lists in (pair.before, pair.now))
    return before != now
