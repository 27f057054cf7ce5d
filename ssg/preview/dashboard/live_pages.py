"""Live pages that were seen, with their routes, for the dashboard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from ssg.edge.served_deployment import ServedDeployment
from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.model.urls import decode_path
from ssg.preview.counters import PathCounters
from ssg.preview.dashboard.page_rows import ShownTag, state_of
from ssg.preview.dashboard.page_table import PageTable
from ssg.preview.dashboard.query import CacheState
from ssg.runtime.live.route_table import FoundRoute

MAX_LIVE_PAGES = 100
"""More of them are not shown; those seen last come first."""


@dataclass(frozen=True, slots=True)
class LivePageRow:
    """A live page with what is known of it."""

    number: int
    url: str
    """The path, percent-encoded."""
    found: FoundRoute
    state: CacheState
    cached: CacheEntryInfo | None
    counters: PathCounters
    tags: tuple[ShownTag, ...] = ()


def live_page_rows(
    served: ServedDeployment,
    table: PageTable | None,
    counters_by_path: Mapping[str, PathCounters],
    names: Mapping[str, str],
    now: float,
) -> list[LivePageRow]:
    """The live pages seen last."""
    seen = dict(islice(_seen(served, table, counters_by_path), MAX_LIVE_PAGES))
    cached = {entry.path: entry for entry in served.pages.entry_infos(seen)}
    return [
        _row(served, number, url, found, cached.get(url), counters_by_path[url], names, now)
        for number, (url, found) in enumerate(seen.items())
    ]


def _seen(
    served: ServedDeployment, table: PageTable | None, counters_by_path: Mapping[str, PathCounters]
) -> Iterator[tuple[str, FoundRoute]]:
    routes = served.deployment.routes
    for url in reversed([*counters_by_path]) if routes.entries else ():
        path = decode_path(url) or ""
        found = routes.find(path)
        if found and not (table and table.has_deferred(path)):
            yield url, found


def _row(
    served: ServedDeployment,
    number: int,
    url: str,
    found: FoundRoute,
    cached: CacheEntryInfo | None,
    counters: PathCounters,
    names: Mapping[str, str],
    now: float,
) -> LivePageRow:
    any_stale = served.deployment.capabilities.serves_any_stale
    state = state_of(cached, now, serves_any_stale=any_stale)
    tags = cached.caching.tags if cached else ()
    shown = tuple(ShownTag(tag, names.get(tag, "")) for tag in tags)
    return LivePageRow(number, url, found, state, cached, counters, shown)
