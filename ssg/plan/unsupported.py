"""Compares what a site asks of its host's cache with what the host can do.

A hint names another kind of function of the same host, if that can do it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from ssg.model.cache_options import CacheOptions
from ssg.model.capabilities import Capabilities
from ssg.model.live.data_source import DataSource, SourceKind
from ssg.model.live.route import Route

Kinds = Mapping[str, Capabilities]
"""What each kind of function of a host can do."""


@dataclass(frozen=True, slots=True)
class Unsupported:
    """Something that a host cannot do, by the key that asks for it.

    What is not an error has no effect.
    """

    key: str
    message: str
    is_error: bool = False
    hint: str | None = None


def unsupported_options(
    asked: CacheOptions, can: Capabilities, kinds: Kinds
) -> Iterator[Unsupported]:
    """The cache options that a host does not have."""
    for found in _options(asked, can):
        yield _with_hint(found, kinds, lambda other: _options(asked, other))


def unsupported_route(route: Route, can: Capabilities, kinds: Kinds) -> Iterator[Unsupported]:
    """What the host cannot do for the live pages of a route."""
    for found in _route(route, can):
        yield _with_hint(found, kinds, lambda other: _route(route, other))


def unsupported_source(
    source: DataSource, can: Capabilities, kinds: Kinds
) -> Iterator[Unsupported]:
    """Why the host cannot ask a source, or may end a page before the source has answered."""
    if source.kind == SourceKind.SQL and not can.has_sockets:
        message = f'the source "{source.name}" is a database, which {can.host} cannot reach'
        hint = "Ask an HTTP API in front of it, such as PostgREST"
        yield Unsupported("kind", message, is_error=True, hint=hint)
    for found in _timeout(source, can):
        yield _with_hint(found, kinds, lambda other: _timeout(source, other))


def unsupported_drafts(can: Capabilities) -> Unsupported | None:
    """Why drafts cannot be looked at on a host; None if they can."""
    if can.has_drafts:
        return None
    message = f"drafts are for servers: a cache by path alone, as of {can.host}, gives them to all"
    hint = 'Look at drafts with ssg serve, or on a server of your own (target "server")'
    return Unsupported("drafts", message, is_error=True, hint=hint)


def cleared_cache(can: Capabilities, kinds: Kinds) -> Unsupported | None:
    """Why the cache cannot be kept over deploys; None if it can."""
    return next((_with_hint(found, kinds, _deploys) for found in _deploys(can)), None)


def too_many_pages(deferred: int, can: Capabilities, kinds: Kinds) -> Unsupported | None:
    """Why the host caches only some of the deferred pages; None if it caches all."""
    every = (
        _with_hint(found, kinds, lambda other: _pages(deferred, other))
        for found in _pages(deferred, can)
    )
    return next(every, None)


def _options(asked: CacheOptions, can: Capabilities) -> Iterator[Unsupported]:
    ttl, stale = asked.ttl_seconds, asked.stale_seconds
    if ttl is not None and not can.has_ttl_per_answer:
        yield _without_effect("ttl", can, "it is the same for all pages")
    elif ttl is not None and ttl < can.least_ttl_seconds:
        message = f'"ttl" is {ttl}, but must be at least {can.least_ttl_seconds} with {can.host}'
        yield Unsupported("ttl", message, is_error=True)
    if stale is not None and can.serves_any_stale:
        yield _without_effect("stale", can, "an expired page is served until a refresh succeeds")
    elif stale is not None and can.stale_seconds not in {None, stale}:
        yield _without_effect("stale", can, f"it is always {can.stale_seconds} s")
    if asked.cache_tags and not can.tags:
        yield _without_effect("cache_tags", can, "responses have no tags")


def _route(route: Route, can: Capabilities) -> Iterator[Unsupported]:
    asked = CacheOptions(route.ttl_seconds, route.stale_seconds, route.tags or None)
    for found in _options(asked, can):
        if found.key == "cache_tags":
            yield _without_effect("tags", can, "responses have no tags")
        else:
            yield found
    if route.ttl_seconds is None and not can.tags:
        message = (
            f'live pages without "ttl" stay as they are until the next deploy: {can.host} '
            "cannot be purged by tags"
        )
        yield Unsupported("path", message)


def _timeout(source: DataSource, can: Capabilities) -> Iterator[Unsupported]:
    if can.seconds is not None and source.timeout_seconds >= can.seconds:
        message = (
            f'the source "{source.name}" may take {source.timeout_seconds} s, but with {can.host} '
            f"a page has {can.seconds:g} s"
        )
        yield Unsupported("timeout", message)


def _without_effect(key: str, can: Capabilities, reason: str) -> Unsupported:
    return Unsupported(key, f'"{key}" has no effect with {can.host}: {reason}')


def _deploys(can: Capabilities) -> Iterator[Unsupported]:
    if not can.keeps_over_deploys:
        message = f'"keep_cache" cannot be true with {can.host}: each deploy clears the cache'
        yield Unsupported("keep_cache", message, is_error=True)


def _pages(deferred: int, can: Capabilities) -> Iterator[Unsupported]:
    if can.pages is not None and deferred > can.pages:
        limit = f"with {can.host}, a deploy has {can.pages:,} at most that are cached well"
        yield Unsupported("pages", f"the site has {deferred:,} deferred pages; {limit}")


def _with_hint(
    found: Unsupported, kinds: Kinds, others: Callable[[Capabilities], Iterator[Unsupported]]
) -> Unsupported:
    able = (kind for kind, can in kinds.items() if all(one.key != found.key for one in others(can)))
    kind = next(able, None)
    return replace(found, hint=f'Write kind = "{kind}" in [target]') if kind else found
