"""Questions asked of the site database: every collection that a template can see.

The build, the preview and the builder all ask here, so they cannot disagree. Each question is one
indexed look-up or range, whatever the size of the site. Orders are total: ties go by `id`, which
follows the source path.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ssg.model.code import Module
from ssg.model.database import PAGE_COLUMNS, open_readonly
from ssg.model.page import LISTED_KINDS, UNDATED, Body, Kind, Page, Template, Term
from ssg.model.settings import SiteSettings

_PAGE = f"SELECT {PAGE_COLUMNS} FROM page"  # noqa: S608 our own names
_LISTED = f"SELECT {', '.join('page.' + name for name in PAGE_COLUMNS.split(', '))} FROM page"  # noqa: S608
_IN = f"{_LISTED} JOIN listing ON page_id = page.id WHERE section_id = ?"
RELATED_TERMS, RELATED_PAGES = 20, 200
"""How many terms of a page, and pages of a term, are compared to find related pages."""

_SHARED = (
    "SELECT page_id, ? AS score FROM (SELECT page_id FROM page_term WHERE term_id = ? "  # noqa: S608
    f"ORDER BY sort_key, page_id LIMIT {RELATED_PAGES})"
)

_LISTED_KINDS = ", ".join(f"'{kind}'" for kind in sorted(LISTED_KINDS))
_TERM = "SELECT id, taxonomy, name, slug, path, page_count FROM term"


class Site:
    """A finished site database, open for reading."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.settings = SiteSettings.from_json(meta["settings"])
        self.menus: Mapping[str, Sequence[Mapping[str, Any]]] = json.loads(meta["menus"])
        """Entries of each menu as a tree: `name`, `path` or `url`, `children`."""
        self.build_id: str = meta["build_id"]
        self.build_time: str = meta["build_time"]
        self.setups: tuple[str, ...] = tuple(json.loads(meta.get("setups", "[]")))

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
        """Pages that a section lists, in the order that it asks for."""
        return self._pages(
            f"{_IN} ORDER BY listing.sort_key, page_id LIMIT ? OFFSET ?", section_id, limit, offset
        )

    def sections_in(self, section_id: int) -> list[Page]:
        return self._pages(
            f"{_PAGE} WHERE parent_id = ? AND kind = 'section' ORDER BY sort_key, id", section_id
        )

    def count_in(self, section_id: int) -> int:
        return self._count("listing WHERE section_id = ?", section_id)

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
            f"{_IN} AND date_key < ? ORDER BY date_key, page_id LIMIT ?", section_id, UNDATED, limit
        )

    def newest_with(self, term_id: int, limit: int) -> list[Page]:
        """The newest dated pages of a term."""
        return self._pages(
            f"{_LISTED} JOIN page_term ON page_id = page.id WHERE page_term.term_id = ? "
            "AND page_term.sort_key < ? ORDER BY page_term.sort_key, page_id LIMIT ?",
            term_id, UNDATED, limit,
        )  # fmt: skip

    def archives(self) -> list[Page]:
        """The list of years, and behind it each year, newest first."""
        return self._pages(
            f"{_PAGE} WHERE kind = 'archive' ORDER BY parent_id IS NOT NULL, date_key, id"
        )

    def pages_between(self, after: int, until: int, offset: int = 0, limit: int = -1) -> list[Page]:
        """Pages of a span of time, newest first, by their `date_key`."""
        return self._pages(
            f"{_PAGE} WHERE kind = 'page' AND date_key > ? AND date_key <= ? "
            "ORDER BY date_key, id LIMIT ? OFFSET ?",
            after, until, limit, offset,
        )  # fmt: skip

    def related(self, page_id: int, weights: Mapping[str, int], limit: int) -> list[Page]:
        """Pages that share terms with one: by the sum of the weights of shared terms' taxonomies,
        then the newest, then by id.

        Of a term in wide use only its newest pages are compared, so that a page costs the same
        however large the site is. The rarest terms come first, as they say most.
        """
        terms = sorted(self.terms_of(page_id), key=lambda term: (term.page_count, term.id))
        values: list[int] = []
        for term in terms[:RELATED_TERMS]:
            if weight := weights.get(term.taxonomy, 0):
                values += [weight, term.id]
        if not values:
            return []
        shared = " UNION ALL ".join([_SHARED] * (len(values) // 2))
        return self._pages(
            f"{_LISTED} JOIN (SELECT page_id, sum(score) AS score FROM ({shared}) "  # noqa: S608
            "WHERE page_id <> ? GROUP BY page_id) ON page_id = page.id "
            "ORDER BY score DESC, date_key, id LIMIT ?",
            *values, page_id, limit,
        )  # fmt: skip

    def before(self, page: Page, section_id: int) -> Page | None:
        """The page listed just ahead of `page` in the outermost section that lists it."""
        return self._page(
            f"{_IN} AND (listing.sort_key, page_id) < (?, ?) "
            "ORDER BY listing.sort_key DESC, page_id DESC LIMIT 1",
            section_id, page.sort_key, page.id,
        )  # fmt: skip

    def after(self, page: Page, section_id: int) -> Page | None:
        """The page listed just behind `page` in the outermost section that lists it."""
        return self._page(
            f"{_IN} AND (listing.sort_key, page_id) > (?, ?) "
            "ORDER BY listing.sort_key, page_id LIMIT 1",
            section_id, page.sort_key, page.id,
        )  # fmt: skip

    def newer(self, page: Page) -> Page | None:
        """The page just ahead of `page` in the whole site, newest first."""
        return self._page(
            f"{_PAGE} WHERE kind = 'page' AND (date_key, id) < (?, ?) "
            "ORDER BY date_key DESC, id DESC LIMIT 1",
            page.date_key, page.id,
        )  # fmt: skip

    def older(self, page: Page) -> Page | None:
        """The page just behind `page` in the whole site, newest first."""
        return self._page(
            f"{_PAGE} WHERE kind = 'page' AND (date_key, id) > (?, ?) "
            "ORDER BY date_key, id LIMIT 1",
            page.date_key, page.id,
        )  # fmt: skip

    def all_pages(self) -> Iterator[Page]:
        """Every page of every kind, by path. Sections that lead elsewhere are none."""
        return self._each(f"{_PAGE} WHERE template <> '' ORDER BY path")

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
        rows = self._connection.execute(
            "SELECT id FROM page WHERE NOT deferred AND template <> '' ORDER BY path"
        )
        return [page_id for (page_id,) in rows]

    def addresses(self, offset: int = 0, limit: int = -1) -> Iterator[tuple[str, str | None]]:
        """Path and last change of every page that a sitemap lists."""
        return iter(
            self._connection.execute(
                "SELECT path, coalesce(updated, date) FROM page "  # noqa: S608 our own names
                f"WHERE kind IN ({_LISTED_KINDS}) AND template <> '' ORDER BY path "
                "LIMIT ? OFFSET ?",
                (limit, offset),
            )
        )

    def sitemaps(self) -> list[Page]:
        """The parts of a sitemap that is too long for one file."""
        return self._pages(
            f"{_PAGE} WHERE kind = 'sitemap' AND parent_id IS NOT NULL ORDER BY number"
        )

    # -- terms -------------------------------------------------------------------------------

    def terms(self, taxonomy: str, *, by_count: bool = False) -> list[Term]:
        order = "page_count DESC, slug, id" if by_count else "slug, id"
        rows = self._connection.execute(f"{_TERM} WHERE taxonomy = ? ORDER BY {order}", (taxonomy,))
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
        """The Atom feed of a section or term, which has one of RSS beside it at most."""
        return self._page(
            f"{_PAGE} WHERE parent_id = ? AND kind = '{Kind.FEED}' ORDER BY template", section_id
        )

    # -- templates and data ------------------------------------------------------------------

    def template(self, name: str, layer: int = 0) -> Template | None:
        """The nearest template of a name, from `layer` downwards."""
        row = self._connection.execute(
            "SELECT name, origin, text, layer FROM template WHERE name = ? AND layer >= ? "
            "ORDER BY layer LIMIT 1",
            (name, layer),
        ).fetchone()
        return Template(*row) if row else None

    def templates(self) -> list[Template]:
        """Every template, those as well that a nearer layer hides."""
        rows = self._connection.execute(
            "SELECT name, origin, text, layer FROM template ORDER BY name, layer"
        )
        return [Template(*row) for row in rows]

    def template_names(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT name FROM template ORDER BY name")
        return [name for (name,) in rows]

    def module(self, name: str) -> Module | None:
        """A module of the site's own Python."""
        row = self._connection.execute(
            "SELECT name, origin, text, is_package FROM module WHERE name = ?", (name,)
        ).fetchone()
        return Module(*row) if row else None

    def module_names(self) -> list[str]:
        rows = self._connection.execute("SELECT name FROM module ORDER BY name")
        return [name for (name,) in rows]

    def data(self, name: str) -> Any:
        """The content of a data file by its name without suffix: `authors`, `team/london`."""
        row = self._connection.execute("SELECT json FROM data WHERE name = ?", (name,)).fetchone()
        return json.loads(row[0]) if row else None

    def data_names(self) -> list[str]:
        return [name for (name,) in self._connection.execute("SELECT name FROM data ORDER BY name")]

    def file(self, path: str) -> Any:
        """The content of a file by its path: `data/team.toml`, `content/trip/prices.csv`."""
        row = self._connection.execute("SELECT json FROM file WHERE path = ?", (path,)).fetchone()
        return json.loads(row[0]) if row else None

    def file_paths(self) -> list[str]:
        return [path for (path,) in self._connection.execute("SELECT path FROM file ORDER BY path")]

    def phrase(self, language: str, key: str) -> str | None:
        """A text of `i18n/`."""
        row = self._connection.execute(
            "SELECT text FROM phrase WHERE language = ? AND key = ?", (language, key)
        ).fetchone()
        return str(row[0]) if row else None

    def phrase_keys(self) -> list[str]:
        rows = self._connection.execute("SELECT DISTINCT key FROM phrase ORDER BY key")
        return [key for (key,) in rows]

    def published(self, path: str) -> tuple[str, str | None] | None:
        """Of a copied file its SHA-384 as hex digits, and the name that holds a part of that."""
        found: tuple[str, str | None] | None = self._connection.execute(
            "SELECT sha384, fingerprinted FROM published WHERE path = ?", (path,)
        ).fetchone()
        return found

    def published_paths(self) -> list[str]:
        rows = self._connection.execute("SELECT path FROM published ORDER BY path")
        return [path for (path,) in rows]

    def fingerprinted_paths(self) -> list[str]:
        rows = self._connection.execute(
            "SELECT fingerprinted FROM published WHERE fingerprinted > '' ORDER BY path"
        )
        return [path for (path,) in rows]

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
