"""`data/popular.json`: requests by page, in a form that does not change without a reason."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from ssg.config.nesting import load_json
from ssg.model.errors import Location, LogError, Problem
from ssg.model.live.route import Route
from ssg.popularity.bounded_counter import most_read
from ssg.popularity.request_count import RequestCount

POPULAR_NAME = "popular"
"""The name of the data file: templates have it as `site.data.popular`."""
POPULAR_FILE = f"data/{POPULAR_NAME}.json"
POPULAR_VERSION = 1
MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class ReadPages:
    """Pages with their requests, the most read first, and how many others have how many."""

    pages: tuple[tuple[str, int], ...] = ()
    other_pages: int = 0
    other_requests: int = 0

    @classmethod
    def of(cls, counts: Sequence[tuple[str, int]], limit: int, dropped: int = 0) -> Self:
        """The first `limit` of pages that are in order. `dropped` are requests for more pages."""
        others = counts[limit:]
        return cls(tuple(counts[:limit]), len(others), dropped + sum(n for _, n in others))

    @property
    def requests(self) -> int:
        """All requests."""
        return self.other_requests + sum(requests for _, requests in self.pages)


@dataclass(frozen=True, slots=True)
class PopularPages:
    """What the file has: the pages of the site, and the live pages of each route by its path.

    The period is in minutes since 1970; None if the logs do not say it.
    """

    site: ReadPages
    routes: Mapping[str, ReadPages]
    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, count: RequestCount, routes: Iterable[Route], limit: int) -> Self:
        """What a count found. A route in several languages has one path for each."""
        by_route = {
            route.path: ReadPages.of(found.most_read(), limit, found.dropped)
            for route in routes
            if (found := count.routes.get(route.number))
        }
        site = ReadPages.of(most_read(count.pages), limit)
        return cls(site, by_route, count.first, count.last)

    @property
    def days(self) -> float | None:
        """The length of the period, at least an hour."""
        if self.first is None or self.last is None:
            return None
        return max(60, self.last + 1 - self.first) / MINUTES_PER_DAY

    def requests_by_path(self) -> dict[str, int]:
        """Requests of each page of the site that the file names."""
        return dict(self.site.pages)

    def requests_of(self, path: str) -> int | None:
        """Requests of a page; None if it may be among those that the file does not name."""
        return self.requests_by_path().get(path, None if self.site.other_pages else 0)

    def to_json(self) -> str:
        """The file: one page a line."""
        period = "null"
        if self.first is not None and self.last is not None:
            times = {"from": _time(self.first), "to": _time(self.last)}
            period = json.dumps({**times, "days": round(self.days or 0, 3)})
        lines = ",".join(
            f'\n    {{"path": {_text(path)}, {_pages(found, " " * 6)}}}'
            for path, found in self.routes.items()
        )
        routes = f"[{lines}\n  ]" if lines else "[]"
        return (
            f'{{\n  "version": {POPULAR_VERSION},\n  "period": {period},\n'
            f'  {_pages(self.site, " " * 4)},\n  "routes": {routes}\n}}\n'
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read the file. Raises ValueError with what is wrong."""
        return cls.from_values(load_json(text))

    @classmethod
    def from_values(cls, values: Any) -> Self:
        """Read the values of the file. Raises ValueError with what is wrong."""
        if not isinstance(values, dict):
            raise ValueError('the file must be a table with "pages"')
        if values.get("version", POPULAR_VERSION) != POPULAR_VERSION:
            raise ValueError(f'"version" must be {POPULAR_VERSION}')
        try:
            routes = {one["path"]: _read_pages(one) for one in values.get("routes", ())}
            period = values.get("period") or {}
            first, last = _minute(period.get("from")), _minute(period.get("to"))
        except (LookupError, TypeError, AttributeError) as error:
            raise ValueError('"routes" or "period" is not as ssg popular writes it') from error
        return cls(_read_pages(values), routes, first, last)


def read_popular(place: Path) -> PopularPages:
    """Read the file. Raises LogError."""
    hint = "Run ssg popular LOG"
    try:
        return PopularPages.from_json(place.read_text("utf-8"))
    except FileNotFoundError as error:
        raise LogError(Problem(f"there is no {place}", None, hint)) from error
    except (OSError, ValueError) as error:
        raise LogError(Problem(str(error), Location(str(place)), hint)) from error


def _pages(found: ReadPages, indent: str) -> str:
    lines = ",".join(
        f'\n{indent}{{"path": {_text(path)}, "requests": {requests}}}'
        for path, requests in found.pages
    )
    end = lines and f"\n{indent[2:]}"
    others = json.dumps({"pages": found.other_pages, "requests": found.other_requests})
    return f'"requests": {found.requests}, "pages": [{lines}{end}], "others": {others}'


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _read_pages(values: Mapping[str, Any]) -> ReadPages:
    try:
        pages = tuple((str(one["path"]), int(one["requests"])) for one in values["pages"])
        others = values.get("others") or {}
        more = int(others.get("pages", 0)), int(others.get("requests", 0))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise ValueError('"pages" must be a list of tables with "path" and "requests"') from error
    return ReadPages(pages, *more)


def _time(minute: int) -> str:
    time = dt.datetime.fromtimestamp(minute * 60, dt.UTC)
    return time.isoformat(timespec="seconds").replace("+00:00", "Z")


def _minute(text: object) -> int | None:
    if not text:
        return None
    time = dt.datetime.fromisoformat(str(text))
    return int(time.replace(tzinfo=time.tzinfo or dt.UTC).timestamp()) // 60
