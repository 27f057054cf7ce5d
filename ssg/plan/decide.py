"""Decides for each page whether it is critical or deferred, with the reason.

The first of these that applies decides: a section with `redirect_to` is never deferred, since it
has no page to render; pages for programs are always critical; `deferred` in front
matter or a cascade (`DeferOverride`); the first rule of the configuration that matches; a fallback
page is deferred, because it is not translated; any other page is critical. Each of the cache
options of a deferred page (`ttl`, `stale`, `cache_tags`) comes from the override, else from the
rule, else from `[deferred]`. A pager has the override of its list, and a Markdown twin has the
decision of its page.

A rule with `keep_newest` or `popular` depends on all pages that it matches, so rules are prepared
against all candidates before the first decision. Nothing here reads files, a database or the clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import nsmallest
from typing import NamedTuple

from ssg.model.cache_options import CacheOptions
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.glob import compile_glob
from ssg.model.page import ALWAYS_CRITICAL_KINDS, UNDATED, DeferOverride, PageKind
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.plan.rule_name import rule_name


class PlanCandidate(NamedTuple):
    """What the plan needs to know of a page.

    The globs of rules match `name`: the source, or for a page without one the path without the
    slashes around it.
    """

    id: int
    name: str
    kind: str
    parent_id: int | None
    date_key: int
    language: str = ""
    redirects: bool = False
    requests: int = 0
    """In the logs that were counted."""


class PlanDecision(NamedTuple):
    """The decision for a page, by columns. A critical page has no cache options."""

    deferred: bool
    reason: str
    ttl_seconds: int | None = None
    stale_seconds: int | None = None
    cache_tags: str = ""


_ALWAYS_CRITICAL = PlanDecision(False, "always critical")
_REDIRECTS = PlanDecision(False, "it redirects")
_NO_RULE = PlanDecision(False, "no rule defers it")


@dataclass(frozen=True, slots=True)
class _Rule:
    """A prepared rule: the pages that it matches, and its decision for them."""

    kind: str
    language: str | None
    matches: Callable[[str], object] | None
    oldest_date_key: int | None
    options: CacheOptions
    """Its own, and those of `[deferred]` for the others."""
    decision: PlanDecision
    kept: Mapping[int, PlanDecision] = field(default_factory=dict)
    """The decisions for pages that stay critical, the newest and the most read, by their ids."""

    def matches_page(self, page: PlanCandidate) -> bool:
        """Whether kind, language and glob match a page."""
        if (
            page.redirects
            or page.kind != self.kind
            or (self.language is not None and self.language != page.language)
        ):
            return False
        return self.matches is None or bool(self.matches(page.name))

    def decides(self, page: PlanCandidate) -> bool:
        """Whether it matches a page that is old enough, or one that stays critical."""
        if not self.matches_page(page):
            return False
        if self.oldest_date_key is None or page.id in self.kept:
            return True
        return self.oldest_date_key < page.date_key < UNDATED


def decide(
    candidates: Sequence[PlanCandidate],
    defer_overrides: Mapping[int, DeferOverride],
    settings: DeferredSettings,
    now: dt.datetime,
    default_language: str = "",
) -> Iterator[PlanDecision]:
    """A decision for each candidate, in their order. Equal decisions are mostly one object.

    `defer_overrides` are by page id. `now` is the time of the build. Rules may name
    `default_language`, for which candidates have ''.
    """
    rules = []
    for number, written in enumerate(settings.rules, 1):
        rule = _prepare(written, number, settings, now)
        if written.language == default_language:
            rule = replace(rule, language="")
        rules.append(replace(rule, kept=_kept(rule, written, number, candidates)))
    markdown, pager = PageKind.MARKDOWN, PageKind.PAGER
    twins = {page.parent_id for page in candidates if page.kind == markdown}
    decided: dict[int | None, PlanDecision] = {}
    for page in candidates:
        if page.kind == markdown:  # it comes after its page, by id
            yield decided[page.parent_id]
            continue
        owner_id = page.parent_id if page.kind == pager else page.id
        decision = _decide_one(page, defer_overrides.get(owner_id or 0), rules, settings)
        if page.id in twins:
            decided[page.id] = decision
        yield decision


def _decide_one(
    page: PlanCandidate,
    override: DeferOverride | None,
    rules: Sequence[_Rule],
    default: CacheOptions,
) -> PlanDecision:
    if page.redirects:
        return _REDIRECTS
    if page.kind in ALWAYS_CRITICAL_KINDS:
        return _ALWAYS_CRITICAL
    for rule in rules:
        if rule.decides(page):
            decision = rule.kept.get(page.id, rule.decision)
            return _overridden(decision, override, rule.options) if override else decision
    decision = _NO_RULE
    if page.kind == PageKind.FALLBACK:
        decision = _decision(True, "it is not translated", default)
    return _overridden(decision, override, default) if override else decision


def _overridden(
    decision: PlanDecision, override: DeferOverride, default: CacheOptions
) -> PlanDecision:
    """A decision with the override of the page."""
    deferred, reason = decision.deferred, decision.reason
    if override.deferred is not None:
        deferred = override.deferred
        origin = override.origins.get("deferred")
        reason = f"cascade from {origin}" if origin else "front matter"
    return _decision(deferred, reason, override.or_else(default) if deferred else default)


def _decision(deferred: bool, reason: str, options: CacheOptions) -> PlanDecision:
    if not deferred:
        return PlanDecision(False, reason)
    tags = " ".join(options.cache_tags or ())
    return PlanDecision(True, reason, options.ttl_seconds, options.stale_seconds, tags)


def _prepare(rule: DeferRule, number: int, default: CacheOptions, now: dt.datetime) -> _Rule:
    """A rule without `kind` is for Markdown pages."""
    oldest, options = None, rule.or_else(default)
    if rule.older_than_days is not None:
        oldest = -int(now.timestamp() - rule.older_than_days * SECONDS_PER_DAY)
    return _Rule(
        kind=rule.kind or PageKind.PAGE,
        language=rule.language,
        matches=compile_glob(rule.match).fullmatch if rule.match is not None else None,
        oldest_date_key=oldest,
        options=options,
        decision=_decision(rule.deferred, rule_name(rule, number), options),
    )


def _kept(
    rule: _Rule, written: DeferRule, number: int, candidates: Iterable[PlanCandidate]
) -> dict[int, PlanDecision]:
    """The decisions for the newest and the most read pages of a rule. Ties go by page id."""
    if not (written.keep_newest or written.popular):
        return {}
    pages = [page for page in candidates if rule.matches_page(page)]
    name = rule_name(written, number)
    read = ((-page.requests, page.id) for page in pages if page.requests)
    most_read = PlanDecision(False, f"{name} keeps the most read {written.popular}")
    newest = PlanDecision(False, f"{name} keeps the newest {written.keep_newest}")
    kept = {page_id: most_read for _, page_id in nsmallest(written.popular, read)}
    dated = ((page.date_key, page.id) for page in pages)
    return kept | {page_id: newest for _, page_id in nsmallest(written.keep_newest, dated)}
