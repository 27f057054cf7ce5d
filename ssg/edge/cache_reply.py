"""What the cache answers: from a stored response, from a render, or without either."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ssg.edge.error_page import error_entry
from ssg.edge.events import AnswerSource
from ssg.edge.policy import CacheDecision, CacheEntry, StoreVerdict
from ssg.runtime.http import Failure

RETRY_SECONDS = 2
"""When a visitor who was refused may try again."""

_SOURCES = {
    CacheDecision.HIT: AnswerSource.HIT,
    CacheDecision.STALE: AnswerSource.STALE,
    CacheDecision.REFRESH: AnswerSource.REFRESH,
}


@dataclass(frozen=True, slots=True)
class BuilderResult:
    """The result of one call of a builder: what to serve, and whether it was stored."""

    entry: CacheEntry
    verdict: StoreVerdict
    seconds: float
    failure: Failure | None = None
    was_stored: bool = False
    """The entry was already stored: another render finished after this request had looked."""
    replaces_expired: bool = False
    """An entry was stored, but it had expired so long ago that visitors waited."""
    last_good_age: int | None = None
    """The age of `entry` if that is the last good one: a render has failed."""


@dataclass(frozen=True, slots=True)
class CacheReply:
    """What a visitor gets, and where the cache had it from."""

    entry: CacheEntry
    source: AnswerSource
    cache_status: str | None = None
    age_seconds: int | None = None
    render_seconds: float | None = None
    failure: Failure | None = None


def overload() -> CacheReply:
    """The reply if nothing is stored, and too many renders wait already."""
    entry = error_entry(503, "Too many visitors at once", "Please try again in a moment.")
    entry = replace(entry, headers={**entry.headers, "retry-after": str(RETRY_SECONDS)})
    return CacheReply(entry, AnswerSource.OVERLOADED, "ssg; fwd=uri-miss; detail=overloaded")


def refusal() -> CacheReply:
    """The reply to any method but GET and HEAD (rule 2)."""
    entry = error_entry(405, "Method not allowed", "Pages can be read, and nothing else.")
    return CacheReply(entry, AnswerSource.REFUSED)


def stored_reply(entry: CacheEntry, decision: CacheDecision, now: float) -> CacheReply:
    """The reply from a stored response, with its `Cache-Status` (RFC 9211, section 2)."""
    remaining = entry.remaining_seconds(now)
    ttl = "" if remaining is None else f"; ttl={remaining}"
    detail = "" if decision is CacheDecision.HIT else "; detail=stale"
    status = f"ssg; hit{ttl}{detail}"
    return CacheReply(entry, _SOURCES[decision], status, entry.age_seconds(now))


def rendered_reply(rendered: BuilderResult, joined: bool) -> CacheReply:
    """The reply from a response that was rendered while the visitor waited."""
    verdict = rendered.verdict
    stored = "; stored" if verdict is StoreVerdict.STORE else f"; detail={verdict}"
    forwarded = "stale" if rendered.replaces_expired else "uri-miss"
    return CacheReply(
        rendered.entry,
        AnswerSource.COLLAPSED if joined else AnswerSource.MISS,
        f"ssg; fwd={forwarded}{stored}{'; collapsed' if joined else ''}",
        age_seconds=rendered.last_good_age,
        render_seconds=rendered.seconds,
        failure=rendered.failure,
    )
