"""The caches that can stand in front of a server, by name.

A front reads the caching of an answer in a dialect (`ssg.runtime.dialects`). Most have an API to
purge by tags. nginx has none: it keeps a page until its time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pkgutil import resolve_name
from types import MappingProxyType
from typing import cast

from ssg.targets.purge.purger import Purger


@dataclass(frozen=True, slots=True)
class Front:
    """One kind of cache in front of a server."""

    name: str
    dialect: str
    """The name of its dialect."""
    purger_class: str = ""
    """Where the class of its purger is, as `module:name`; empty if it has none."""

    def purger(self, environment: Mapping[str, str], log: Callable[[str], None]) -> Purger | None:
        """What purges the cache that the environment names; None if no API does.

        Raises PurgeError if the environment lacks something. `log` gets what it waits for.
        """
        if not self.purger_class:
            return None
        return cast(Purger, resolve_name(self.purger_class)(environment, log=log))


_ROOM = "ssg.targets.fronts"

FRONTS: Mapping[str, Front] = MappingProxyType(
    {
        front.name: front
        for front in (
            Front("varnish", "surrogate", f"{_ROOM}.varnish:VarnishPurger"),
            Front("nginx", "surrogate"),
            Front("fastly", "surrogate", f"{_ROOM}.fastly:FastlyPurger"),
            Front("cloudflare", "cloudflare", f"{_ROOM}.cloudflare:CloudflarePurger"),
            Front("cloudfront", "cloudfront", f"{_ROOM}.cloudfront:CloudFrontPurger"),
        )
    }
)
