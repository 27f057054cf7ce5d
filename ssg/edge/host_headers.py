"""Headers of pages on their way through the cache of a host: what browsers get, what it reads."""

from __future__ import annotations

from collections.abc import Mapping

from ssg.model.capabilities import Capabilities
from ssg.runtime.caching import Caching
from ssg.runtime.dialects import DIALECTS, NO_STORE, builder, prerender

UNSHARED = "private, max-age=0, must-revalidate"

_EDGE_HEADERS = frozenset(
    {
        "age",
        "cache-control",
        "cache-status",
        "connection",
        "content-length",
        "date",
        "etag",
        "server-timing",
        "transfer-encoding",
    }
)
"""Headers that the edge sets; those of a function are dropped (rule 12)."""

CONSUMED = frozenset(
    {
        "cache-tag",
        "cdn-cache-control",
        "cloudflare-cdn-cache-control",
        "netlify-cache-id",
        "netlify-cache-tag",
        "netlify-cdn-cache-control",
        "netlify-vary",
        "surrogate-control",
        "surrogate-key",
        "vercel-cache-tag",
        "vercel-cdn-cache-control",
    }
)
"""Headers for caches, which they do not send on."""

_NOT_SENT_ON = _EDGE_HEADERS | CONSUMED

_BROWSER = "Cache-Control"
_IGNORE_CACHE_CONTROL = frozenset({builder.__name__, prerender.__name__})
"""Their hosts do not send a function's own on (rule 12)."""


def dialect_headers(caching: Caching, host: Capabilities, cache_id: str = "") -> dict[str, str]:
    """What a function says to its host of the caching of an answer."""
    return DIALECTS.get(host.dialect, builder)(caching, cache_id)


def consumed_headers(caching: Caching, host: Capabilities, cache_id: str = "") -> dict[str, str]:
    """The part of it that the cache of the host keeps for itself."""
    said = dialect_headers(caching, host, cache_id)
    return {name: value for name, value in said.items() if name != _BROWSER}


def sent_headers(
    headers: Mapping[str, str], caching: Caching, host: Capabilities, front: str = ""
) -> dict[str, str]:
    """The headers of an answer as the cache of its host sends them on, in lower case.

    `front` is the dialect of a further cache, between this one and browsers: it is told of the
    caching, too.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    kept = {name: value for name, value in lowered.items() if name not in _NOT_SENT_ON}
    own = lowered.get("cache-control", "") if host.dialect not in _IGNORE_CACHE_CONTROL else ""
    said = DIALECTS[front](caching, "") if front else dialect_headers(caching, host)
    told = {name.lower(): value for name, value in said.items() if front or name == _BROWSER}
    return {**kept, **told, **({"cache-control": own} if own else {})}


def unshared_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers, in lower case, of an answer that a cache in front must not give to other visitors.
    Browsers may keep it, and ask again on each use."""
    kept = {name: value for name, value in headers.items() if name not in CONSUMED}
    is_stored = NO_STORE not in headers.get("cache-control", "")
    return {**kept, "cache-control": UNSHARED if is_stored else NO_STORE}
