"""The check of a whole site, as a recipe: look at all pages, then at what they ask for."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ssg.build.inspect.dry_run import Look
from ssg.build.inspect.route_checks import findings as rule_findings
from ssg.build.inspect.route_checks import routes_of
from ssg.build.pipeline import Observer
from ssg.build.render.workers import Workers, workers
from ssg.check.external_links import ExternalLinkResult, ExternalLinkState, FetchStatus, check_links
from ssg.check.finding import CheckFinding, CheckKind, CheckReport, Coverage, in_order
from ssg.check.link_resolver import LinkContext, LinkResolver
from ssg.check.page_scan import PageScan, PageScanner, chunks, is_html, joined
from ssg.check.source_locations import SourceLocations
from ssg.check.style_sheets import style_findings
from ssg.model.errors import did_you_mean
from ssg.model.page import Page
from ssg.model.settings import LinkCheckerSettings
from ssg.model.urls import output_file
from ssg.targets.target import HostRules

ALONE_BELOW = 3
"""Fewer chunks of pages are looked over sooner than other processes start."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a check is to do beside the configuration."""

    sample: int | None = None
    """So many deferred pages, evenly spread, instead of all."""
    ignore: tuple[str, ...] = ()
    """Globs of addresses that are not looked at: whole URLs, or paths of the site."""
    external: FetchStatus | None = None
    """Asks other sites; None: they are left alone."""


def check(look: Look, wanted: CheckOptions, observer: Observer) -> CheckReport:
    """Look a site over. The findings are in order."""
    routes = routes_of(look)
    beside = _beside(look, routes, wanted.ignore)
    pages = [page for page in look.site.all_pages() if is_html(page)]
    chosen = _sampled(pages, wanted.sample)
    with workers() as pool, contextlib.closing(PageScanner(look.database, beside)) as reader:
        seen = _read(pool, reader, [page.id for page in chosen], observer)
        unread = _unread_targets(look, seen)
        seen = joined([seen, _ids_only(_read(pool, reader, unread, observer))])
    verdicts = _ask(seen, wanted, look.project.settings.link_checker, observer)
    findings = [
        *(CheckFinding.of(CheckKind.SOURCE, problem) for problem in look.found.warnings),
        *(CheckFinding.of(CheckKind.REDIRECT, problem) for problem in rule_findings(look, routes)),
        *style_findings(look.found.copies, LinkResolver(look.site, beside), look.project.root),
        *page_findings(look, seen),
        *_external_findings(look, seen, verdicts),
    ]
    return CheckReport(tuple(in_order(findings)), _coverage(pages, chosen, seen, verdicts))


def page_findings(look: Look, seen: PageScan) -> Iterator[CheckFinding]:
    """What is wrong with pages."""
    places = SourceLocations(look)
    for problem, pages in seen.problems.items():
        yield CheckFinding(
            CheckKind.RENDER, problem.message, problem.where, tuple(pages), problem.hint
        )
    known = [page.path for page in look.site.all_pages()] if seen.missing else []
    for missing, pages in seen.missing.items():
        kind = CheckKind.FILE if missing.is_file else CheckKind.LINK
        what = "there is no file" if missing.is_file else "there is nothing at"
        where = places.of_address(missing.url, missing.path, pages)
        hint = did_you_mean(missing.path, known)
        yield CheckFinding(kind, f"{what} {missing.path}", where, tuple(pages), hint)
    for asked, pages in seen.asked.items():
        ids = seen.ids.get(asked.path)
        if ids is not None and asked.anchor not in ids and asked.anchor.lower() != "top":
            where = places.of_address(asked.url, f"{asked.path}#{asked.anchor}", pages)
            message = f"{asked.path} has no part #{asked.anchor}"
            hint = did_you_mean(asked.anchor, ids)
            yield CheckFinding(CheckKind.ANCHOR, message, where, tuple(pages), hint)
    for name, pages in seen.duplicates.items():
        message = f'the id "{name}" stands twice on a page'
        yield CheckFinding(CheckKind.ID, message, places.of_id(name, pages), tuple(pages))


def _beside(look: Look, routes: HostRules, ignore: tuple[str, ...]) -> LinkContext:
    copied = {copy.destination for copy in look.found.copies}
    old = {output_file(alias.path) for alias in look.found.aliases}
    own = (*routes.user, *routes.later)
    return LinkContext(
        frozenset(copied | old), own, (*look.project.settings.link_checker.ignore, *ignore)
    )


def _sampled(pages: Sequence[Page], count: int | None) -> list[Page]:
    """All critical pages, and so many of the deferred ones, evenly spread over the site."""
    deferred = [page for page in pages if page.deferred]
    if count is None or count >= len(deferred):
        return list(pages)
    chosen = {deferred[number * len(deferred) // count].id for number in range(count)}
    return [page for page in pages if not page.deferred or page.id in chosen]


def _read(pool: Workers, reader: PageScanner, ids: Sequence[int], observer: Observer) -> PageScan:
    parts, orders = [], chunks(ids)
    if orders:
        observer.begin("read", len(ids))
    for part, order in zip(pool.map(reader, orders, ALONE_BELOW), orders, strict=True):
        observer.advance(len(order))
        parts.append(part)
    return joined(parts)


def _unread_targets(look: Look, seen: PageScan) -> list[int]:
    """Pages that were left out of a sample, and of which others name a part."""
    paths = sorted({asked.path for asked in seen.asked} - seen.ids.keys())
    pages = (look.site.page_at(path) for path in paths)
    return [page.id for page in pages if page is not None and is_html(page)]


def _ids_only(seen: PageScan) -> PageScan:
    return PageScan(seen.ids)


def _ask(
    seen: PageScan, wanted: CheckOptions, settings: LinkCheckerSettings, observer: Observer
) -> list[ExternalLinkResult]:
    if wanted.external is None:
        return []
    observer.begin("ask", len(seen.external))
    verdicts = []
    for verdict in check_links(seen.external, settings, wanted.external):
        observer.advance(1)
        verdicts.append(verdict)
    return verdicts


def _external_findings(
    look: Look, seen: PageScan, verdicts: Sequence[ExternalLinkResult]
) -> Iterator[CheckFinding]:
    places = SourceLocations(look)
    for verdict in verdicts:
        if verdict.state is ExternalLinkState.DEAD:
            pages = seen.external[verdict.url]
            where = places.of_address(verdict.url, verdict.url, pages)
            message = f"{verdict.url} does not answer: {verdict.reason}"
            yield CheckFinding(CheckKind.EXTERNAL, message, where, tuple(pages))


def _coverage(
    pages: Sequence[Page],
    chosen: Sequence[Page],
    seen: PageScan,
    verdicts: Sequence[ExternalLinkResult],
) -> Coverage:
    deferred = sum(bool(page.deferred) for page in chosen)
    return Coverage(
        critical=len(chosen) - deferred,
        deferred=deferred,
        deferred_in_all=sum(bool(page.deferred) for page in pages),
        links=len(seen.inside),
        external=len(seen.external),
        asked=len(verdicts),
        refused=sum(verdict.state is ExternalLinkState.REFUSED for verdict in verdicts),
    )
