"""Finds the route of a path."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from ssg.model.live.cursor import decode_cursor
from ssg.model.live.data_request import Scalar
from ssg.model.live.route import CURSOR, PAGER_NUMBER, Route
from ssg.model.live.route_pattern import RoutePattern, narrowest_first
from ssg.model.settings import SiteSettings


@dataclass(frozen=True, slots=True)
class FoundRoute:
    """A route with the values of a path: one live page that may exist."""

    route: Route
    path: str
    params: Mapping[str, str] = field(default_factory=dict)
    """The values of the placeholders of the route."""
    number: int = 1
    """Which part of its list the page shows, if it has one in numbered parts."""
    cursor: str = ""
    """Where that part begins, if the list has a cursor."""

    def values(self, settings: SiteSettings) -> dict[str, Scalar]:
        """The values that requests for data may use."""
        size = self.route.list.paginate_by if self.route.list else 0
        return {
            **self.params,
            "language": settings.in_language(self.route.language).language_code,
            "number": self.number,
            "cursor": self.cursor,
            "limit": size,
            "offset": (self.number - 1) * size,
        }


@dataclass(frozen=True, slots=True)
class RouteTable:
    """All patterns of a site with their routes, the narrowest first."""

    entries: tuple[tuple[RoutePattern, Route], ...] = ()

    @classmethod
    def of(cls, routes: Sequence[Route]) -> Self:
        """The table of some routes."""
        entries = [(pattern, route) for route in routes for pattern in route.patterns]
        order = narrowest_first([pattern for pattern, _ in entries])
        return cls(tuple(entries[number] for number in order))

    def find(self, path: str) -> FoundRoute | None:
        """The route of a decoded path, in exactly this spelling."""
        for pattern, route in self.entries:
            params = pattern.match(path)
            if params is not None:
                found = _found(route, path, params, is_part=pattern is not route.pattern)
                if found:
                    return found
        return None

    def first_part(self, path: str) -> FoundRoute | None:
        """The page of a list, for the path of its part 1, which is no page of its own."""
        for pattern, route in self.entries:
            params = pattern.match(path) if pattern is not route.pattern else None
            if params and params.pop(PAGER_NUMBER, "") == "1":
                return FoundRoute(route, route.pattern.fill(params), params)
        return None


def _found(route: Route, path: str, params: dict[str, str], *, is_part: bool) -> FoundRoute | None:
    """A route with its values; None for a part of a list that cannot be."""
    number, cursor = int(params.pop(PAGER_NUMBER, "1")), params.pop(CURSOR, "")
    if not is_part:
        return FoundRoute(route, path, params)
    if cursor:
        decoded = decode_cursor(cursor)
        return FoundRoute(route, path, params, cursor=decoded) if decoded else None
    return FoundRoute(route, path, params, number) if number > 1 else None
