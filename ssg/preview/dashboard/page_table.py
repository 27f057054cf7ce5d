"""Queries of the dashboard: select, count and sort the pages of a site database.

They are not in `model.queries.site`, because that ships with the builder. No query reads all
pages into memory: SQLite sorts, counts and limits.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ssg.model.database import open_readonly
from ssg.model.queries.site import Site

MAX_COUNT = 10_000
"""A search inside paths counts up to this number."""

_COLUMN_ORDERS = {
    "path": ("path",),
    "plan": ("deferred", "reason", "path"),
    "template": ("template", "path"),
    "source": ("source IS NULL", "source", "path"),
}


@dataclass(frozen=True, slots=True)
class ListedPage:
    """The columns of a listed page. `path` is decoded."""

    id: int
    path: str
    kind: str
    template: str
    source: str | None
    deferred: bool
    ttl_seconds: int | None
    stale_seconds: int | None
    cache_tags: str
    reason: str


_COLUMNS = ", ".join(field.name for field in fields(ListedPage))


@dataclass(frozen=True, slots=True)
class PageSelection:
    """Which pages are selected, in which order."""

    deferred: bool | None = None
    search: str = ""
    only: Iterable[str] | None = None
    """Paths to choose from; None for all."""
    without: Iterable[str] | None = None
    """Paths to leave out."""
    ranked: Iterable[str] = ()
    """Paths that come first, in this order; the others follow by `column`."""
    column: str = "path"
    descending: bool = False


@dataclass(frozen=True, slots=True)
class PageCount:
    """A number of pages; if `is_capped`, there are more."""

    number: int
    is_capped: bool = False


class PageTable:
    """The pages of one build. Safe between threads."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()
        site = Site(connection)
        self.site_title = site.settings.title
        self.build_time = site.build_time
        self.total = self._number("SELECT count(*) FROM page")
        self.deferred = self._number("SELECT count(*) FROM page WHERE deferred")

    @classmethod
    def open(cls, database: Path) -> PageTable:
        """Open a site database. Raises `sqlite3.Error` if it cannot be read."""
        connection = open_readonly(database)
        try:
            return cls(connection)
        except sqlite3.Error:
            connection.close()
            raise

    @property
    def critical(self) -> int:
        """The number of critical pages."""
        return self.total - self.deferred

    def count(self, selection: PageSelection) -> PageCount:
        """Count the pages of a selection; a search inside paths up to a limit."""
        if selection.search or selection.only is not None or selection.without is not None:
            return self._counted(selection)
        known = {None: self.total, True: self.deferred, False: self.critical}
        return PageCount(known[selection.deferred])

    def page_slice(self, selection: PageSelection, offset: int, limit: int) -> list[ListedPage]:
        """Return `limit` pages of a selection from `offset` on."""
        condition, values = where(selection)
        ranking, order = order_by(selection, values)
        sql = f"{ranking} WHERE {condition} ORDER BY {order} LIMIT :limit OFFSET :offset"
        rows = self._rows(sql, {**values, "limit": limit, "offset": offset})
        return [ListedPage(*row) for row in rows]

    def has_deferred(self, path: str) -> bool:
        """Whether a deferred page has this path."""
        sql = "SELECT 1 FROM page WHERE path = :path AND deferred"
        return bool(self._rows(sql, {"path": path}))

    def _counted(self, selection: PageSelection) -> PageCount:
        condition, values = where(selection)
        sql = f"SELECT count(*) FROM (SELECT 1 FROM page WHERE {condition} LIMIT :cap)"  # noqa: S608 our own names
        cap = MAX_COUNT if selection.search and not is_prefix(selection.search) else self.total
        number = self._number(sql, {**values, "cap": cap + 1})
        return PageCount(min(number, cap), number > cap)

    def _number(self, sql: str, values: dict[str, Any] | None = None) -> int:
        return int(self._rows(sql, values or {})[0][0])

    def _rows(self, sql: str, values: dict[str, Any]) -> list[Any]:
        with self._lock, closing(self._connection.execute(sql, values)) as cursor:
            return cursor.fetchall()


def where(selection: PageSelection) -> tuple[str, dict[str, Any]]:
    """Return the WHERE condition of a selection, with its values."""
    parts, values = ["1"], {}
    if selection.deferred is not None:
        parts.append("deferred" if selection.deferred else "NOT deferred")
    if selection.search:
        parts.append(_SEARCH[is_prefix(selection.search)])
        values.update(search_values(selection.search))
    if selection.only is not None:
        parts.append("path IN (SELECT value FROM json_each(:only))")
        values["only"] = json.dumps(list(selection.only))
    if selection.without is not None:
        parts.append("path NOT IN (SELECT value FROM json_each(:without))")
        values["without"] = json.dumps(list(selection.without))
    return " AND ".join(parts), values


_SEARCH = {True: "path >= :first AND path < :last", False: "path LIKE :like ESCAPE '\\'"}


def is_prefix(search: str) -> bool:
    """Whether a search is for the beginning of a path, which the index finds."""
    return search.startswith("/")


def search_values(search: str) -> dict[str, str]:
    """Return the values of a search: a range of the index, or a pattern."""
    if is_prefix(search):
        return {"first": search, "last": search + "\U0010ffff"}
    escaped = search.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return {"like": f"%{escaped}%"}


def order_by(selection: PageSelection, values: dict[str, Any]) -> tuple[str, str]:
    """Return the SELECT and the ORDER BY of a selection. The order is total: paths are unique."""
    columns = _COLUMN_ORDERS[selection.column]
    order = ", ".join(f"{name} DESC" if selection.descending else name for name in columns)
    ranked = list(selection.ranked)
    if not ranked:
        return f"SELECT {_COLUMNS} FROM page", order  # noqa: S608 our own names
    values["ranked"] = json.dumps(ranked)
    return _RANKED, f"place IS NULL, place, {order}"


_RANKED = (
    "WITH ranking (place, ranked) AS MATERIALIZED (SELECT key, value FROM json_each(:ranked)) "  # noqa: S608 our own names
    f"SELECT {_COLUMNS} FROM page LEFT JOIN ranking ON ranked = path"
)
