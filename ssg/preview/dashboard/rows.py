"""One line of the list of pages: what the site, the cache, the rules and the counters say of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ssg.edge.cache_listing import CacheEntryInfo
from ssg.model.urls import decode_path
from ssg.preview.counters import PathCounters
from ssg.preview.dashboard.pages import ListedPage, PageSelection
from ssg.preview.dashboard.query import CacheState, DashboardQuery, PageFilter, SortKey
from ssg.redirects.matching.match import (
    BuilderCall,
    NotFound,
    ProxyCall,
    RedirectTo,
    Resolution,
    ServedFile,
)


@dataclass(frozen=True, slots=True)
class PageRow:
    """A page with all that is known of it. `state` None: it is a file."""

    page: ListedPage
    url: str
    """The path, percent-encoded."""
    route: str
    state: CacheState | None
    stored: CacheEntryInfo | None
    body_bytes: int | None
    tally: PathCounters
    left_out: str | None = None
    """Why a plain build would leave it out: it is a draft, say."""


def state_of(stored: CacheEntryInfo | None, now: float) -> CacheState:
    """Where a deferred page stands in the cache (rule 6)."""
    if stored is None:
        return CacheState.NEVER
    expires_at = stored.expires_at
    if expires_at is None:
        return CacheState.KEPT
    return CacheState.FRESH if now < expires_at else CacheState.STALE


def select(
    view: DashboardQuery,
    stored: Iterable[CacheEntryInfo],
    tallies: Mapping[str, PathCounters],
    now: float,
) -> PageSelection:
    """The question to the site database that a view asks.

    `stored` is looked at only where a state is asked for, `tallies` for errors and ranks.
    """
    is_page_of_cache = view.state is not CacheState.ANY or view.show is PageFilter.ERRORS
    deferred = {PageFilter.CRITICAL: False, PageFilter.DEFERRED: True}.get(view.show)
    only, without = _sets(view, stored, tallies, now)
    return PageSelection(
        deferred=True if deferred is None and is_page_of_cache else deferred,
        search=view.search,
        only=only,
        without=without,
        ranked=ranking(view.order, tallies),
        column="path" if view.order.is_counted else view.order,
        descending=view.descending and not view.order.is_counted,
    )


def _sets(
    view: DashboardQuery,
    stored: Iterable[CacheEntryInfo],
    tallies: Mapping[str, PathCounters],
    now: float,
) -> tuple[set[str] | None, set[str] | None]:
    """The paths that the cache and the counters name: only these, and none of those."""
    only = without = None
    if view.show is PageFilter.ERRORS:
        only = decoded(path for path, tally in tallies.items() if tally.failure)
    if view.state is CacheState.NEVER:
        without = decoded(entry.path for entry in stored)
    elif view.state is not CacheState.ANY:
        there = decoded(entry.path for entry in stored if state_of(entry, now) is view.state)
        only = there if only is None else only & there
    return only, without


def ranking(order: SortKey, tallies: Mapping[str, PathCounters]) -> list[str]:
    """The paths with the highest counts, highest first."""
    if not order.is_counted:
        return []
    counted = {path: _figure(order, tally) for path, tally in tallies.items()}
    highest = sorted((path for path in counted if counted[path]), key=lambda path: -counted[path])
    paths = (decode_path(path) for path in highest)
    return list(dict.fromkeys(path for path in paths if path is not None))


def _figure(order: SortKey, tally: PathCounters) -> float:
    if order is SortKey.DURATION:
        return tally.last_render_ms or 0.0
    return tally.renders if order is SortKey.RENDERS else tally.hits


def decoded(paths: Iterable[str]) -> set[str]:
    """Keys of the cache as paths of the site."""
    return {path for key in paths if (path := decode_path(key)) is not None}


def route_of(outcome: Resolution) -> str:
    """What answers a page's address, with the rule that says so."""
    match outcome:
        case ServedFile(path, _, None):
            return f"file {path}"
        case ServedFile(path, _, rule):
            return f"file {path} by {rule}"
        case BuilderCall(_, _, rule) | RedirectTo(_, _, rule) | ProxyCall(_, _, rule):
            return str(rule) if rule else "the builder's own address"
        case NotFound():
            return "nothing"
