"""Questions about the plan."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.page import Page, PageKind
from ssg.model.queries.questions import Argument, question
from ssg.model.queries.rows import PAGE, RowQueries

DeferralRow = tuple[str, str | None, str, int | None, int | None, str, str]
"""Path, source, template, ttl, stale, cache tags and reason of a deferred page."""


class PlanQueries(RowQueries):
    """The part of a `Site` about the plan, for builds, functions and previews."""

    @question()
    def critical_pages(self) -> list[tuple[str, int]]:
        """Path and id of each page that a build renders."""
        return self._connection.execute(
            "SELECT path, id FROM page WHERE NOT deferred AND template <> '' ORDER BY path"
        ).fetchall()

    @question()
    def deferred_paths(self) -> list[str]:
        rows = self._connection.execute("SELECT path FROM page WHERE deferred ORDER BY path")
        return [path for (path,) in rows]

    @question()
    def deferred_pages(self) -> Iterator[Page]:
        return self._each(f"{PAGE} WHERE deferred ORDER BY path")

    @question()
    def deferrals(self) -> Iterator[DeferralRow]:
        """A row for each deferred page, by path."""
        return iter(
            self._connection.execute(
                "SELECT path, source, template, ttl_seconds, stale_seconds, cache_tags, reason "
                "FROM page WHERE deferred ORDER BY path"
            )
        )

    @question()
    def newest_deferred(self, limit: int) -> list[Page]:
        """Deferred pages, newest first; those without a date, such as lists, come last."""
        return self._pages(f"{PAGE} WHERE deferred ORDER BY date_key, path LIMIT ?", limit)

    @question()
    def left_out_pages(self) -> Iterator[tuple[str, str]]:
        """Path and reason of each page that is published only by an option, such as a draft."""
        return iter(
            self._connection.execute(
                "SELECT path, json_extract(front, '$.left_out') AS reason FROM page "
                "WHERE instr(front, '\"left_out\"') AND reason IS NOT NULL ORDER BY path"
            )
        )

    @question()
    def list_kinds(self) -> dict[int, str]:
        """The kinds of pages that list others, by page id. Such pages can be long."""
        query = f"SELECT id, kind FROM page WHERE kind <> '{PageKind.PAGE}'"  # noqa: S608 our own name
        return dict(self._connection.execute(query).fetchall())

    @question(Argument.PAGE_ID)
    def block_of(self, page_id: int) -> str | None:
        """The block that the text of a page is in."""
        row = self._connection.execute(
            "SELECT digest FROM body JOIN block ON block_id = block.id WHERE page_id = ?",
            (page_id,),
        ).fetchone()
        return str(row[0]) if row else None
