"""Dialects: the caching of an answer in the headers of each host.

A dialect is a pure function of a `Caching`. It always says something: a host keeps an answer
without caching headers for two hours, for ever, or not at all. Browsers keep every stored answer
and ask again on each use, so a purge reaches them, too; `max-age=0` also keeps a cache in front of
another one from storing a stale answer as fresh.

`cache_id` is the name under which a host keeps answers over deploys. Only Netlify's functions need
it: the other caches clear nothing at a deploy, or cannot keep anything.

| dialect | source |
|---|---|
| server | ssg's own: it reads the caching itself, and browsers get what `builder` says |
| builder | Netlify docs, On-demand Builders: the TTL is a value of the response, not a header |
| netlify | Netlify docs, Caching overview; `durable` shares an answer between all nodes |
| prerender | Vercel docs, Build Output API: the TTL is in the configuration of a function |
| vercel | Vercel docs, Cache-Control headers; Cache tags |
| cloudfront | AWS docs, Manage how long content stays in the cache; Invalidate by cache tag |
| surrogate | Fastly docs, Surrogate-Key; Varnish, xkey; RFC 5861 |
| cloudflare | Cloudflare docs, CDN-Cache-Control; `s-maxage` would switch stale answers off |
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ssg.runtime.caching import Caching

Headers = dict[str, str]
Dialect = Callable[[Caching, str], Headers]

LONGEST_SECONDS = 31_536_000
"""A year, the longest time that hosts know: until the next deploy."""

REVALIDATED = "public, max-age=0, must-revalidate"
"""For browsers: keep the answer, and ask again on each use."""

NO_STORE = "no-store"


def builder(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """Netlify's On-demand Builders. Their cache reads no header."""
    return {"Cache-Control": REVALIDATED if caching.is_stored else NO_STORE}


def server(caching: Caching, cache_id: str = "") -> Headers:
    """A server of `ssg`, which reads no header, either. A cache in front of it has a dialect."""
    return builder(caching, cache_id)


def netlify(caching: Caching, cache_id: str = "") -> Headers:
    """Netlify's functions. Their cache key has the whole query unless `Netlify-Vary` says which
    parameters count; this one names a parameter that nobody sends.
    """
    if not caching.is_stored:
        return {"Cache-Control": NO_STORE, "Netlify-CDN-Cache-Control": NO_STORE}
    kept = {"Netlify-Cache-ID": cache_id} if cache_id else {}
    return {
        "Cache-Control": REVALIDATED,
        "Netlify-CDN-Cache-Control": f"public, durable, {_shared(caching)}",
        "Netlify-Vary": "query=_ssg",
        **_tagged("Netlify-Cache-Tag", caching, ","),
        **kept,
    }


def prerender(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """Vercel's Prerender functions. Their configuration says how long an answer is kept."""
    return {"Cache-Control": REVALIDATED if caching.is_stored else NO_STORE}


def vercel(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """Vercel's functions."""
    if not caching.is_stored:
        return {"Cache-Control": NO_STORE, "Vercel-CDN-Cache-Control": NO_STORE}
    return {
        "Cache-Control": REVALIDATED,
        "Vercel-CDN-Cache-Control": f"public, {_shared(caching)}",
        **_tagged("Vercel-Cache-Tag", caching, ","),
    }


def cloudfront(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """CloudFront, whose distribution names `Cache-Tag` as the header of tags."""
    return _plain("Cache-Tag", caching, ",")


def surrogate(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """Varnish with xkey, Fastly, nginx, and other shared caches."""
    return _plain("Surrogate-Key", caching, " ")


def cloudflare(caching: Caching, cache_id: str = "") -> Headers:  # noqa: ARG001 the type of dialects
    """Cloudflare before a server of one's own."""
    if not caching.is_stored:
        return {"Cache-Control": NO_STORE, "Cloudflare-CDN-Cache-Control": NO_STORE}
    fresh, stale = _seconds(caching.fresh_seconds), _seconds(caching.stale_seconds)
    times = f"max-age={fresh}, stale-while-revalidate={stale}, stale-if-error={stale}"
    return {
        "Cache-Control": REVALIDATED,
        "Cloudflare-CDN-Cache-Control": f"public, {times}",
        **_tagged("Cache-Tag", caching, ","),
    }


DIALECTS: Mapping[str, Dialect] = MappingProxyType(
    {
        one.__name__: one
        for one in (builder, server, netlify, prerender, vercel, cloudfront, surrogate, cloudflare)
    }
)
"""Every dialect by its name."""


def _plain(tag_header: str, caching: Caching, separator: str) -> Headers:
    """One `Cache-Control` for browsers and shared caches (RFC 9111). `must-revalidate` would forbid
    stale answers to both."""
    if not caching.is_stored:
        return {"Cache-Control": NO_STORE}
    stale = _seconds(caching.stale_seconds)
    times = f"public, max-age=0, {_shared(caching)}, stale-if-error={stale}"
    return {"Cache-Control": times, **_tagged(tag_header, caching, separator)}


def _shared(caching: Caching) -> str:
    fresh, stale = _seconds(caching.fresh_seconds), _seconds(caching.stale_seconds)
    return f"s-maxage={fresh}, stale-while-revalidate={stale}"


def _tagged(header: str, caching: Caching, separator: str) -> Headers:
    return {header: separator.join(caching.tags)} if caching.tags else {}


def _seconds(value: int | None) -> int:
    return LONGEST_SECONDS if value is None else min(value, LONGEST_SECONDS)
