"""Which pages the differences of two databases concern: those whose questions are answered anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any, Protocol

from ssg.build.incremental.database_diff import UNSEEN_COLUMNS, Delta, Order
from ssg.build.incremental.dependencies.recording_site import NAMES, Question, id_of, parameters
from ssg.model.page import Page, Template, Term
from ssg.model.queries.site import Site

_SHAPE = frozenset(
    {"archives", "count_pages", "feeds", "newest", "newest_with", "pages_between", "sitemaps"}
    | {"terms"}
)
"""Questions whose answers are paths and counts: they change only with a list."""

_NOBODY = object()


class Records(Protocol):
    """What is remembered of the renders of the build before."""

    @property
    def common(self) -> Collection[int]:
        """Questions that every page hangs on."""

    def open_questions(self) -> Iterator[Question]:
        """Every question that a delta does not tell of."""

    def asking(self, questions: Collection[int]) -> set[str]:
        """Pages that asked any of some questions."""


def concerned(records: Records, delta: Delta) -> set[str] | None:
    """Paths of the pages to be rendered again; None: every one."""
    changed = set(map(id_of, delta.changed()))
    changed |= {id_of(one) for one in records.open_questions() if _is_answered_anew(one, delta)}
    if not changed.isdisjoint(records.common):
        return None
    return records.asking(changed) if changed else set()


def _is_answered_anew(question: Question, delta: Delta) -> bool:
    in_full = question[0] == "rows"
    name, values = question[int(in_full)], question[int(in_full) + 1 :]
    if name in _SLICES:
        if delta.has_moved and _is_sliced_anew(_SLICES[name](delta), name, values):
            return True
        of = (*values, *_WHOLE[len(values) :])[-1] if name == "pages" else values[0]
        return in_full and (name, of) in delta.lists_of_rows
    if not (_may_differ(name, values, delta) or (in_full and delta.rows and name != "addresses")):
        return False
    return answer(delta.before, question) != answer(delta.now, question)


def _may_differ(name: str, values: Sequence[Any], delta: Delta) -> bool:
    """Whether it is worth while to ask."""
    if name == "addresses":
        return delta.has_other_addresses
    if name in _SHAPE:
        return delta.has_moved
    if name in {"sections_in", "feed_of"}:
        return values[0] in delta.parents
    if name == "related":
        return delta.has_moved and values[0] in delta.regrouped
    return delta.has_facts


_SLICES: Mapping[str, Callable[[Delta], Order]] = {
    "pages": lambda delta: delta.dates,
    "pages_in": lambda delta: delta.sections,
    "pages_with": lambda delta: delta.terms,
}


_WHOLE: Sequence[Any] = (0, -1, "")


def _is_sliced_anew(order: Order, name: str, values: Sequence[Any]) -> bool:
    """Whether a part of a list is another one. The lists are at hand: nothing need be asked."""
    of, bounds = ("", values) if name == "pages" else (values[0], values[1:])
    offset, limit, language = [*bounds, *_WHOLE[len(bounds) :]]
    end = offset + limit if limit >= 0 else None
    before, now = (lists.get(of or language, ())[offset:end] for lists in (order.before, order.now))
    return before != now


def answer(site: Site, question: Question) -> object:
    """The answer to a question in terms that hold in every build."""
    if question[0] == "rows":
        found = _ask(site, question[1:])
        return None if found is _NOBODY else [_row(site, page) for page in found]
    return _stable(site, _ask(site, question))


def _ask(site: Site, question: Question) -> Any:
    name, *values = question
    arguments = {}
    for parameter, value in zip(parameters(name), values, strict=False):
        arguments[parameter] = _value(site, NAMES.get(parameter), value)
    if any(value is _NOBODY for value in arguments.values()):
        return _NOBODY
    return getattr(site, name)(**arguments)


def _value(site: Site, kind: str | None, value: Any) -> Any:
    """What a name stands for in one build."""
    if value is None or kind is None:
        return value
    if kind == "mapping":
        return dict(value)
    page = site.page_at(value)
    if page is None:
        return _NOBODY
    if kind == "term":  # a term has the path of its page
        return page.term_id or _NOBODY
    return page if kind == "row" else page.id


def _stable(site: Site, found: Any) -> object:
    if isinstance(found, Page):
        return found.path
    if isinstance(found, Term):
        return found.path, found.taxonomy, found.name
    if isinstance(found, Template):
        return found.text, found.layer
    if isinstance(found, list | tuple | Iterator):
        return [one if _is_plain(one) else _stable(site, one) for one in found]
    return found


def _is_plain(row: object) -> bool:
    """Whether it is a row as the database gives it, as those of a sitemap are: there are many."""
    return type(row) is tuple and bool(row) and type(row[0]) is str


def _row(site: Site, page: Page) -> object:
    """What a template may see of a page."""
    if not isinstance(page, Page):
        return page
    parent = site.page_by_id(page.parent_id).path if page.parent_id else None
    values = zip(page._fields, page, strict=True)
    return parent, [value for name, value in values if name not in UNSEEN_COLUMNS]
