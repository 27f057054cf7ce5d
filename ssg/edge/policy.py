"""What the edge does with a builder's responses: Netlify's rules as pure functions.

Source: https://docs.netlify.com/build/configure-builds/on-demand-builders/
Nothing here reads a clock, a disk or a header; everything is an argument.

2   Methods. GET and HEAD; anything else is 405 and never reaches the builder. A HEAD is a GET
    whose body is not sent: the builder is always asked with GET, so one entry serves both.
3   The builder is given the method and the path, nothing of the visitor (`runtime.http.Request`).
4   Key. The URL path as it came, percent-encoded, without the query. Nothing else is in it.
5   Stored statuses: 2xx, 301, 302, 307, 308, 404. Any other status is served to whoever waits
    and forgotten, so that the next request tries again.
6   Lifetime. `ttl` seconds, at least 60 (less is raised to 60, with a warning); no ttl means
    until the next deploy. An entry is fresh while age < ttl, and expired from age = ttl on.
7   Expired. Nobody waits for an expired page. The first request after expiry triggers a refresh
    in the background and gets the old response, and so does every request after it:
    - for 60 s from the trigger no second refresh is triggered, whether the first one still runs
      or has failed: a broken page costs one render a minute, not one a visit;
    - a refresh that succeeds (a stored status) replaces the entry at once. Netlify says that the
      old response is served for those 60 s; its edge may show the new one later than this does;
    - a refresh that fails (any other status, an exception, a limit of rule 10) changes nothing.
      The old response stays, however old, and the first request after the 60 s tries again.
8   Kind. Each call of the builder is a `miss` (a visitor waits) or a `revalidate`.
9   Deploy. Entries live in a namespace of their build id, so a new build starts empty and an
    old one, deployed again, finds its own responses.
10  Limits. A body over 6 MB, or a render over 10 s, is a failure: served as an error to whoever
    waits, never stored.
11  Pages. Past 10,000 stored pages a build, new pages are rendered for each request and not
    stored, with a warning; pages already stored are refreshed as before. A 404 is no page.
12  Cache-Control from a builder decides nothing here; `ttl` is the only knob.
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
    """What a builder may cost (rules 10 and 11)."""

    body_bytes: int = 6_000_000
    render_seconds: float = 10.0
    pages: int = 10_000


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A stored response, with everything needed to serve it and to know when it expires."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    stored_at: float
    ttl_seconds: int | None = None
    etag: str = ""

    def age_seconds(self, now: float) -> int:
        """Whole seconds since it was stored; never negative, whatever the clock did."""
        return max(0, int(now - self.stored_at))

    def remaining_seconds(self, now: float) -> int | None:
        """Seconds of freshness left, negative once expired; None: until the next deploy."""
        return None if self.ttl_seconds is None else self.ttl_seconds - self.age_seconds(now)


class RenderKind(StrEnum):
    """Why the builder is called; the values of `x-nf-builder-cache` (rule 8)."""

    MISS = "miss"
    REVALIDATE = "revalidate"


class CacheDecision(Enum):
    """What to do with a request for a builder's page."""

    REFUSE = "refuse"
    """405."""
    HIT = "hit"
    """Serve the entry; it is fresh."""
    STALE = "stale"
    """Serve the entry; it is expired, and a refresh was triggered less than 60 s ago."""
    REFRESH = "refresh"
    """Serve the expired entry, and trigger a refresh."""
    RENDER = "render"
    """Nothing is stored: call the builder, and wait."""


def decide(
    method: str, entry: CacheEntry | None, now: float, refresh_triggered_at: float | None = None
) -> CacheDecision:
    """What a request gets (rules 2, 6 and 7)."""
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
    """Rule 6: until the next deploy without a ttl, else while the age is below it."""
    remaining = entry.remaining_seconds(now)
    return remaining is None or remaining > 0


def is_refreshing(triggered_at: float | None, now: float) -> bool:
    """Rule 7: within 60 s of the trigger. A clock set back ends the window."""
    return triggered_at is not None and 0 <= now - triggered_at < REFRESH_WINDOW_SECONDS


def is_stored_status(status: int) -> bool:
    """Rule 5: whether a response of this status is cached."""
    return 200 <= status <= 299 or status in _REDIRECTS or status == 404


class StoreVerdict(StrEnum):
    """What becomes of a builder's response. The values stand in `Cache-Status` as details."""

    STORE = "stored"
    STATUS = "status"
    """Its status is not a stored one (rule 5)."""
    TOO_LARGE = "too-large"
    TOO_SLOW = "timeout"
    PAGE_LIMIT = "page-limit"
    """Served, but not stored: the build has all the pages it may have (rule 11)."""


def store_verdict(
    status: int,
    body_bytes: int,
    render_seconds: float,
    *,
    limits: BuilderLimits,
    stored_pages: int,
    replaces_page: bool,
) -> StoreVerdict:
    """Whether a builder's response is stored (rules 5, 10 and 11).

    `stored_pages` counts the pages of this build without its 404s; `replaces_page` is whether
    this path is one of them.
    """
    if render_seconds > limits.render_seconds:
        return StoreVerdict.TOO_SLOW
    if body_bytes > limits.body_bytes:
        return StoreVerdict.TOO_LARGE
    if not is_stored_status(status):
        return StoreVerdict.STATUS
    is_new_page = status != 404 and not replaces_page
    return (
        StoreVerdict.PAGE_LIMIT
        if is_new_page and stored_pages >= limits.pages
        else StoreVerdict.STORE
    )


def clamp_ttl(ttl_seconds: int | None) -> tuple[int | None, bool]:
    """Rule 6: the ttl that counts, and whether it was raised to the minimum."""
    if ttl_seconds is None:
        return None, False
    return max(ttl_seconds, MIN_TTL_SECONDS), ttl_seconds < MIN_TTL_SECONDS


def etag_of(body: bytes) -> str:
    """The strong validator of a body (RFC 9110, section 8.8.3)."""
    return f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
