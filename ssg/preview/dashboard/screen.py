"""The dashboard's page: everything that its template needs, gathered and drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jinja2

from ssg.edge.app import Stage
from ssg.edge.cache_listing import Stored
from ssg.model.pluralize import counted
from ssg.model.urls import output_file, quote_path
from ssg.preview.counters import BIN_COUNT, BIN_SECONDS, Outcome, Tally
from ssg.preview.dashboard import facts, plots, wording
from ssg.preview.dashboard.actions import Told
from ssg.preview.dashboard.pages import Count, ListedPage, PageTable
from ssg.preview.dashboard.rows import Row, route_of, select, state_of
from ssg.preview.dashboard.view import PAGE_SIZE, Order, Show, State, View
from ssg.preview.instruments import Instruments
from ssg.preview.live_reload import ShownProblem
from ssg.redirects.matching.match import resolve
from ssg.redirects.matching.request import RedirectRequest


@dataclass(frozen=True, slots=True)
class Listing:
    """A screenful of the list of pages."""

    rows: tuple[Row, ...]
    count: Count
    last_page: int


@dataclass(frozen=True, slots=True)
class Screen:
    """What is shown beside the view: the build, the instruments, what went wrong."""

    stage: Stage | None
    table: PageTable | None
    instruments: Instruments
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
        size=wording.size,
        duration=wording.duration,
        span=wording.span,
        counted=counted,
        number=wording.number,
    )
    made.globals.update(Show=Show, State=State, Order=Order, Outcome=Outcome)
    return made


def draw(templates: jinja2.Environment, screen: Screen, view: View, told: Told | None) -> bytes:
    """The page as HTML."""
    return templates.get_template("page.html").render(context(screen, view, told)).encode()


def context(screen: Screen, view: View, told: Told | None) -> dict[str, Any]:
    """Everything that the template needs."""
    stats, clock = screen.instruments.stats, screen.instruments.clock
    now = clock.now()
    listing = list_pages(screen, view, now)
    return {
        "screen": screen,
        "view": view,
        "told": told,
        "title": screen.table.site_title if screen.table else "",
        "facts": list(facts.facts(screen.stage, screen.table)),
        "problems": facts.problems(screen.stage, screen.reported),
        "clock": f"{wording.local_time(now):%Y-%m-%d %H:%M:%S}",
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
        "moment": lambda timestamp: wording.moment(timestamp, now),
    }


def list_pages(screen: Screen, view: View, now: float) -> Listing | None:
    """The pages that a view asks for; None where there is no site database."""
    stage, table = screen.stage, screen.table
    if stage is None or table is None:
        return None
    tallies = screen.instruments.stats.tallies()
    selection = select(view, stage.pages.stored(), tallies, now)
    count = table.count(selection)
    listed = table.some(selection, view.offset, PAGE_SIZE)
    last_page = max(1, -(-count.number // PAGE_SIZE))
    return Listing(tuple(rows(stage, listed, tallies, now)), count, last_page)


def rows(
    stage: Stage, listed: Iterable[ListedPage], tallies: dict[str, Tally], now: float
) -> Iterable[Row]:
    """The lines of these pages."""
    urls = {page: quote_path(page.path) for page in listed}
    stored = {entry.path: entry for entry in stage.pages.stored(urls.values())}
    for page, url in urls.items():
        yield row(stage, page, url, stored.get(url), tallies.get(url, Tally()), now)


def row(
    stage: Stage, page: ListedPage, url: str, stored: Stored | None, tally: Tally, now: float
) -> Row:
    """The line of a page."""
    route = route_of(resolve(stage.rules, RedirectRequest(url), stage.files.find))
    left_out = stage.deployment.left_out.get(page.path)
    if page.deferred:
        size = stored.body_bytes if stored else None
        return Row(page, url, route, state_of(stored, now), stored, size, tally, left_out)
    file = stage.files.locate(output_file(page.path))
    size = file.stat.st_size if file else None
    return Row(page, url, route, None, None, size, tally, left_out)
