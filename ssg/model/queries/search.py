"""Queries for the search index, which is made from all pages at once."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.page import Page
from ssg.model.queries.questions import question
from ssg.model.queries.rows import JOINED, RowQueries

_WITH_MARK = JOINED.replace(" FROM page", ", digest || '.' || start || '.' || length FROM page")
_SQL = (
    f"{_WITH_MARK} LEFT JOIN body ON body.page_id = page.id LEFT JOIN block ON block_id = block.id "
    "WHERE kind IN ('page', 'section') AND template <> '' ORDER BY page.id"
)


class SearchQueries(RowQueries):
    """The part of a `Site` that is about search."""

    @question()
    def pages_with_text(self) -> Iterator[tuple[Page, str]]:
        """Pages and sections in the order of their sources, each with a mark of its text.

        Equal marks mean equal texts.
        """
        for *columns, mark in self._connection.execute(_SQL):
            yield Page(*columns), mark or ""

    @question()
    def section_titles(self) -> dict[int, str]:
        """The titles of sections by id, without home pages."""
        return dict(
            self._connection.execute(
                "SELECT id, title FROM page WHERE kind = 'section' AND parent_id IS NOT NULL"
            )
        )
