"""The dashboard's HTML page: collect what its template needs, and render it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import jinja2

from ssg.edge.app import DeployEffect
from ssg.edge.events import SourceOutcome
from ssg.edge.host_headers import consumed_headers
from ssg.edge.served_deployment import ServedDeployment
from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.model.pluralize import counted
from ssg.model.urls import output_file, quote_path
from ssg.preview.counters import BIN_COUNT, BIN_SECONDS, PathCounters, RequestOutcome
from ssg.preview.dashboard import build_facts, formatting, plots
from ssg.preview.dashboard.actions import ActionResult
from ssg.preview.dashboard.live_pages import live_page_rows
from ssg.preview.dashboard.page_rows import PageRow, ShownTag, route_of, select, state_of
from ssg.preview.dashboard.page_table import ListedPage, PageCount, PageTable
from ssg.preview.dashboard.picture_facts import picture_context
from ssg.preview.dashboard.query import PAGE_SIZE, CacheState, DashboardQuery, PageTab, SortKey
from ssg.preview.debug_tools import DebugTools
from ssg.preview.deployment import BuildInfo, preview_deployment
from ssg.preview.live_reload import ShownProblem
from ssg.redirects.matching.match import resolve
from ssg.redirects.matching.request import RedirectRequest

MAX_CHANGED_TAGS = 100
"""More tags of a deploy are counted and not listed."""


@dataclass(frozen=True, slots=True)
class PageListing:
    """The part of the list of pages that one screen shows."""

    rows: tuple[PageRow, ...]
    count: PageCount
    last_page: int


@dataclass(frozen=True, slots=True)
class DashboardData:
    """The sources of what is shown."""

    served: ServedDeployment | None
    table: PageTable | None
    tools: DebugTools
    reported: tuple[ShownProblem, ...]
    token: str
    version: str
    run_id: str
    effect: DeployEffect | None = None
    tag_names: Mapping[str, str] = field(default_factory=dict)


def environment() -> jinja2.Environment:
    """Make the environment of the dashboard's templates. Everything is escaped."""
    templates = jinja2.Environment(
        loader=jinja2.PackageLoader("ssg.preview.dashboard", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters.update(
        size=formatting.size,
        duration=formatting.duration,
        span=formatting.span,
        counted=counted,
        number=formatting.number,
    )
    templates.globals.update(
        PageTab=PageTab, CacheState=CacheState, SortKey=SortKey, RequestOutcome=RequestOutcome
    )
    return templates


def render_dashboard(
    templates: jinja2.Environment,
    data: DashboardData,
    query: DashboardQuery,
    result: ActionResult | None,
) -> bytes:
    """Render the page as HTML."""
    return templates.get_template("page.html").render(context(data, query, result)).encode()


def context(
    data: DashboardData, query: DashboardQuery, result: ActionResult | None
) -> dict[str, Any]:
    """Return the variables of the template."""
    counters, clock = data.tools.counters, data.tools.clock
    now = clock.now()
    listing = list_pages(data, query, now)
    return {
        "data": data,
        "query": query,
        "result": result,
        "title": data.table.site_title if data.table else "",
        "facts": list(build_facts.facts(data.served, data.table, data.effect)),
        "has_tags": data.served is not None and data.served.deployment.capabilities.tags > 0,
        "changed_tags": changed_tags(data),
        "max_changed_tags": MAX_CHANGED_TAGS,
        "problems": build_facts.problems(data.served, data.reported),
        "clock": f"{formatting.local_time(now):%Y-%m-%d %H:%M:%S}",
        "offset_seconds": clock.offset_seconds,
        "armed": data.tools.fault.armed,
        "timeline": plots.timeline(counters.timeline()),
        "timeline_minutes": BIN_COUNT * BIN_SECONDS // 60,
        "totals": counters.totals(),
        "times": (times := plots.render_times(counters.histogram())),
        "times_summary": plots.summary(times),
        "axis_labels": plots.axis_labels(),
        "failing": len(counters.failing()),
        "listing": listing,
        **live_context(data, now),
        **picture_context(_info(data), data.tools.variants),
        "moment": lambda timestamp: formatting.moment(timestamp, now),
    }


def _info(data: DashboardData) -> BuildInfo | None:
    build = preview_deployment(data.served.deployment) if data.served else None
    return build.info if build else None


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source of data, and the fault that it was given."""

    name: str
    fault: str = ""


def live_context(data: DashboardData, now: float) -> dict[str, Any]:
    """The variables about live pages and their sources."""
    served, calls = data.served, data.tools.source_calls.newest()
    info = _info(data)
    names = info.sources if info else ()
    faults = data.tools.source_faults
    by_path = data.tools.counters.by_path()
    pages = live_page_rows(served, data.table, by_path, data.tag_names, now) if served else []
    return {
        "sources": [ShownSource(name, str(faults.of(name) or "")) for name in names],
        "source_calls": calls,
        "failed_calls": sum(call.record.outcome is SourceOutcome.FAILED for call in calls),
        "live_pages": pages,
    }


def changed_tags(data: DashboardData) -> list[ShownTag]:
    """The tags that the last deploy purged, those with names first."""
    changes = data.effect.changes if data.effect else None
    shown = [shown_tag(tag, data.tag_names) for tag in changes.tags] if changes else []
    return sorted(shown, key=lambda one: (not one.name, one.name, one.tag))


def shown_tag(tag: str, names: Mapping[str, str]) -> ShownTag:
    """A tag with its name."""
    return ShownTag(tag, names.get(tag, ""))


def list_pages(data: DashboardData, query: DashboardQuery, now: float) -> PageListing | None:
    """List the pages that a query selects; None if there is no site database."""
    served, table = data.served, data.table
    if served is None or table is None:
        return None
    counters_by_path = data.tools.counters.by_path()
    any_stale = served.deployment.capabilities.serves_any_stale
    cached = served.pages.entry_infos()
    selection = select(query, cached, counters_by_path, now, serves_any_stale=any_stale)
    count = table.count(selection)
    listed = table.page_slice(selection, query.offset, PAGE_SIZE)
    last_page = max(1, -(-count.number // PAGE_SIZE))
    return PageListing(
        tuple(rows(served, listed, counters_by_path, now, data.tag_names)), count, last_page
    )


def rows(
    served: ServedDeployment,
    listed: Iterable[ListedPage],
    counters_by_path: dict[str, PathCounters],
    now: float,
    tag_names: Mapping[str, str],
) -> Iterable[PageRow]:
    """Make the rows of these pages."""
    urls = {page: quote_path(page.path) for page in listed}
    cached = {entry.path: entry for entry in served.pages.entry_infos(urls.values())}
    for page, url in urls.items():
        counters = counters_by_path.get(url, PathCounters())
        one = row(served, page, url, cached.get(url), counters, now)
        yield with_caching(one, served, tag_names)


def row(
    served: ServedDeployment,
    page: ListedPage,
    url: str,
    cached: CacheEntryInfo | None,
    counters: PathCounters,
    now: float,
) -> PageRow:
    """Make the row of a page."""
    route = route_of(resolve(served.rules, RedirectRequest(url), served.files.find))
    build = preview_deployment(served.deployment)
    left_out = build.left_out.get(page.path) if build else None
    if page.deferred:
        any_stale = served.deployment.capabilities.serves_any_stale
        state = state_of(cached, now, serves_any_stale=any_stale)
        size = cached.body_bytes if cached else None
        return PageRow(page, url, route, state, cached, size, counters, left_out)
    file = served.files.locate(output_file(page.path))
    size = file.stat.st_size if file else None
    return PageRow(page, url, route, None, None, size, counters, left_out)


def with_caching(row: PageRow, served: ServedDeployment, tag_names: Mapping[str, str]) -> PageRow:
    """A row with the tags of its cached response, and what its function says to the cache."""
    deployment, cached = served.deployment, row.cached
    host = deployment.capabilities
    if cached is None or not host.tags:
        return row
    said = consumed_headers(cached.caching, host, deployment.cache_id)
    tags = tuple(shown_tag(tag, tag_names) for tag in cached.caching.tags)
    return replace(row, tags=tags, cache_headers=tuple(said.items()))
