"""The dashboard's page: everything that its template needs, gathered and drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jinja2

from ssg.edge.app import Stage
from ssg.edge.cache_listing import CacheEntryInfo
from ssg.model.pluralize import counted
from ssg.model.urls import output_file, quote_path
from ssg.preview.counters import BIN_COUNT, BIN_SECONDS, PathCounters, RequestOutcome
from ssg.preview.dashboard import build_facts, formatting, plots
from ssg.preview.dashboard.actions import ActionResult
from ssg.preview.dashboard.pages import ListedPage, PageCount, PageTable
from ssg.preview.dashboard.query import PAGE_SIZE, CacheState, DashboardQuery, PageFilter, SortKey
from ssg.preview.dashboard.rows import PageRow, route_of, select, state_of
from ssg.preview.debug_tools import DebugTools
from ssg.preview.live_reload import ShownProblem
from ssg.redirects.matching.match import resolve
from ssg.redirects.matching.request import RedirectRequest


@dataclass(frozen=True, slots=True)
class PageListing:
    """A screenful of the list of pages."""

    rows: tuple[PageRow, ...]
    count: PageCount
    last_page: int


@dataclass(frozen=True, slots=True)
class DashboardData:
    """What is shown beside the view: the build, the instruments, what went wrong."""

    stage: Stage | None
    table: PageTable | None
    instruments: DebugTools
    reported: tuple[ShownProblem, ...]
    token: str
    version: str
    run_id: str


def environment() -> jinja2.Environment:
    """The dashboard's templates. A visitor's text is always escaped, a name never missing."""
    made = jinja2.Environment(
        loader=jinja2.PackageLoader("ssg.preview.dashboard", "."),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(
        size=formatting.size,
        duration=formatting.duration,
        span=formatting.span,
        counted=counted,
        number=formatting.number,
    )
    made.globals.update(
        PageFilter=PageFilter, CacheState=CacheState, SortKey=SortKey, RequestOutcome=RequestOutcome
    )
    return made


def draw(
    templates: jinja2.Environment,
    screen: DashboardData,
    view: DashboardQuery,
    told: ActionResult | None,
) -> bytes:
    """The page as HTML."""
    return templates.get_template("page.html").render(context(screen, view, told)).encode()


def context(
    screen: DashboardData, view: DashboardQuery, told: ActionResult | None
) -> dict[str, Any]:
    """Everything that the template needs."""
    stats, clock = screen.instruments.stats, screen.instruments.clock
    now = clock.now()
    listing = list_pages(screen, view, now)
    return {
        "screen": screen,
        "view": view,
        "told": told,
        "title": screen.table.site_title if screen.table else "",
        "facts": list(build_facts.facts(screen.stage, screen.table)),
        "problems": build_facts.problems(screen.stage, screen.reported),
        "clock": f"{formatting.local_time(now):%Y-%m-%d %H:%M:%S}",
        "offset_seconds": clock.offset_seconds,
        "armed": screen.instruments.trap.armed,
        "timeline": plots.timeline(stats.timeline()),
        "timeline_minutes": BIN_COUNT * BIN_SECONDS // 60,
        "totals": stats.totals(),
        "times": (times := plots.render_times(stats.histogram())),
        "times_summary": plots.summary(times),
        "axis_labels": plots.axis_labels(),
        "failing": len(stats.failing()),
        "listing": listing,
        "moment": lambda timestamp: formatting.moment(timestamp, now),
    }


def list_pages(screen: DashboardData, view: DashboardQuery, now: float) -> PageListing | None:
    """The pages that a view asks for; None where there is no site database."""
    stage, table = screen.stage, screen.table
    if stage is None or table is None:
        return None
    tallies = screen.instruments.stats.tallies()
    selection = select(view, stage.pages.entry_infos(), tallies, now)
    count = table.count(selection)
    listed = table.some(selection, view.offset, PAGE_SIZE)
    last_page = max(1, -(-count.number // PAGE_SIZE))
    return PageListing(tuple(rows(stage, listed, tallies, now)), count, last_page)


def rows(
    stage: Stage, listed: Iterable[ListedPage], tallies: dict[str, PathCounters], now: float
) -> Iterable[PageRow]:
    """The lines of these pages."""
    urls = {page: quote_path(page.path) for page in listed}
    stored = {entry.path: entry for entry in stage.pages.entry_infos(urls.values())}
    for page, url in urls.items():
        yield row(stage, page, url, stored.get(url), tallies.get(url, PathCounters()), now)


def row(
    stage: Stage,
    page: ListedPage,
    url: str,
    stored: CacheEntryInfo | None,
    tally: PathCounters,
    now: float,
) -> PageRow:
    """The line of a page."""
    route = route_of(resolve(stage.rules, RedirectRequest(url), stage.files.find))
    left_out = stage.deployment.left_out.get(page.path)
    if page.deferred:
        size = stored.body_bytes if stored else None
        return PageRow(page, url, route, state_of(stored, now), stored, size, tally, left_out)
    file = stage.files.locate(output_file(page.path))
    size = file.stat.st_size if file else None
    return PageRow(page, url, route, None, None, size, tally, left_out)
