"""Critical or deferred: the decision for every page, each with its reason. Pure.

Precedence: front matter, the nearest cascade, the first matching rule, critical. The `ttl` of a
deferred page is sought in the same order, and last in `[deferred]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ssg.model.page import ALWAYS_CRITICAL_KINDS, UNDATED, Kind, Wish
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.plan.glob import compile_glob

NO_WISH = Wish()
SECONDS_PER_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Candidate:
    """What the plan looks at of a page."""

    id: int
    path: str
    kind: str
    source: str | None
    parent_id: int | None
    date_key: int

    @property
    def matched_text(self) -> str:
        """What a rule's glob is held against: the source, or the path of a generated page."""
        return self.source or self.path.strip("/")


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a page, and why."""

    page_id: int
    deferred: bool
    ttl_seconds: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule made ready: its words for reasons, and the pages that it keeps critical."""

    settings: DeferRule
    name: str
    newest_ids: frozenset[int]
    oldest_date_key: int | None


def decide(
    candidates: Sequence[Candidate],
    wishes: Mapping[int, Wish],
    cascades: Mapping[int, Wish],
    settings: DeferredSettings,
    now: dt.datetime,
) -> Iterator[Decision]:
    """A decision for every candidate, in their order.

    `wishes` are those of front matter by page id, `cascades` those of sections for the pages
    below them by the section's id. `now` is the build's clock.
    """
    by_id = {page.id: page for page in candidates if page.kind in {Kind.SECTION, Kind.TERM}}
    rules = [
        _prepare(rule, number, candidates, now) for number, rule in enumerate(settings.rules, 1)
    ]
    inherited = _Cascades(cascades, by_id)
    for page in candidates:
        owner = by_id.get(page.parent_id or 0, page) if page.kind == Kind.PAGER else page
        wish = wishes.get(owner.id, NO_WISH)
        yield _decide_one(page, wish, inherited.over(owner), rules, settings)


def _decide_one(
    page: Candidate,
    wish: Wish,
    cascade: tuple[Wish, str],
    rules: Sequence[_Rule],
    settings: DeferredSettings,
) -> Decision:
    if page.kind in ALWAYS_CRITICAL_KINDS:
        return Decision(page.id, False, None, "always critical")
    inherited, origin = cascade
    rule = next((rule for rule in rules if _matches(rule, page)), None)
    rule_ttl = rule.settings.ttl_seconds if rule else None
    ttl = _first(wish.ttl_seconds, inherited.ttl_seconds, rule_ttl, settings.ttl_seconds)
    if wish.deferred is not None:
        return _decision(page, wish.deferred, ttl, "front matter")
    if inherited.deferred is not None:
        return _decision(page, inherited.deferred, ttl, f"cascade from {origin}")
    if rule is None:
        return _decision(page, False, ttl, "no rule defers it")
    if page.id in rule.newest_ids:
        reason = f"{rule.name} keeps the newest {rule.settings.keep_newest}"
        return _decision(page, False, ttl, reason)
    return _decision(page, rule.settings.deferred, ttl, rule.name)


def _decision(page: Candidate, deferred: bool, ttl: int | None, reason: str) -> Decision:
    return Decision(page.id, deferred, ttl if deferred else None, reason)


def _first(*values: int | None) -> int | None:
    return next((value for value in values if value is not None), None)


class _Cascades:
    """The wish that reaches a page from the sections above it, with the origin of `deferred`.

    Found once for each section, so a deep tree costs nothing per page.
    """

    def __init__(self, cascades: Mapping[int, Wish], sections: Mapping[int, Candidate]) -> None:
        self._cascades = cascades
        self._sections = sections
        self._below: dict[int, tuple[Wish, str]] = {}

    def over(self, page: Candidate) -> tuple[Wish, str]:
        section = self._sections.get(page.parent_id or 0)
        return self._of(section) if section else (NO_WISH, "")

    def _of(self, section: Candidate) -> tuple[Wish, str]:
        if section.id not in self._below:
            own = self._cascades.get(section.id, NO_WISH)
            above, origin = self.over(section)
            wish = Wish(
                above.deferred if own.deferred is None else own.deferred,
                above.ttl_seconds if own.ttl_seconds is None else own.ttl_seconds,
            )
            origin = origin if own.deferred is None else f"content/{section.source}"
            self._below[section.id] = (wish, origin)
        return self._below[section.id]


def _prepare(
    rule: DeferRule, number: int, candidates: Iterable[Candidate], now: dt.datetime
) -> _Rule:
    newest: list[tuple[int, int]] = []
    if rule.keep_newest:
        matching = (page for page in candidates if _is_meant(rule, page))
        newest = sorted((page.date_key, page.id) for page in matching)[: rule.keep_newest]
    oldest = None
    if rule.older_than_days is not None:
        oldest = -int(now.timestamp() - rule.older_than_days * SECONDS_PER_DAY)
    return _Rule(rule, _name(rule, number), frozenset(number for _, number in newest), oldest)


def _name(rule: DeferRule, number: int) -> str:
    words = [f'match "{rule.match}"'] if rule.match else []
    words += [f'kind "{rule.kind}"'] if rule.kind else []
    words += [f"older than {rule.older_than_days}d"] if rule.older_than_days is not None else []
    return f"rule {number} ({', '.join(words)})"


def _is_meant(rule: DeferRule, page: Candidate) -> bool:
    """Whether a rule speaks of a page at all. Without `kind` it speaks of Markdown pages."""
    if page.kind != (rule.kind or Kind.PAGE):
        return False
    return rule.match is None or bool(compile_glob(rule.match).fullmatch(page.matched_text))


def _matches(rule: _Rule, page: Candidate) -> bool:
    """Whether a rule decides: it means the page, which is old enough or among the newest kept."""
    if not _is_meant(rule.settings, page):
        return False
    if rule.oldest_date_key is None or page.id in rule.newest_ids:
        return True
    return rule.oldest_date_key < page.date_key < UNDATED
