"""Checks a whole site.

The check needs a compiled site (`CompiledSite`), not a built one: it renders pages itself, so that
deferred pages are checked, too. Its steps are:

1. Worker processes render the pages in chunks and scan the HTML of each (`page_scan`,
   `html_scan`). A `AddressResolver` decides for every link what answers at its address: a page, a
   file, an alias, a redirect rule, another site, or nothing.
2. Whether a link to a part of a page is dead depends on the ids of that page, which another worker
   may have scanned. So these links are collected, and compared with all ids at the end. With
   `--sample`, pages that are not in the sample but are the target of such a link are rendered for
   their ids only.
3. Addresses of other sites are requested, if that is wanted (`external_links`).
4. Each finding names the line to change, as far as it can be found (`source_locations`), and the
   same finding on many pages is reported once.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.build.inspect.dry_run import CompiledSite
from ssg.build.inspect.route_checks import findings as rule_findings
from ssg.build.inspect.route_checks import routes_of
from ssg.build.render.workers import Workers, workers
from ssg.build.stages import Observer
from ssg.check.address_resolver import AddressResolver, LinkContext
from ssg.check.copied_links import copied_links
from ssg.check.external_links import ExternalLinkResult, ExternalLinkState, FetchStatus, check_links
from ssg.check.finding import CheckFinding, CheckKind, CheckReport, Coverage, in_order
from ssg.check.page_scan import AnchorLink, PageScan, PageScanner, chunks, is_html, merge_scans
from ssg.check.recorded_scan import scan_recorded
from ssg.check.source_locations import SourceLocations
from ssg.check.style_sheets import style_findings
from ssg.model.errors import did_you_mean
from ssg.model.page import Page
from ssg.model.settings import LinkCheckerSettings
from ssg.model.urls import canonical_path, output_file
from ssg.targets.target import HostRules

MIN_CHUNKS_FOR_WORKERS = 3
"""Fewer chunks than this are scanned in this process: starting others takes longer."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """Options of a check that are not in the configuration."""

    sample: int | None = None
    """The number of deferred pages to check, evenly spread; None means all."""
    ignore: tuple[str, ...] = ()
    """Globs of addresses to skip: whole URLs, or paths of the site."""
    replay: Path | None = None
    """A folder of recorded answers: the live pages that have asked for them are checked, too."""
    external: FetchStatus | None = None
    """Requests an address of another site; None means that other sites are not checked."""


def check(compiled: CompiledSite, options: CheckOptions, observer: Observer) -> CheckReport:
    """Check a site. The findings are sorted."""
    routes = routes_of(compiled)
    context = _link_context(compiled, routes, options.ignore)
    pages = [page for page in compiled.site.all_pages() if is_html(page)]
    chosen = _sampled(pages, options.sample)
    env = compiled.options.env
    scanning = contextlib.closing(PageScanner(compiled.database, context, env))
    with workers() as pool, scanning as scanner:
        scan = _scan(pool, scanner, [page.id for page in chosen], observer)
        others = _unscanned_targets(compiled, scan)
        live = scan_recorded(compiled, scanner, options.replay) if options.replay else PageScan()
        scan = merge_scans([scan, live, PageScan(_scan(pool, scanner, others, observer).ids)])
    results = _request_external(scan, options, compiled.project.settings.link_checker, observer)
    findings = [
        *(CheckFinding.of(CheckKind.SOURCE, problem) for problem in compiled.scan.warnings),
        *(
            CheckFinding.of(CheckKind.REDIRECT, problem)
            for problem in rule_findings(compiled, routes)
        ),
        *style_findings(
            compiled.scan.copies, AddressResolver(compiled.site, context), compiled.project.root
        ),
        *page_findings(compiled, scan),
        *_external_findings(compiled, scan, results),
    ]
    return CheckReport(
        tuple(in_order(findings)), _coverage(pages, chosen, scan, results, len(live.ids))
    )


def page_findings(compiled: CompiledSite, scan: PageScan) -> Iterator[CheckFinding]:
    """Findings on pages."""
    locations = SourceLocations(compiled)
    for problem, pages in scan.problems.items():
        yield CheckFinding(
            CheckKind.RENDER, problem.message, problem.where, tuple(pages), problem.hint
        )
    yield from _dead_links(compiled, scan, locations)
    yield from _redirected_links(scan, locations)
    yield from _dead_anchors(scan, locations)
    for fault, pages in scan.image_faults.items():
        where = locations.of_address(fault.url, fault.path, pages)
        yield CheckFinding(fault.kind, fault.message, where, tuple(pages), fault.hint)
    for name, pages in scan.duplicates.items():
        message = f'the id "{name}" occurs more than once on a page'
        yield CheckFinding(CheckKind.ID, message, locations.of_id(name, pages), tuple(pages))


def _dead_links(
    compiled: CompiledSite, scan: PageScan, locations: SourceLocations
) -> Iterator[CheckFinding]:
    known = [page.path for page in compiled.site.all_pages()] if scan.dead_links else []
    copied, rest = copied_links(scan.dead_links, locations)
    for url, (links, where) in copied.items():
        kind = CheckKind.FILE if links[0].is_file else CheckKind.LINK
        on = tuple(page for link in links for page in scan.dead_links[link])
        message = f"the relative address {url} leads elsewhere on each page, and nowhere"
        hint = _absolute_form(url, known)
        yield CheckFinding(kind, message, where, tuple(dict.fromkeys(on)), hint)
    for link, pages in rest.items():
        kind = CheckKind.FILE if link.is_file else CheckKind.LINK
        what = "there is no file" if link.is_file else "there is nothing at"
        where = locations.of_address(link.url, link.path, pages)
        hint = did_you_mean(link.path, known)
        yield CheckFinding(kind, f"{what} {link.path}", where, tuple(pages), hint)


def _redirected_links(scan: PageScan, locations: SourceLocations) -> Iterator[CheckFinding]:
    copied, rest = copied_links(scan.slash_links, locations)
    for url, (links, where) in copied.items():
        on = tuple(dict.fromkeys(page for link in links for page in scan.slash_links[link]))
        message = f"{url} lacks the final slash, and redirects"
        yield CheckFinding(CheckKind.REDIRECTED, message, where, on)
    for link, pages in rest.items():
        where = locations.of_address(link.url, link.path.rstrip("/"), pages)
        message = f"{link.path.rstrip('/')} redirects to {link.path}"
        hint = f"Write {link.path}"
        yield CheckFinding(CheckKind.REDIRECTED, message, where, tuple(pages), hint)


def _absolute_form(url: str, known: Sequence[str]) -> str | None:
    """The hint for a relative address that would be right at the top of the site."""
    path = canonical_path("/" + url.partition("#")[0].partition("?")[0].lstrip("./"))
    return f"Write {path}" if path in known else did_you_mean(path, known)


def _is_dead(link: AnchorLink, scan: PageScan) -> bool:
    ids = scan.ids.get(link.path)
    return ids is not None and link.anchor not in ids and link.anchor.lower() != "top"


def _dead_anchors(scan: PageScan, locations: SourceLocations) -> Iterator[CheckFinding]:
    dead = {link: pages for link, pages in scan.anchor_links.items() if _is_dead(link, scan)}
    copied, rest = copied_links(dead, locations)
    for url, (links, where) in copied.items():
        on = tuple(dict.fromkeys(page for link in links for page in dead[link]))
        message = f"there is no anchor for {url}"
        yield CheckFinding(CheckKind.ANCHOR, message, where, on)
    for link, pages in rest.items():
        ids = scan.ids.get(link.path)
        if ids is not None:
            where = locations.of_address(link.url, f"{link.path}#{link.anchor}", pages)
            message = f"{link.path} has no anchor #{link.anchor}"
            hint = did_you_mean(link.anchor, ids)
            yield CheckFinding(CheckKind.ANCHOR, message, where, tuple(pages), hint)


def _link_context(
    compiled: CompiledSite, routes: HostRules, ignore: tuple[str, ...]
) -> LinkContext:
    copied = {copy.destination for copy in compiled.scan.copies}
    old = {output_file(alias.path) for alias in compiled.scan.aliases}
    own = (*routes.user, *routes.later)
    return LinkContext(
        frozenset(copied | old), own, (*compiled.project.settings.link_checker.ignore, *ignore)
    )


def _sampled(pages: Sequence[Page], count: int | None) -> list[Page]:
    """All critical pages and `count` of the deferred ones, evenly spread over the site."""
    deferred = [page for page in pages if page.deferred]
    if count is None or count >= len(deferred):
        return list(pages)
    chosen = {deferred[number * len(deferred) // count].id for number in range(count)}
    return [page for page in pages if not page.deferred or page.id in chosen]


def _scan(pool: Workers, scanner: PageScanner, ids: Sequence[int], observer: Observer) -> PageScan:
    parts, page_chunks = [], chunks(ids)
    if page_chunks:
        observer.begin("read", len(ids))
    for part, page_chunk in zip(
        pool.map(scanner, page_chunks, MIN_CHUNKS_FOR_WORKERS), page_chunks, strict=True
    ):
        observer.advance(len(page_chunk))
        parts.append(part)
    return merge_scans(parts)


def _unscanned_targets(compiled: CompiledSite, scan: PageScan) -> list[int]:
    """Pages outside the sample to whose parts other pages link."""
    paths = sorted({link.path for link in scan.anchor_links} - scan.ids.keys())
    pages = (compiled.site.page_at(path) for path in paths)
    return [page.id for page in pages if page is not None and is_html(page)]


def _request_external(
    scan: PageScan, options: CheckOptions, settings: LinkCheckerSettings, observer: Observer
) -> list[ExternalLinkResult]:
    if options.external is None:
        return []
    observer.begin("ask", len(scan.external))
    results = []
    for result in check_links(scan.external, settings, options.external):
        observer.advance(1)
        results.append(result)
    return results


def _external_findings(
    compiled: CompiledSite, scan: PageScan, results: Sequence[ExternalLinkResult]
) -> Iterator[CheckFinding]:
    locations = SourceLocations(compiled)
    for result in results:
        if result.state is ExternalLinkState.DEAD:
            pages = scan.external[result.url]
            where = locations.of_address(result.url, result.url, pages)
            message = f"{result.url} does not answer: {result.reason}"
            yield CheckFinding(CheckKind.EXTERNAL, message, where, tuple(pages))


def _coverage(
    pages: Sequence[Page],
    chosen: Sequence[Page],
    scan: PageScan,
    results: Sequence[ExternalLinkResult],
    live: int,
) -> Coverage:
    deferred = sum(bool(page.deferred) for page in chosen)
    return Coverage(
        critical=len(chosen) - deferred,
        deferred=deferred,
        live=live,
        deferred_in_all=sum(bool(page.deferred) for page in pages),
        links=len(scan.inside),
        external=len(scan.external),
        asked=len(results),
        refused=sum(result.state is ExternalLinkState.REFUSED for result in results),
    )
