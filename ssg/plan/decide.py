"""Critical or deferred: the decision for every page, each with its reason. Pure.

Precedence: front matter with what cascades add to it, the first matching rule, critical; but a page
that is shown in place of a translation is deferred. The `ttl` of a deferred page is sought in the
same order, and last in `[deferred]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ssg.model.glob import compile_glob
from ssg.model.page import ALWAYS_CRITICAL_KINDS, UNDATED, Kind, Wish
from ssg.model.settings import DeferredSettings, DeferRule

NO_WISH = Wish()
SECONDS_PER_DAY = 86_400


class Candidate(NamedTuple):
    """What the plan looks at of a page."""

    id: int
    path: str
    kind: str
    source: str | None
    parent_id: int | None
    date_key: int
    language: str = ""

    @property
    def matched_text(self) -> str:
        """What a rule's glob is held against: the source, or the path of a generated page."""
        return self.source or self.path.strip("/")


class Decision(NamedTuple):
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
    settings: DeferredSettings,
    now: dt.datetime,
) -> Iterator[Decision]:
    """A decision for every candidate, in their order.

    `wishes` are those of front matter and cascades, by page id. `now` is the build's clock.
    """
    by_id = {page.id: page for page in candidates if page.kind in {Kind.SECTION, Kind.TERM}}
    rules = [
        _prepare(rule, number, candidates, now) for number, rule in enumerate(settings.rules, 1)
    ]
    twins = {page.parent_id for page in candidates if page.kind == Kind.MARKDOWN}
    decided: dict[int | None, Decision] = {}
    for page in candidates:
        if page.kind == Kind.MARKDOWN:  # it stands behind the page that it repeats
            yield decided[page.parent_id]._replace(page_id=page.id)
            continue
        owner = by_id.get(page.parent_id or 0, page) if page.kind == Kind.PAGER else page
        wish = wishes.get(owner.id, NO_WISH)
        decision = _decide_one(page, wish, rules, settings)
        if page.id in twins:
            decided[page.id] = decision
        yield decision


def _decide_one(
    page: Candidate,
    wish: Wish,
    rules: Sequence[_Rule],
    settings: DeferredSettings,
) -> Decision:
    if page.kind in ALWAYS_CRITICAL_KINDS:
        return Decision(page.id, False, None, "always critical")
    rule = next((rule for rule in rules if _matches(rule, page)), None)
    rule_ttl = rule.settings.ttl_seconds if rule else None
    ttl = _first(wish.ttl_seconds, rule_ttl, settings.ttl_seconds)
    if wish.deferred is not None:
        reason = f"cascade from {wish.origin}" if wish.origin else "front matter"
        return _decision(page, wish.deferred, ttl, reason)
    if rule is None and page.kind == Kind.FALLBACK:
        return _decision(page, True, ttl, "it is not translated")
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
    words += [f'language "{rule.language}"'] if rule.language else []
    words += [f"older than {rule.older_than_days}d"] if rule.older_than_days is not None else []
    return f"rule {number} ({', '.join(words)})"


def _is_meant(rule: DeferRule, page: Candidate) -> bool:
    """Whether a rule speaks of a page at all. Without `kind` it speaks of Markdown pages."""
    if page.kind != (rule.kind or Kind.PAGE) or rule.language not in {None, page.language}:
        return False
    return rule.match is None or bool(compile_glob(rule.match).fullmatch(page.matched_text))


def _matches(rule: _Rule, page: Candidate) -> bool:
    """Whether a rule decides: it means the page, which is old enough or among the newest kept."""
    if not _is_meant(rule.settings, page):
        return False
    if rule.oldest_date_key is None or page.id in rule.newest_ids:
        return True
    return rule.oldest_date_key < page.date_key < UNDATED
