"""How long pages are fresh and stale: each of Vercel's Prerender functions has one lifetime."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ssg.model.live.route import Route
from ssg.targets.routing.live_rules import rule_path


@dataclass(frozen=True, slots=True, order=True)
class Lifetime:
    """How long a page is fresh and stale, as `Caching` says it."""

    fresh_seconds: int | None
    stale_seconds: int | None = None

    @property
    def name(self) -> str:
        """A name for the function with this lifetime."""
        fresh = "deploy" if self.fresh_seconds is None else str(self.fresh_seconds)
        stale = "" if self.stale_seconds is None else f"-{self.stale_seconds}"
        return f"{fresh}{stale}"

    @property
    def order(self) -> tuple[float, float]:
        """The order of lifetimes, the shortest first."""
        endless = float("inf")
        fresh, stale = self.fresh_seconds, self.stale_seconds
        return (endless if fresh is None else fresh, endless if stale is None else stale)


@dataclass(frozen=True, slots=True)
class Lifetimes:
    """The lifetimes of a site."""

    pages: Sequence[tuple[str, Lifetime]] = ()
    """The deferred pages."""
    live: Mapping[str, Lifetime] = field(default_factory=dict)
    """The live pages, by the path of a redirect rule: `/:user/:slug`. The narrowest come first."""

    @property
    def all(self) -> list[Lifetime]:
        """All lifetimes that pages have."""
        deferred = (lifetime for _, lifetime in self.pages)
        return list(dict.fromkeys((*deferred, *self.live.values())))


def live_lifetimes(routes: Iterable[Route]) -> dict[str, Lifetime]:
    """The lifetimes of live pages. Where the paths of routes cannot be told apart, the shortest."""
    found: dict[str, Lifetime] = {}
    for route in routes:
        lifetime = Lifetime(route.ttl_seconds, route.stale_seconds)
        for pattern in route.patterns:
            path = rule_path(pattern)
            found[path] = min(found.get(path, lifetime), lifetime, key=_order)
    return {path: found[path] for path in sorted(found, key=_narrowness)}


def _order(lifetime: Lifetime) -> tuple[float, float]:
    return lifetime.order


def _narrowness(path: str) -> tuple[bool, ...]:
    """Sorts a path before those that match more: `/tags/:tag` before `/:user/:slug`."""
    return tuple(segment.startswith(":") for segment in path.split("/"))
