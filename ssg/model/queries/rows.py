"""Rows of the site database as values."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property, lru_cache

from ssg.model.database import PAGE_COLUMNS
from ssg.model.page import Page
from ssg.model.queries.instrumented import InstrumentedQueries
from ssg.model.settings import SiteSettings

PAGE = f"SELECT {PAGE_COLUMNS} FROM page"  # noqa: S608 our own names
JOINED = f"SELECT {', '.join('page.' + name for name in PAGE_COLUMNS.split(', '))} FROM page"  # noqa: S608 our own names
"""The same for joins with other tables."""


CACHED_PAGES, CACHED_LISTS = 512, 16
"""Answers that are kept: every page asks for its section and for the home page."""


class RowQueries(InstrumentedQueries):
    """Reads rows as values. The database is finished, so an answer holds as long as it is open."""

    _connection: sqlite3.Connection
    settings: SiteSettings

    @cached_property
    def _page(self) -> Callable[..., Page | None]:
        return lru_cache(maxsize=CACHED_PAGES)(self._find)

    @cached_property
    def _few(self) -> Callable[..., Sequence[Page]]:
        """The pages of a short list that many pages show."""
        return lru_cache(maxsize=CACHED_LISTS)(lambda sql, *values: tuple(self._each(sql, *values)))

    def _find(self, sql: str, *values: object) -> Page | None:
        row = self._connection.execute(sql, values).fetchone()
        return Page._make(row) if row else None

    def _pages(self, sql: str, *values: object) -> list[Page]:
        return list(self._each(sql, *values))

    def _each(self, sql: str, *values: object) -> Iterator[Page]:
        return map(Page._make, self._connection.execute(sql, values))

    def _count(self, table_and_condition: str, *values: object) -> int:
        row = self._connection.execute(
            f"SELECT count(*) FROM {table_and_condition}",  # noqa: S608 our own names
            values,
        ).fetchone()
        return int(row[0])
