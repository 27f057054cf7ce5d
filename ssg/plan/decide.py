"""Critical or deferred: the decision for every page, each with its reason. Pure.

Precedence: front matter with what cascades add to it, the first matching rule, critical; but a page
that is shown in place of a translation is deferred. The `ttl` of a deferred page is sought in the
same order, and last in `[deferred]`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nsmallest
from typing import NamedTuple

from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.glob import compile_glob
from ssg.model.page import ALWAYS_CRITICAL_KINDS, UNDATED, DeferOverride, PageKind
from ssg.model.settings import DeferredSettings, DeferRule


class PlanCandidate(NamedTuple):
    """What the plan looks at of a page. A rule's glob is held against its `name`: its source, or
    the path of a generated page without the slashes around it."""

    id: int
    name: str
    kind: str
    parent_id: int | None
    date_key: int
    language: str = ""


class PlanDecision(NamedTuple):
    """What becomes of a page, and why."""

    deferred: bool
    ttl_seconds: int | None
    reason: str


_FOR_MACHINES = PlanDecision(False, None, "always critical")
_NO_RULE = PlanDecision(False, None, "no rule defers it")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule made ready: the pages it means, and what it decides for all of them alike."""

    kind: str
    language: str | None
    matches: Callable[[str], object] | None
    oldest_date_key: int | None
    ttl_seconds: int | None
    decision: PlanDecision
    kept: PlanDecision
    """For the newest, which it keeps critical."""
    newest_ids: frozenset[int] = frozenset()

    def means(self, page: PlanCandidate) -> bool:
        """Whether it speaks of a page at all."""
        if page.kind != self.kind or (self.language is not None and self.language != page.language):
            return False
        return self.matches is None or bool(self.matches(page.name))

    def decides(self, page: PlanCandidate) -> bool:
        """Whether it means a page, which is old enough or among the newest kept."""
        if not self.means(page):
            return False
        if self.oldest_date_key is None or page.id in self.newest_ids:
            return True
        return self.oldest_date_key < page.date_key < UNDATED


def decide(
    candidates: Sequence[PlanCandidate],
    defer_overrides: Mapping[int, DeferOverride],
    settings: DeferredSettings,
    now: dt.datetime,
    default_language: str = "",
) -> Iterator[PlanDecision]:
    """A decision for every candidate, in their order. Equal ones are mostly the same object.

    `defer_overrides` are those of front matter and cascades, by page id. `now` is the build's
    clock. Rules may name `default_language`, for which candidates have ''.
    """
    rules = []
    for number, written in enumerate(settings.rules, 1):
        rule = _prepare(written, number, settings.ttl_seconds, now)
        if written.language == default_language:
            rule = replace(rule, language="")
        rules.append(_with_newest(rule, written.keep_newest, candidates))
    markdown, pager = PageKind.MARKDOWN, PageKind.PAGER
    twins = {page.parent_id for page in candidates if page.kind == markdown}
    decided: dict[int | None, PlanDecision] = {}
    for page in candidates:
        if page.kind == markdown:  # it stands behind the page that it repeats
            yield decided[page.parent_id]
            continue
        owner_id = page.parent_id if page.kind == pager else page.id
        decision = _decide_one(
            page, defer_overrides.get(owner_id or 0), rules, settings.ttl_seconds
        )
        if page.id in twins:
            decided[page.id] = decision
        yield decision


def _decide_one(
    page: PlanCandidate,
    override: DeferOverride | None,
    rules: Sequence[_Rule],
    ttl_seconds: int | None,
) -> PlanDecision:
    if page.kind in ALWAYS_CRITICAL_KINDS:
        return _FOR_MACHINES
    for rule in rules:
        if rule.decides(page):
            decision = rule.kept if page.id in rule.newest_ids else rule.decision
            return _overridden(decision, override, rule.ttl_seconds) if override else decision
    decision = _NO_RULE
    if page.kind == PageKind.FALLBACK:
        decision = PlanDecision(True, ttl_seconds, "it is not translated")
    return _overridden(decision, override, ttl_seconds) if override else decision


def _overridden(
    decision: PlanDecision, override: DeferOverride, ttl_seconds: int | None
) -> PlanDecision:
    """With what a page wants for itself. `ttl_seconds` is what it has where it does not say."""
    deferred, reason = decision.deferred, decision.reason
    if override.deferred is not None:
        deferred = override.deferred
        reason = f"cascade from {override.origin}" if override.origin else "front matter"
    own = ttl_seconds if override.ttl_seconds is None else override.ttl_seconds
    return PlanDecision(deferred, own if deferred else None, reason)


def _prepare(rule: DeferRule, number: int, ttl_seconds: int | None, now: dt.datetime) -> _Rule:
    """Without `kind` a rule speaks of Markdown pages, without `ttl` it has the one given here."""
    name, oldest = _name(rule, number), None
    own = ttl_seconds if rule.ttl_seconds is None else rule.ttl_seconds
    if rule.older_than_days is not None:
        oldest = -int(now.timestamp() - rule.older_than_days * SECONDS_PER_DAY)
    return _Rule(
        kind=rule.kind or PageKind.PAGE,
        language=rule.language,
        matches=compile_glob(rule.match).fullmatch if rule.match is not None else None,
        oldest_date_key=oldest,
        ttl_seconds=own,
        decision=PlanDecision(rule.deferred, own if rule.deferred else None, name),
        kept=PlanDecision(False, None, f"{name} keeps the newest {rule.keep_newest}"),
    )


def _with_newest(rule: _Rule, count: int, candidates: Iterable[PlanCandidate]) -> _Rule:
    if not count:
        return rule
    keys = ((page.date_key, page.id) for page in candidates if rule.means(page))
    return replace(rule, newest_ids=frozenset(number for _, number in nsmallest(count, keys)))


def _name(rule: DeferRule, number: int) -> str:
    words = [f'match "{rule.match}"'] if rule.match else []
    words += [f'kind "{rule.kind}"'] if rule.kind else []
    words += [f'language "{rule.language}"'] if rule.language else []
    words += [f"older than {rule.older_than_days}d"] if rule.older_than_days is not None else []
    return f"rule {number} ({', '.join(words)})"
