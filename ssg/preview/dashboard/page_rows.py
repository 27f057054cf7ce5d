"""Rows of the list of pages: a page with its route, its state in the cache, and its counters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.model.urls import decode_path
from ssg.preview.counters import PathCounters
from ssg.preview.dashboard.page_table import ListedPage, PageSelection
from ssg.preview.dashboard.query import CacheState, DashboardQuery, PageTab, SortKey
from ssg.redirects.matching.match import (
    FunctionCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    Resolution,
    ServedFile,
)


@dataclass(frozen=True, slots=True)
class ShownTag:
    """A cache tag, and what it stands for if that is known."""

    tag: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page with what is known of it."""

    page: ListedPage
    url: str
    """The path, percent-encoded."""
    route: str
    state: CacheState | None
    """None for a page that is a file."""
    cached: CacheEntryInfo | None
    body_bytes: int | None
    counters: PathCounters
    left_out: str | None = None
    """Why `ssg build` would leave it out: `draft`, for example."""
    tags: tuple[ShownTag, ...] = ()
    """The tags of the cached response, if the host has tags."""
    cache_headers: tuple[tuple[str, str], ...] = ()
    """What the function told the cache of its host, which browsers do not get."""


def state_of(
    cached: CacheEntryInfo | None, now: float, *, serves_any_stale: bool = True
) -> CacheState:
    """The state of a deferred page in the cache (rules 6 and 7)."""
    if cached is None:
        return CacheState.NEVER
    expires_at = cached.expires_at
    if expires_at is None:
        return CacheState.KEPT
    stale_seconds = cached.caching.stale_seconds
    if now < expires_at:
        return CacheState.FRESH
    is_served = serves_any_stale or stale_seconds is None or now < expires_at + stale_seconds
    return CacheState.STALE if is_served else CacheState.EXPIRED


def select(
    query: DashboardQuery,
    cached: Iterable[CacheEntryInfo],
    counters_by_path: Mapping[str, PathCounters],
    now: float,
    *,
    serves_any_stale: bool = True,
) -> PageSelection:
    """Translate a query into a selection of the site database.

    `cached` is read only to filter by state, `counters_by_path` for errors and ranks.
    """
    is_deferred_only = query.state is not CacheState.ANY or query.page_tab is PageTab.ERRORS
    deferred = {PageTab.CRITICAL: False, PageTab.DEFERRED: True}.get(query.page_tab)
    states = ((each, state_of(each, now, serves_any_stale=serves_any_stale)) for each in cached)
    only, without = _path_sets(query, states, counters_by_path)
    return PageSelection(
        deferred=True if deferred is None and is_deferred_only else deferred,
        search=query.search,
        only=only,
        without=without,
        ranked=ranking(query.sort_key, counters_by_path),
        column="path" if query.sort_key.is_counted else query.sort_key,
        descending=query.descending and not query.sort_key.is_counted,
    )


def _path_sets(
    query: DashboardQuery,
    states: Iterable[tuple[CacheEntryInfo, CacheState]],
    counters_by_path: Mapping[str, PathCounters],
) -> tuple[set[str] | None, set[str] | None]:
    """The paths to choose from and the paths to leave out, by the cache and the counters."""
    only = without = None
    if query.page_tab is PageTab.ERRORS:
        only = decoded(path for path, counters in counters_by_path.items() if counters.failure)
    if query.state is CacheState.NEVER:
        without = decoded(entry.path for entry, _ in states)
    elif query.state is not CacheState.ANY:
        in_state = decoded(entry.path for entry, state in states if state is query.state)
        only = in_state if only is None else only & in_state
    return only, without


def ranking(sort_key: SortKey, counters_by_path: Mapping[str, PathCounters]) -> list[str]:
    """The paths whose counter is not zero, highest first."""
    if not sort_key.is_counted:
        return []
    counted = {path: _counter(sort_key, counters) for path, counters in counters_by_path.items()}
    highest = sorted((path for path in counted if counted[path]), key=lambda path: -counted[path])
    paths = (decode_path(path) for path in highest)
    return list(dict.fromkeys(path for path in paths if path is not None))


def _counter(sort_key: SortKey, counters: PathCounters) -> float:
    if sort_key is SortKey.DURATION:
        return counters.last_render_ms or 0.0
    return counters.renders if sort_key is SortKey.RENDERS else counters.hits


def decoded(paths: Iterable[str]) -> set[str]:
    """Decode cache keys to paths of the site."""
    return {path for key in paths if (path := decode_path(key)) is not None}


def route_of(resolution: Resolution) -> str:
    """Describe what answers at a page's path, and by which rule."""
    match resolution:
        case ServedFile(path, _, None):
            return f"file {path}"
        case ServedFile(path, _, rule):
            return f"file {path} by {rule}"
        case FunctionCall(_, _, rule) | RedirectTo(_, _, rule) | ProxyCall(_, _, rule):
            return str(rule) if rule else "the function's own address"
        case NotFound():
            return "nothing"
