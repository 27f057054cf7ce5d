"""Queries for the paths of live pages that the build knows (`paths` of routes)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ssg.model.queries.questions import question
from ssg.model.queries.rows import RowQueries

LIVE_ADDRESSES = "SELECT path, updated FROM live_path"


class KnownPath(NamedTuple):
    """The path of a live page, by columns. `route` is the number of its route."""

    path: str
    route: int
    language: str
    updated: str | None
    is_critical: int
    number: int
    """Its place in the list of the source, from 0."""


_KNOWN = f"SELECT {', '.join(KnownPath._fields)} FROM live_path"  # noqa: S608 our own names


class LivePathQueries(RowQueries):
    """The part of a `Site` about known paths. Only builds and sitemaps ask: a function has none."""

    @question()
    def known_paths(self) -> Iterator[KnownPath]:
        """All of them, by path."""
        return map(KnownPath._make, self._connection.execute(f"{_KNOWN} ORDER BY path"))

    @question()
    def critical_live_pages(self) -> list[KnownPath]:
        """Those that the build renders, in the order of their routes and sources."""
        query = f"{_KNOWN} WHERE is_critical ORDER BY route, number"
        return list(map(KnownPath._make, self._connection.execute(query)))

    @question()
    def count_live_paths(self) -> int:
        """The number of all known paths."""
        return self._count("live_path")

    @question()
    def live_alternates(self, path: str) -> list[tuple[str, str]]:
        """Language and path of each known translation of a live page, itself included.

        Two are translations if one table of the configuration declares their routes, and their
        paths below the home pages are the same.
        """
        routes = {one.number: one for one in self.settings.routes}
        row = self._connection.execute("SELECT route FROM live_path WHERE path = ?", (path,))
        found = row.fetchone()
        if found is None:
            return []
        own = routes[found[0]]
        below = path.removeprefix(self.settings.in_language(own.language).home_path)
        others = [one for one in self.settings.routes if one.table == own.table]
        places = [
            (one, self.settings.in_language(one.language).home_path + below) for one in others
        ]
        query = "SELECT 1 FROM live_path WHERE path = ? AND route = ?"
        return [
            (one.language, place)
            for one, place in places
            if self._connection.execute(query, (place, one.number)).fetchone()
        ]
