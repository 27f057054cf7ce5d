"""Reads exports of statistics: GoAccess as JSON, Plausible and Google Analytics 4 as CSV.

An export has a number for each page, and no requests: robots and errors are left out by the tool
that made it. Times are in minutes since 1970, and days are those of UTC.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ssg.config.nesting import load_json

Pages = Sequence[tuple[str, int]]
_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Export:
    """Targets of pages with their requests, and the period if the export says it.

    `malformed` are numbers of lines that are not as the others.
    """

    pages: Pages
    first: int | None = None
    last: int | None = None
    malformed: tuple[int, ...] = ()


ExportReader = Callable[[str], Export | None]
"""The export in a text; None for a text of another format."""


def read_goaccess(text: str) -> Export | None:
    """Read a report of `goaccess -o report.json`: its panel of requested files."""
    try:
        report = load_json(text)
        panel = report["requests"]
        rows = panel["data"] if isinstance(panel, dict) else panel
        pages = [
            (row["data"], _hits(row["hits"])) for row in rows if row.get("method", "GET") == "GET"
        ]
        general = report["general"]
    except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError):
        return None
    days = [_date(general.get(name), "%d/%b/%Y") for name in ("start_date", "end_date")]
    return Export([one for one in pages if isinstance(one[0], str)], *_period(days))


def _hits(value: Any) -> int:
    """`{"count": 3}`, or `"3"` in reports of old versions."""
    return max(0, int(value["count"] if isinstance(value, dict) else value))


def read_plausible(text: str) -> Export | None:
    """Read `pages.csv` of the dashboard, or the pages of an export of all data, with dates."""
    rows = _table(text.splitlines(), 1)
    titles = next(rows, (0, []))[1]
    path = next((name for name in ("name", "page") if name in titles), None)
    if path is None or "pageviews" not in titles:
        return None
    where = {title: number for number, title in enumerate(titles)}
    export = _counted(rows, where[path], where["pageviews"])
    if "date" not in where:
        return export
    lines = _table(text.splitlines()[1:], 2)
    dates = (row[where["date"]] for _, row in lines if len(row) > where["date"])
    days = [day for day in (_date(one, "%Y-%m-%d") for one in dates) if day]
    period = _period([min(days), max(days)]) if days else (None, None)
    return Export(export.pages, *period, export.malformed)


_GA4_DATE = re.compile(r"^# (Start|End) date: (\d{8})\s*$", re.M)
_GA4_PATHS = ("page path", "page location", "full page url")


def read_ga4(text: str) -> Export | None:
    """Read the CSV of the report "Pages and screens": comments, then a table with paths and views.

    A table for a chart may be before it; a row without a path has the totals.
    """
    lines = text.splitlines()
    for number, line in enumerate(lines, 1):
        titles = next(_table([line], number), (0, []))[1]
        path = _place(titles, *_GA4_PATHS)
        views = _place(titles, "views", "screen_view", "event count")
        if path is not None and views is not None:
            export = _counted(_table(_until_gap(lines[number:]), number + 1), path, views)
            found = {name: _date(day, "%Y%m%d") for name, day in _GA4_DATE.findall(text)}
            days = [found.get("Start"), found.get("End")]
            return Export(export.pages, *_period(days), export.malformed)
    return None


def _place(titles: Sequence[str], *beginnings: str) -> int | None:
    for beginning in beginnings:
        for number, title in enumerate(titles):
            if title.strip().lower().startswith(beginning):
                return number
    return None


def _until_gap(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a table: it ends at an empty line or a comment."""
    for line in lines:
        if not line.strip() or line.startswith("#"):
            return
        yield line


def _table(lines: Sequence[str] | Iterator[str], first: int) -> Iterator[tuple[int, list[str]]]:
    """Rows of CSV, a line each, with the numbers of their lines. Empty ones are left out."""
    for number, line in enumerate(lines, first):
        try:
            row = next(csv.reader([line]), [])
        except csv.Error:
            row = [""]
        if row:
            yield number, row


def _counted(rows: Iterator[tuple[int, list[str]]], path: int, requests: int) -> Export:
    pages, malformed = [], []
    for number, row in rows:
        count = row[requests].replace(",", "") if len(row) > max(path, requests) else ""
        if re.fullmatch(r"[0-9]{1,18}", count):
            pages += [(row[path], int(count))] if row[path] else []
        else:
            malformed.append(number)
    return Export(pages, malformed=tuple(malformed))


def _date(text: object, form: str) -> dt.date | None:
    try:
        return dt.datetime.strptime(str(text), form).date()
    except ValueError:
        return None


def _period(days: Sequence[dt.date | None]) -> tuple[int | None, int | None]:
    """From the first minute of the first day to the last minute of the last."""
    first, last = days
    if first is None or last is None:
        return None, None
    start = dt.date(1970, 1, 1).toordinal()
    return (first.toordinal() - start) * _DAY, (last.toordinal() + 1 - start) * _DAY - 1


EXPORTS: Mapping[str, ExportReader] = {
    "goaccess": read_goaccess,
    "plausible": read_plausible,
    "ga4": read_ga4,
}
