"""Recorded questions: independent of the ids of one build, so that a later build can ask them."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import Any

from ssg.model.page import Page, Template, Term
from ssg.model.queries.questions import Argument, Change, Question, questions
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion

PRESCANNED = "?"
"""A prefix of the path, for the record of a page's link check instead of its render."""
MISSING = object()
"""Stands for a page or term that does not exist in a build."""

_ID_BYTES = 8
_IDS = 4096


@cache
def declaration(name: str) -> Question | None:
    """The declaration of a question; None for `rows` and `now`."""
    return {one.name: one for one in questions(Site).values()}.get(name)


def is_named_by_diff(asked: AskedQuestion) -> bool:
    """Whether the diff of two databases names the question if its answer changed."""
    question = declaration(asked[0])
    return asked[0] == "now" or (question is not None and question.changed_by is Change.NAMED)


@lru_cache(maxsize=_IDS)
def question_id(asked: AskedQuestion) -> int:
    """A number for a question, the same in every build. It is an identity, not a fingerprint."""
    digest = hashlib.blake2b(repr(asked).encode(), digest_size=_ID_BYTES).digest()
    return int.from_bytes(digest, "little")


def packed_ids(asked: set[AskedQuestion]) -> bytes:
    """The ids of some questions, as a record keeps them."""
    return array("Q", sorted(map(question_id, asked))).tobytes()


def answer(site: Site, asked: AskedQuestion) -> object:
    """The answer of a site to a recorded question, without ids of one build."""
    if asked[0] == "rows":
        found = _ask(site, asked[1:])
        return None if found is MISSING else [_row(site, page) for page in found]
    return _stable(_ask(site, asked))


def _ask(site: Site, asked: AskedQuestion) -> Any:
    question = declaration(asked[0])
    if question is None:
        raise ValueError(asked[0])
    pairs = zip(question.arguments, asked[1:], strict=False)
    values = tuple(_value(site, kind, value) for kind, value in pairs)
    return MISSING if MISSING in values else question.ask(site, values)


def _value(site: Site, kind: Argument, value: Any) -> Any:
    """The value of a recorded argument in one build."""
    if value is None or kind is Argument.VALUE:
        return value
    if kind is Argument.MAPPING:
        return dict(value)
    page = site.page_at(value)
    if page is None:
        return MISSING
    if kind is Argument.TERM_ID:  # a term has the path of its page
        return page.term_id or MISSING
    return page if kind is Argument.ROW else page.id


def _stable(found: Any) -> object:
    if isinstance(found, Page):
        return found.path
    if isinstance(found, Term):
        return found.path, found.taxonomy, found.name
    if isinstance(found, Template):
        return found.text, found.layer
    if isinstance(found, list | tuple | Iterator):
        return [one if _is_plain(one) else _stable(one) for one in found]
    return found


def _is_plain(row: object) -> bool:
    """Whether it is a plain row, as those of a sitemap, which are many."""
    return type(row) is tuple and bool(row) and type(row[0]) is str


def _row(site: Site, page: Page) -> object:
    """The columns of a page that a template can see."""
    if not isinstance(page, Page):
        return page
    parent = site.page_by_id(page.parent_id).path if page.parent_id else None
    return parent, seen_columns(page)


UNSEEN_COLUMNS = (
    "id", "parent_id", "term_id", "deferred", "ttl_seconds", "stale_seconds", "cache_tags", "reason"
)  # fmt: skip
"""Columns that templates do not see, or see as pages and terms instead of ids."""


def seen_columns(page: Page) -> Sequence[object]:
    """The values of a page's row that a template can see."""
    values = zip(page._fields, page, strict=True)
    return [value for name, value in values if name not in UNSEEN_COLUMNS]
