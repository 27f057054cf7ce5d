"""Questions asked of the site database: every collection that a template can see.

The build, the preview and the builder all ask here, so they cannot disagree. Each question is one
indexed look-up or range, whatever the size of the site. Orders are total: ties go by `id`, which
follows the source path.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ssg.model.database import PAGE_COLUMNS, open_readonly
from ssg.model.page import UNDATED, Body, Kind, Page, Template, Term
from ssg.model.settings import SiteSettings

_PAGE = f"SELECT {PAGE_COLUMNS} FROM page"  # noqa: S608 our own names
_LISTED = f"SELECT {', '.join('page.' + name for name in PAGE_COLUMNS.split(', '))} FROM page"  # noqa: S608
_TERM = "SELECT id, taxonomy, name, slug, path, page_count FROM term"


class Site:
    """A finished site database, open for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.settings = SiteSettings.from_json(meta["settings"])
        self.build_id: str = meta["build_id"]
        self.build_time: str = meta["build_time"]

    @classmethod
    def open(cls, path: str | Path) -> Site:
        return cls(open_readonly(path))

    def close(self) -> None:
        self._connection.close()

    # -- one page ----------------------------------------------------------------------------

    def page_at(self, path: str) -> Page | None:
        return self._page(f"{_PAGE} WHERE path = ?", path)

    def page_by_id(self, page_id: int) -> Page:
        page = self._page(f"{_PAGE} WHERE id = ?", page_id)
        if page is None:
            raise KeyError(page_id)
        return page

    def page_from(self, source: str) -> Page | None:
        """The page of a source file, relative to the content folder: `blog/post.md`."""
        return self._page(f"{_PAGE} WHERE source = ?", source)

    def body(self, page_id: int) -> Body:
        row = self._connection.execute("SELECT text, line FROM body WHERE page_id = ?", (page_id,))
        found: tuple[str, int] | None = row.fetchone()
        return Body(*found) if found else Body("", 1)

    def assets(self, page_id: int) -> list[str]:
        rows = self._connection.execute(
            "SELECT name FROM asset WHERE page_id = ? ORDER BY name", (page_id,)
        )
        return [name for (name,) in rows]

    def asset_from(self, source: str) -> tuple[int, str] | None:
        """The page that a file of the content folder belongs to, and the file's name there."""
        found: tuple[int, str] | None = self._connection.execute(
            "SELECT page_id, name FROM asset WHERE source = ?", (source,)
        ).fetchone()
        return found

    # -- collections -------------------------------------------------------------------------

    def pages_in(self, section_id: int, offset: int = 0, limit: int = -1) -> list[Page]:
        """Pages of a section in the order that the section asks for."""
        return self._pages(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'page' ORDER BY sort_key, id LIMIT ? OFFSET ?",
            section_id, limit, offset,
        )  # fmt: skip

    def sections_in(self, section_id: int) -> list[Page]:
        return self._pages(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'section' ORDER BY sort_key, id", section_id
        )

    def count_in(self, section_id: int) -> int:
        return self._count("page WHERE parent_id = ? AND kind = 'page'", section_id)

    def pages_with(self, term_id: int, offset: int = 0, limit: int = -1) -> list[Page]:
        """Pages of a term, newest first; undated ones last."""
        return self._pages(
            f"{_LISTED} JOIN page_term ON page_id = page.id WHERE page_term.term_id = ? "
            "ORDER BY page_term.sort_key, page_id LIMIT ? OFFSET ?",
            term_id, limit, offset,
        )  # fmt: skip

    def pages(self, offset: int = 0, limit: int = -1) -> list[Page]:
        """Every page made of a Markdown file, newest first; undated ones last."""
        return self._pages(
            f"{_PAGE} WHERE kind = 'page' ORDER BY date_key, id LIMIT ? OFFSET ?", limit, offset
        )

    def count_pages(self) -> int:
        return self._count("page WHERE kind = 'page'")

    def newest(self, limit: int, section_id: int | None = None) -> list[Page]:
        """The newest dated pages of the site, or of one section."""
        if section_id is None:
            return self._pages(
                f"{_PAGE} WHERE kind = 'page' AND date_key < ? ORDER BY date_key, id LIMIT ?",
                UNDATED, limit,
            )  # fmt: skip
        return self._pages(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'page' AND date_key < ? "
            "ORDER BY date_key, id LIMIT ?",
            section_id, UNDATED, limit,
        )  # fmt: skip

    def before(self, page: Page) -> Page | None:
        """The page listed just ahead of `page` in its section."""
        return self._page(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'page' AND (sort_key, id) < (?, ?) "
            "ORDER BY sort_key DESC, id DESC LIMIT 1",
            page.parent_id, page.sort_key, page.id,
        )  # fmt: skip

    def after(self, page: Page) -> Page | None:
        """The page listed just behind `page` in its section."""
        return self._page(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'page' AND (sort_key, id) > (?, ?) "
            "ORDER BY sort_key, id LIMIT 1",
            page.parent_id, page.sort_key, page.id,
        )  # fmt: skip

    def all_pages(self) -> Iterator[Page]:
        """Every page of every kind, by path."""
        return self._each(f"{_PAGE} ORDER BY path")

    def deferred_pages(self) -> Iterator[Page]:
        return self._each(f"{_PAGE} WHERE deferred ORDER BY path")

    def left_out_pages(self) -> Iterator[tuple[str, str]]:
        """Path and reason of each page that only options of this build took in: drafts, say."""
        return iter(
            self._connection.execute(
                "SELECT path, json_extract(front, '$.left_out') AS reason FROM page "
                "WHERE instr(front, '\"left_out\"') AND reason IS NOT NULL ORDER BY path"
            )
        )

    def newest_deferred(self, limit: int) -> list[Page]:
        """Deferred pages, newest first; those without a date, such as lists, come last."""
        return self._pages(f"{_PAGE} WHERE deferred ORDER BY date_key, path LIMIT ?", limit)

    def critical_ids(self) -> list[int]:
        rows = self._connection.execute("SELECT id FROM page WHERE NOT deferred ORDER BY path")
        return [page_id for (page_id,) in rows]

    def addresses(self) -> Iterator[tuple[str, str | None]]:
        """Path and last change of every page that a sitemap lists."""
        return iter(
            self._connection.execute(
                "SELECT path, coalesce(updated, date) FROM page "
                "WHERE kind NOT IN ('404', 'sitemap', 'feed') ORDER BY path"
            )
        )

    # -- terms -------------------------------------------------------------------------------

    def terms(self, taxonomy: str) -> list[Term]:
        rows = self._connection.execute(
            f"{_TERM} WHERE taxonomy = ? ORDER BY slug, id", (taxonomy,)
        )
        return [Term(*row) for row in rows]

    def term(self, term_id: int) -> Term:
        row = self._connection.execute(f"{_TERM} WHERE id = ?", (term_id,)).fetchone()
        return Term(*row)

    def terms_of(self, page_id: int) -> list[Term]:
        """Terms of a page, by taxonomy and then by name."""
        rows = self._connection.execute(
            "SELECT id, taxonomy, name, slug, path, page_count FROM term JOIN page_term "
            "ON term_id = id WHERE page_id = ? ORDER BY taxonomy, slug, id",
            (page_id,),
        )
        return [Term(*row) for row in rows]

    def feeds(self) -> list[Page]:
        return self._pages(f"{_PAGE} WHERE kind = '{Kind.FEED}' ORDER BY path")

    def feed_of(self, section_id: int) -> Page | None:
        return self._page(f"{_PAGE} WHERE parent_id = ? AND kind = '{Kind.FEED}'", section_id)

    # -- templates and data ------------------------------------------------------------------

    def template(self, name: str) -> Template | None:
        row = self._connection.execute(
            "SELECT name, origin, text FROM template WHERE name = ?", (name,)
        ).fetchone()
        return Template(*row) if row else None

    def template_names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM template ORDER BY name")
        return [name for (name,) in rows]

    def data(self, name: str) -> Any:
        """The content of a data file by its name without suffix: `authors`, `team/london`."""
        row = self._connection.execute("SELECT json FROM data WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def data_names(self) -> list[str]:
        return [name for (name,) in self._connection.execute("SELECT name FROM data ORDER BY name")]

    # -- how rows become values --------------------------------------------------------------

    def _page(self, sql: str, *values: object) -> Page | None:
        row = self._connection.execute(sql, values).fetchone()
        return Page(*row) if row else None

    def _pages(self, sql: str, *values: object) -> list[Page]:
        return list(self._each(sql, *values))

    def _each(self, sql: str, *values: object) -> Iterator[Page]:
        return (Page(*row) for row in self._connection.execute(sql, values))

    def _count(self, table_and_condition: str, *values: object) -> int:
        row = self._connection.execute(
            f"SELECT count(*) FROM {table_and_condition}",  # noqa: S608 our own names
            values,
        ).fetchone()
        return int(row[0])
