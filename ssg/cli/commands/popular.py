"""`ssg popular LOG...`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ssg.cli import options
from ssg.model.durations import seconds_of
from ssg.model.pluralize import counted

if TYPE_CHECKING:
    from ssg.config.load import Project
    from ssg.model.errors import Problem
    from ssg.popularity.popular_pages import PopularPages
    from ssg.popularity.read_logs import ReadReport
    from ssg.popularity.request_count import RequestCount

LIMIT = 10_000
DEPLOYS = 30
MINUTE = 60

LogsArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="LOG...", help="Access logs, packed by gzip or not; - is standard input."
    ),
]
FormatOption = Annotated[
    str | None,
    typer.Option(
        "--format",
        help="ssg-json, ssg-text, combined, goaccess, plausible or ga4.",
        show_default="found by the content",
    ),
]
SinceOption = Annotated[
    str | None,
    typer.Option(
        "--since", metavar="SPAN", help="Count only requests of this span of time: 30d, 12h."
    ),
]
LimitOption = Annotated[
    int, typer.Option("--limit", min=1, help="The number of pages that the file names.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option("--output", help="The file to write.", show_default="data/popular.json"),
]


WhatIfOption = Annotated[
    bool,
    typer.Option(
        "--what-if",
        help="Show what plans would cost, by the logs or by the file. Writes nothing.",
    ),
]
DeploysOption = Annotated[
    int, typer.Option("--deploys-per-month", min=1, max=5_000, help="For --what-if.")
]
DaysOption = Annotated[
    float | None,
    typer.Option(
        "--days",
        min=0.01,
        help="For --what-if: the days of logs that do not say them.",
        show_default="30",
    ),
]
PlotOption = Annotated[
    Path | None, typer.Option("--plot", metavar="FILE.svg", help="For --what-if: draw the costs.")
]


def popular(
    logs: LogsArgument = None,
    form: FormatOption = None,
    since: SinceOption = None,
    limit: LimitOption = LIMIT,
    output: OutputOption = None,
    what_if: WhatIfOption = False,
    deploys_per_month: DeploysOption = DEPLOYS,
    days: DaysOption = None,
    plot: PlotOption = None,
    root: options.RootOption = Path(),
    config: options.ConfigOption = None,
    target: options.TargetOption = None,
    json: options.JsonOption = False,
    quiet: options.QuietOption = False,
    debug: options.DebugOption = False,  # noqa: ARG001 read by main()
) -> None:
    """Count in access logs which pages people read, and write data/popular.json.

    Nothing of a visitor is written: the file has paths and numbers.
    """
    from ssg.cli.console import print_json, print_warnings
    from ssg.popularity.popular_pages import POPULAR_FILE, PopularPages

    project = options.read_project(root, config, target=target)
    place = output or root / POPULAR_FILE
    start = _start(project, form, since)
    if what_if:
        _show_costs(project, logs or [], form, start, place, deploys_per_month, days, plot, json)
        return
    if not logs:
        raise typer.BadParameter("give at least one log; - is standard input")
    count, report = _counted(project, logs, form, start)
    found = PopularPages.of(count, project.settings.site.routes, limit)
    _write(place, found.to_json())
    print_warnings([*report.warnings, *_nothing(report, found, place)])
    if json:
        print_json(_report_json(count, report, found, place))
    elif not quiet:
        _print_report(count, report, found, place)


def _start(project: Project, form: str | None, since: str | None) -> int | None:
    """The minute before which requests are too old. Checks the options."""
    from ssg.build.clock import build_time
    from ssg.popularity.log_format import FORMATS

    if form is not None and form not in FORMATS:
        raise typer.BadParameter(f"--format is one of {', '.join(FORMATS)}")
    if since is None:
        return None
    seconds = seconds_of(since)
    if seconds is None:
        raise typer.BadParameter("--since is a number with s, m, h, d or w: 30d")
    now = build_time(project.settings.site.timezone).timestamp()
    return int(now - seconds) // MINUTE


def _counted(
    project: Project, logs: list[str], form: str | None, start: int | None
) -> tuple[RequestCount, ReadReport]:
    """Count the logs. What the file had before must not matter, so no page is planned."""
    from ssg.build.inspect.dry_run import dry_run
    from ssg.model.settings import DeferredSettings
    from ssg.popularity.read_logs import read_logs
    from ssg.popularity.request_count import RequestCount
    from ssg.popularity.site_paths import SitePaths

    unplanned = replace(project, settings=replace(project.settings, deferred=DeferredSettings()))
    with dry_run(unplanned, options.build_options(project, asks_sources=False)) as compiled:
        count = RequestCount(SitePaths.of(compiled.site), start)
    return count, read_logs(logs, count, form)


def _show_costs(
    project: Project,
    logs: list[str],
    form: str | None,
    start: int | None,
    place: Path,
    deploys_per_month: int,
    days: float | None,
    plot: Path | None,
    json: bool,
) -> None:
    from ssg.build.inspect.dry_run import dry_run
    from ssg.build.inspect.site_costs import site_costs
    from ssg.cli.console import print_json, print_warnings
    from ssg.cli.costs_table import print_costs
    from ssg.popularity.popular_pages import PopularPages, read_popular
    from ssg.popularity.read_logs import read_logs
    from ssg.popularity.request_count import RequestCount
    from ssg.popularity.site_paths import SitePaths

    with dry_run(project, options.build_options(project, asks_sources=False)) as compiled:
        if logs:
            count = RequestCount(SitePaths.of(compiled.site), start)
            print_warnings(read_logs(logs, count, form).warnings)
            found = PopularPages.of(count, project.settings.site.routes, len(count.pages) + LIMIT)
        else:
            found = read_popular(place)
        costs = site_costs(compiled, found, deploys_per_month, days)
    if plot is not None:
        from ssg.popularity.plot import plot as draw

        _write(plot, draw(costs.pages, f"Plans of {project.settings.site.title}"))
    if json:
        print_json(costs.to_json())
    else:
        print_costs(costs)


def _nothing(report: ReadReport, found: PopularPages, place: Path) -> Iterator[Problem]:
    """A warning if no request of the logs is for a page."""
    from ssg.model.errors import Location, Problem

    if report.lines and not found.site.requests and not found.routes:
        hint = "Is this the log of this site, and base_url its address?"
        yield Problem("no request is for a page of this site", Location(str(place)), hint)


def _write(place: Path, text: str) -> None:
    """Write the file as a whole. Raises LogError."""
    from ssg.build.publish.durable import write_durably
    from ssg.model.errors import Location, LogError, Problem

    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, text)
    except OSError as error:
        message = f"cannot write the file: {error.strerror}"
        raise LogError(Problem(message, Location(str(place)))) from error


def _report_json(
    count: RequestCount, report: ReadReport, found: PopularPages, place: Path
) -> dict[str, Any]:
    from ssg.popularity.request_count import LeftOut

    return {
        "output": str(place),
        "logs": report.formats,
        "lines": report.lines,
        "malformed": report.malformed,
        "requests": found.site.requests,
        "pages": len(count.pages),
        "routes": {path: one.requests for path, one in found.routes.items()},
        "left_out": {reason.name.lower(): count.left_out[reason] for reason in LeftOut},
    }


def _print_report(
    count: RequestCount, report: ReadReport, found: PopularPages, place: Path
) -> None:
    from ssg.cli.console import out, print_table
    from ssg.popularity.request_count import LeftOut

    left_out = count.left_out
    formats = ", ".join(sorted(set(report.formats.values())))
    rows = [
        (f"{report.lines:,}", f"lines of {counted(len(report.formats), 'log')} ({formats})"),
        (f"{found.site.requests:,}", f"requests for {counted(len(count.pages), 'page')}"),
        *((f"{one.requests:,}", f"requests for {path}") for path, one in found.routes.items()),
        *((f"{left_out[one]:,}", f"left out: {one}") for one in LeftOut if left_out[one]),
    ]
    if report.malformed:
        rows.append((f"{report.malformed:,}", "malformed lines"))
    width = max(len(number) for number, _ in rows)
    print_table([(number.rjust(width), text) for number, text in rows])
    out.print(f"wrote {place}", markup=False)
