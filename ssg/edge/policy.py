"""Caching rules, as pure functions: what a request gets, and whether a response is stored.

Theory of operation. An entry is missing, fresh, or expired. A missing one is rendered while the
visitor waits; a fresh one is served; an expired one may be served, too, and the first request that
finds it expired triggers a refresh in the background. How long, depends on the host. `CachePolicy`
is the row of this table that the capabilities of the host select:

| rule                   | `builders`: Netlify's builders       | `CDN`: RFC 9111, 9213, 5861   |
|------------------------|--------------------------------------|-------------------------------|
| fresh (6)              | ttl, at least the least of the host, | ttl, or until the next deploy |
|                        | or until the next deploy             | or purge                      |
| expired but served (7) | however old                          | for `stale_seconds` more      |
| refreshed (7)          | once a minute, also after a failure  | unless a refresh is running   |
| a refresh fails (7)    | the entry stays                      | the entry stays, until it is  |
|                        |                                      | no longer served              |
| older than that        |                                      | a miss: visitors wait; if the |
|                        |                                      | render fails, the entry is    |
|                        |                                      | better, on hosts that do so   |
| limits (10, 11)        | those of the host                    | those of the host             |

Functions here read no clock, disk or header: `decide` takes an entry and a time and returns what
the request gets; `store_verdict` takes a response and returns whether it is stored. `cache` acts on
both. This is how the rules of Netlify (`content/docs/netlify.md`) are read:

2   GET and HEAD. Any other method is a 405 and never reaches the function. It is always called with
    GET, so one entry serves both methods.
3   The function gets the method and the path, and nothing of the visitor (`runtime.http.Request`).
4   The cache key is the URL path as it came, percent-encoded, without the query.
5   2xx, 301, 302, 307, 308 and 404 are stored, unless they say that they are not to be. Any other
    status is served to those who wait, and the next request calls the function again.
6   An entry is fresh while age < ttl; a ttl below the least one of the host is raised to it, with a
    warning. An entry without a ttl is fresh until the next deploy.
7   A refresh with a stored status replaces the entry at once; Netlify may serve the old one for the
    rest of the minute. A refresh that fails (any other status, an exception, a limit of rule 10)
    leaves the old entry. On a builder, a broken page costs one render a minute, not one a visit.
8   Each call of the function is a `miss` (a visitor waits) or a `revalidate`.
9   Each build has its own namespace of entries: a new build starts with none, and an old build
    that is deployed again finds its own. Builds that keep the cache share a namespace.
10  A body or a render over the limit is a failure: an error for those who wait, never stored.
11  With as many stored pages in a build as its limit, other pages are rendered for each request and
    not stored, with a warning; stored pages are still refreshed. A 404 does not count as a page.
12  Headers of a response do not change how long it is stored; only its `Caching` does.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from typing import Self

from ssg.edge.purge_index import NOWHERE, LogPosition
from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import Caching

METHODS = ("GET", "HEAD")
_REDIRECTS = frozenset({301, 302, 307, 308})
DEFAULT_RENDER_SECONDS = 60.0
"""How long visitors wait where the host has no limit."""


@dataclass(frozen=True, slots=True)
class CachePolicy:
    """The rules of one host."""

    name: str
    least_fresh_seconds: int
    serves_any_stale: bool
    """Whether an expired entry is served until a refresh succeeds, however old it is."""
    refresh_seconds: float
    """For how long after a refresh was triggered no second one is."""
    retries_at_once: bool
    """Whether that ends when the refresh fails."""
    render_seconds: float = DEFAULT_RENDER_SECONDS
    body_bytes: int | None = None
    pages: int | None = None
    keeps_last_good: bool = False
    """Whether an entry that is too old to be served still is, if its render fails."""

    @classmethod
    def of(cls, host: Capabilities) -> Self:
        """The policy of a host."""
        limits = host.seconds or DEFAULT_RENDER_SECONDS, host.body_bytes, host.pages
        if host.serves_any_stale and host.stale_seconds is not None:
            seconds = float(host.stale_seconds)
            return cls("builders", host.least_ttl_seconds, True, seconds, False, *limits)
        keeps = host.serves_stale_after_failure
        return cls("CDN", host.least_ttl_seconds, False, limits[0], True, *limits, keeps)

    def fresh_seconds(self, asked: int | None) -> int | None:
        """How long a response is fresh that asks for this time (rule 6)."""
        return asked if not asked else max(asked, self.least_fresh_seconds)


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A stored response, with what is needed to serve it and to tell when it expires."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    stored_at: float
    caching: Caching = Caching()
    etag: str = ""
    read_at: LogPosition = NOWHERE
    """What had been purged when its content was read."""
    encoded: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """The body in each encoding that clients may ask for; empty if it is not worth it."""

    def age_seconds(self, now: float) -> int:
        """Whole seconds since it was stored; not negative, even if the clock was set back."""
        return max(0, int(now - self.stored_at))

    def remaining_seconds(self, now: float) -> int | None:
        """Seconds until it expires, negative after that; None if it does not expire."""
        fresh_seconds = self.caching.fresh_seconds
        return None if fresh_seconds is None else fresh_seconds - self.age_seconds(now)


class RenderKind(StrEnum):
    """Why the function is called: as in the header `x-nf-builder-cache` (rule 8), or a draft."""

    MISS = "miss"
    REVALIDATE = "revalidate"
    DRAFT = "draft"
    """For the preview of a draft, which no cache sees."""


class CacheDecision(Enum):
    """What a request for a deferred page gets."""

    REFUSE = "refuse"
    """405."""
    HIT = "hit"
    """Serve the entry, which is fresh."""
    STALE = "stale"
    """Serve the entry, which is expired; a refresh was triggered."""
    REFRESH = "refresh"
    """Serve the expired entry, and trigger a refresh."""
    RENDER = "render"
    """No entry may be served: call the function and wait."""


def decide(
    policy: CachePolicy,
    method: str,
    entry: CacheEntry | None,
    now: float,
    refresh_triggered_at: float | None = None,
) -> CacheDecision:
    """Decide what a request gets (rules 2, 6 and 7)."""
    if method not in METHODS:
        return CacheDecision.REFUSE
    if entry is None:
        return CacheDecision.RENDER
    if is_fresh(entry, now):
        return CacheDecision.HIT
    if not is_served_stale(policy, entry, now):
        return CacheDecision.RENDER
    is_running = is_refreshing(policy, refresh_triggered_at, now)
    return CacheDecision.STALE if is_running else CacheDecision.REFRESH


def is_fresh(entry: CacheEntry, now: float) -> bool:
    """Whether an entry is fresh (rule 6)."""
    remaining = entry.remaining_seconds(now)
    return remaining is None or remaining > 0


def is_served_stale(policy: CachePolicy, entry: CacheEntry, now: float) -> bool:
    """Whether an expired entry may still be served (rule 7).

    Hosts are told the same time for refreshes that run and for those that fail.
    """
    stale_seconds, remaining = entry.caching.stale_seconds, entry.remaining_seconds(now)
    if policy.serves_any_stale or stale_seconds is None or remaining is None:
        return True
    return stale_seconds + remaining > 0


def is_refreshing(policy: CachePolicy, triggered_at: float | None, now: float) -> bool:
    """Whether a refresh was triggered so recently that no other one is (rule 7).

    A trigger in the future, from a clock that was set back, does not count.
    """
    return triggered_at is not None and 0 <= now - triggered_at < policy.refresh_seconds


def is_stored_status(status: int) -> bool:
    """Whether a response with this status is stored (rule 5)."""
    return 200 <= status <= 299 or status in _REDIRECTS or status == 404


class StoreVerdict(StrEnum):
    """Whether a response is stored, or why not, as in the details of `Cache-Status`."""

    STORE = "stored"
    STATUS = "status"
    """Not stored because of its status (rule 5)."""
    NO_STORE = "no-store"
    """Not stored because it says so."""
    TOO_LARGE = "too-large"
    TOO_SLOW = "timeout"
    PAGE_LIMIT = "page-limit"
    """Served but not stored: the build has reached its limit of pages (rule 11)."""
    PURGED = "purged"
    """Served to those who waited, and not stored: it was purged while it was rendered."""


FAILURES = frozenset({StoreVerdict.STATUS, StoreVerdict.TOO_LARGE, StoreVerdict.TOO_SLOW})


def store_verdict(
    policy: CachePolicy,
    status: int,
    body_bytes: int,
    render_seconds: float,
    fresh_seconds: int | None = None,
    *,
    stored_pages: int,
    replaces_page: bool,
) -> StoreVerdict:
    """Decide whether a response is stored (rules 5, 10 and 11).

    `stored_pages` is the number of stored pages of the build, without 404s; `replaces_page` says
    whether this path is one of them.
    """
    if render_seconds > policy.render_seconds:
        return StoreVerdict.TOO_SLOW
    if policy.body_bytes is not None and body_bytes > policy.body_bytes:
        return StoreVerdict.TOO_LARGE
    if not is_stored_status(status):
        return StoreVerdict.STATUS
    if fresh_seconds == 0:
        return StoreVerdict.NO_STORE
    is_new_page = status != 404 and not replaces_page
    is_full = policy.pages is not None and stored_pages >= policy.pages
    return StoreVerdict.PAGE_LIMIT if is_new_page and is_full else StoreVerdict.STORE


def etag_of(body: bytes) -> str:
    """Return the strong ETag of a body (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
