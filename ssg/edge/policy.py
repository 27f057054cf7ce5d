"""Caching rules for a builder's responses, as pure functions.

Theory of operation. An entry is missing, fresh, or expired. A missing one is rendered while the
visitor waits; a fresh one is served; an expired one is served, too, and the first request that
finds it expired triggers a refresh in the background. So nobody waits for a page that was stored
once. Functions here read no clock, disk or header: `decide` takes an entry and a time and returns
what the request gets; `store_verdict` takes a response and returns whether it is stored. `cache`
acts on both. This is how the rules of Netlify (`content/docs/netlify.md`) are read:

2   GET and HEAD. Any other method is a 405 and never reaches the builder. The builder is always
    called with GET, so one entry serves both methods.
3   The builder gets the method and the path, and nothing of the visitor (`runtime.http.Request`).
4   The cache key is the URL path as it came, percent-encoded, without the query.
5   2xx, 301, 302, 307, 308 and 404 are stored. Any other status is served to those who wait, and
    the next request calls the builder again.
6   An entry is fresh while age < ttl; a ttl below 60 s is raised to 60 s, with a warning. An entry
    without a ttl is fresh until the next deploy.
7   For 60 s from the trigger no second refresh is triggered, whether the first one still runs or
    has failed: a broken page costs one render a minute, not one a visit. A refresh with a stored
    status replaces the entry at once; Netlify may serve the old one for the rest of the 60 s. A
    refresh that fails (any other status, an exception, a limit of rule 10) leaves the old entry,
    however old, and the first request after the 60 s tries again.
8   Each call of the builder is a `miss` (a visitor waits) or a `revalidate`.
9   Each build has its own namespace of entries: a new build starts with none, and an old build
    that is deployed again finds its own.
10  A body over 6 MB or a render over 10 s is a failure: an error for those who wait, never stored.
11  With 10,000 stored pages in a build, other pages are rendered for each request and not stored,
    with a warning; stored pages are still refreshed. A 404 does not count as a page.
12  `Cache-Control` of a builder is ignored; only `ttl` decides.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from ssg.model.settings import MIN_TTL_SECONDS

METHODS = ("GET", "HEAD")
REFRESH_WINDOW_SECONDS = 60.0
_REDIRECTS = frozenset({301, 302, 307, 308})


@dataclass(frozen=True, slots=True)
class BuilderLimits:
    """Limits of a builder (rules 10 and 11)."""

    body_bytes: int = 6_000_000
    render_seconds: float = 10.0
    pages: int = 10_000


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A stored response, with what is needed to serve it and to tell when it expires."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    stored_at: float
    ttl_seconds: int | None = None
    etag: str = ""

    def age_seconds(self, now: float) -> int:
        """Whole seconds since it was stored; not negative, even if the clock was set back."""
        return max(0, int(now - self.stored_at))

    def remaining_seconds(self, now: float) -> int | None:
        """Seconds until it expires, negative after that; None if it does not expire."""
        return None if self.ttl_seconds is None else self.ttl_seconds - self.age_seconds(now)


class RenderKind(StrEnum):
    """Why the builder is called, as in the header `x-nf-builder-cache` (rule 8)."""

    MISS = "miss"
    REVALIDATE = "revalidate"


class CacheDecision(Enum):
    """What a request for a builder's page gets."""

    REFUSE = "refuse"
    """405."""
    HIT = "hit"
    """Serve the entry, which is fresh."""
    STALE = "stale"
    """Serve the entry, which is expired; a refresh was triggered less than 60 s ago."""
    REFRESH = "refresh"
    """Serve the expired entry, and trigger a refresh."""
    RENDER = "render"
    """Nothing is stored: call the builder and wait."""


def decide(
    method: str, entry: CacheEntry | None, now: float, refresh_triggered_at: float | None = None
) -> CacheDecision:
    """Decide what a request gets (rules 2, 6 and 7)."""
    if method not in METHODS:
        return CacheDecision.REFUSE
    if entry is None:
        return CacheDecision.RENDER
    if is_fresh(entry, now):
        return CacheDecision.HIT
    return (
        CacheDecision.STALE if is_refreshing(refresh_triggered_at, now) else CacheDecision.REFRESH
    )


def is_fresh(entry: CacheEntry, now: float) -> bool:
    """Whether an entry is fresh (rule 6)."""
    remaining = entry.remaining_seconds(now)
    return remaining is None or remaining > 0


def is_refreshing(triggered_at: float | None, now: float) -> bool:
    """Whether the trigger is less than 60 s ago (rule 7), and not in the future."""
    return triggered_at is not None and 0 <= now - triggered_at < REFRESH_WINDOW_SECONDS


def is_stored_status(status: int) -> bool:
    """Whether a response with this status is stored (rule 5)."""
    return 200 <= status <= 299 or status in _REDIRECTS or status == 404


class StoreVerdict(StrEnum):
    """Whether a builder's response is stored, or why not, as in the details of `Cache-Status`."""

    STORE = "stored"
    STATUS = "status"
    """Not stored because of its status (rule 5)."""
    NO_STORE = "no-store"
    """Not stored because it says so."""
    TOO_LARGE = "too-large"
    TOO_SLOW = "timeout"
    PAGE_LIMIT = "page-limit"
    """Served but not stored: the build has reached its limit of pages (rule 11)."""


def store_verdict(
    status: int,
    body_bytes: int,
    render_seconds: float,
    fresh_seconds: int | None = None,
    *,
    limits: BuilderLimits,
    stored_pages: int,
    replaces_page: bool,
) -> StoreVerdict:
    """Decide whether a builder's response is stored (rules 5, 10 and 11).

    `stored_pages` is the number of stored pages of the build, without 404s; `replaces_page` says
    whether this path is one of them.
    """
    if render_seconds > limits.render_seconds:
        return StoreVerdict.TOO_SLOW
    if body_bytes > limits.body_bytes:
        return StoreVerdict.TOO_LARGE
    if not is_stored_status(status):
        return StoreVerdict.STATUS
    if fresh_seconds == 0:
        return StoreVerdict.NO_STORE
    is_new_page = status != 404 and not replaces_page
    return (
        StoreVerdict.PAGE_LIMIT
        if is_new_page and stored_pages >= limits.pages
        else StoreVerdict.STORE
    )


def clamp_ttl(ttl_seconds: int | None) -> tuple[int | None, bool]:
    """Return the ttl that applies, and whether it was raised to the minimum (rule 6)."""
    if ttl_seconds is None:
        return None, False
    return max(ttl_seconds, MIN_TTL_SECONDS), ttl_seconds < MIN_TTL_SECONDS


def etag_of(body: bytes) -> str:
    """Return the strong ETag of a body (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
