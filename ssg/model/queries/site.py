"""Queries of the site database: every collection that a template can use.

The build, the preview and the builder all use these, so they cannot disagree. Each question is one
indexed look-up or range, whatever the size of the site. Every order is total: ties are broken by
`id`, which follows the source path.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from ssg.model.database import open_readonly
from ssg.model.page import LISTED_KINDS, UNDATED, Body, Page, PageKind, Term
from ssg.model.queries.live_paths import LIVE_ADDRESSES, LivePathQueries
from ssg.model.queries.pictures import PictureQueries
from ssg.model.queries.plan import PlanQueries
from ssg.model.queries.questions import Argument, Change, Listener, question
from ssg.model.queries.render_inputs import RenderInputQueries
from ssg.model.queries.rows import JOINED, PAGE
from ssg.model.queries.search import SearchQueries
from ssg.model.queries.translations import TranslationQueries
from ssg.model.settings import SiteSettings
from ssg.model.texts import FOLDER, MissingBlock, Texts

_OWN = f"{PAGE} WHERE kind = 'page' AND language = ?"
_IN = f"{JOINED} JOIN listing ON page_id = page.id WHERE section_id = ?"
RELATED_TERMS, RELATED_PAGES = 20, 200
"""The number of terms of a page, and of pages of a term, that are compared for related pages."""

_SHARED = (
    "SELECT page_id, ? AS score FROM (SELECT page_id FROM page_term WHERE term_id = ? "  # noqa: S608 our own names
    f"ORDER BY sort_key, page_id LIMIT {RELATED_PAGES})"
)

_LISTED_KINDS = ", ".join(f"'{kind}'" for kind in sorted(LISTED_KINDS))
_TERM_COLUMNS = "id, taxonomy, name, slug, path, page_count, language"
_TERM = f"SELECT {_TERM_COLUMNS} FROM term"  # noqa: S608 our own names


MenuTree = Mapping[str, Sequence[Mapping[str, Any]]]


class Site(
    RenderInputQueries,
    TranslationQueries,
    SearchQueries,
    PlanQueries,
    LivePathQueries,
    PictureQueries,
):
    """A finished site database, open for reading."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        texts: Texts | None = None,
        listener: Listener | None = None,
    ) -> None:
        """Without `texts`, everything but the text of a page may be asked for."""
        self._connection = connection
        self.listener = listener
        self.texts = texts or Texts(Path(FOLDER))
        meta = dict(connection.execute("SELECT key, value FROM meta"))
        self.settings = SiteSettings.from_json(meta["settings"])
        self._menus: MenuTree = json.loads(meta["menus"])
        self._build_id: str = meta["build_id"]
        self._build_time: str = meta["build_time"]
        self.setups: tuple[str, ...] = tuple(json.loads(meta.get("setups", "[]")))

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Open a database; the texts are in the folder beside it."""
        return cls(open_readonly(path), Texts.beside(Path(path)))

    def close(self) -> None:
        self._connection.close()

    def wanted(self, missing: MissingBlock) -> list[str]:
        """Digests of the blocks to bring when one is missing."""
        return [missing.digest]

    def path_of(self, page_id: int) -> str | None:
        """The path of a page. It is not a question: records of questions need it."""
        row = self._connection.execute("SELECT path FROM page WHERE id = ?", (page_id,)).fetchone()
        return row[0] if row else None

    def term_path_of(self, term_id: int) -> str | None:
        """The path of a term. It is not a question, either."""
        row = self._connection.execute("SELECT path FROM term WHERE id = ?", (term_id,)).fetchone()
        return row[0] if row else None

    def term_paths_of(self, page_id: int) -> list[str]:
        """The paths of the terms of a page. It is not a question, either."""
        return [term.path for term in self._terms_of(page_id)]

    @property
    @question(changed_by=Change.NAMED)
    def menus(self) -> MenuTree:
        """The entries of each menu as a tree: `name`, `path` or `url`, `children`.

        In a site in several languages, the menus are by language.
        """
        return self._menus

    @property
    @question(changed_by=Change.NAMED)
    def build_id(self) -> str:
        """The same for two builds that publish the same."""
        return self._build_id

    @property
    @question(changed_by=Change.NAMED)
    def build_time(self) -> str:
        """When the site was built, in ISO 8601."""
        return self._build_time

    def menus_in(self, language: str) -> MenuTree:
        """The menus that pages of a language show."""
        menus: Mapping[str, Any] = self.menus
        return menus[language] if self.settings.languages else menus

    # -- one page ----------------------------------------------------------------------------

    @question(changed_by=Change.NAMED, name="page")
    def page_at(self, path: str) -> Page | None:
        return self._named("path", path)

    @question(Argument.PAGE_ID, changed_by=Change.NAMED, name="page")
    def page_by_id(self, page_id: int) -> Page:
        page = self._page(f"{PAGE} WHERE id = ?", page_id)
        if page is None:
            raise KeyError(page_id)
        return page

    @question(changed_by=Change.NAMED)
    def page_from(self, source: str) -> Page | None:
        """The page of a source file, relative to the content folder: `blog/post.md`.

        Where other languages show it too, it is the one in its own.
        """
        return self._named("source", source)

    @question()
    def sources(self) -> list[str]:
        """All source files of pages, in order."""
        rows = self._connection.execute(
            "SELECT DISTINCT source FROM page WHERE source > '' ORDER BY source"
        )
        return [source for (source,) in rows]

    @question(Argument.PAGE_ID, changed_by=Change.NAMED)
    def body(self, page_id: int) -> Body:
        """The text of a page. Raises MissingBlock."""
        found = self._connection.execute(
            "SELECT digest, start, length, line FROM body JOIN block ON block_id = block.id "
            "WHERE page_id = ?", (page_id,),
        ).fetchone()  # fmt: skip
        if found is None:
            return Body("", 1)
        digest, start, length, line = found
        return Body(self.texts.read(digest, start, length), line)

    @question(Argument.PAGE_ID, changed_by=Change.NAMED)
    def words(self, page_id: int) -> int:
        """The number of words in the text of a page."""
        row = self._connection.execute("SELECT words FROM body WHERE page_id = ?", (page_id,))
        found: tuple[int] | None = row.fetchone()
        return found[0] if found else 0

    @question(Argument.PAGE_ID, changed_by=Change.NAMED)
    def assets(self, page_id: int) -> list[str]:
        rows = self._connection.execute(
            "SELECT name FROM asset WHERE page_id = ? ORDER BY name", (page_id,)
        )
        return [name for (name,) in rows]

    @question(changed_by=Change.NAMED)
    def asset_from(self, source: str) -> tuple[int, str] | None:
        """The page to which an asset belongs, and the name of the asset there."""
        found: tuple[int, str] | None = self._connection.execute(
            "SELECT page_id, name FROM asset WHERE source = ?", (source,)
        ).fetchone()
        return found

    # -- collections -------------------------------------------------------------------------

    @question(Argument.PAGE_ID, changed_by=Change.SLICE)
    def pages_in(self, section_id: int, offset: int = 0, limit: int = -1) -> list[Page]:
        """The pages that a section lists, in the order of the section."""
        return self._pages(
            f"{_IN} ORDER BY listing.sort_key, page_id LIMIT ? OFFSET ?", section_id, limit, offset
        )

    @question(Argument.PAGE_ID, changed_by=Change.CHILDREN)
    def sections_in(self, section_id: int) -> list[Page]:
        return list(
            self._few(
                f"{PAGE} WHERE parent_id = ? AND kind = 'section' ORDER BY sort_key, id", section_id
            )
        )

    @question(Argument.PAGE_ID, changed_by=Change.NAMED)
    def count_in(self, section_id: int) -> int:
        return self._count("listing WHERE section_id = ?", section_id)

    @question(Argument.TERM_ID, changed_by=Change.SLICE)
    def pages_with(self, term_id: int, offset: int = 0, limit: int = -1) -> list[Page]:
        """Pages of a term, newest first; undated ones last."""
        return self._pages(
            f"{JOINED} JOIN page_term ON page_id = page.id WHERE page_term.term_id = ? "
            "ORDER BY page_term.sort_key, page_id LIMIT ? OFFSET ?",
            term_id, limit, offset,
        )  # fmt: skip

    @question(changed_by=Change.SLICE)
    def pages(self, offset: int = 0, limit: int = -1, language: str = "") -> list[Page]:
        """Every page made of a Markdown file, newest first; undated ones last."""
        return self._pages(
            f"{_OWN} ORDER BY date_key, id LIMIT ? OFFSET ?", language, limit, offset
        )

    @question(changed_by=Change.LISTS)
    def count_pages(self, language: str = "") -> int:
        return self._count("page WHERE kind = 'page' AND language = ?", language)

    @question(Argument.VALUE, Argument.PAGE_ID, changed_by=Change.LISTS)
    def newest(self, limit: int, section_id: int | None = None, language: str = "") -> list[Page]:
        """The newest dated pages of the site, or of one section."""
        if section_id is None:
            return self._pages(
                f"{_OWN} AND date_key < ? ORDER BY date_key, id LIMIT ?", language, UNDATED, limit
            )
        return self._pages(
            f"{_IN} AND kind = 'page' AND date_key < ? ORDER BY date_key, page_id LIMIT ?",
            section_id, UNDATED, limit,
        )  # fmt: skip

    @question(Argument.TERM_ID, changed_by=Change.LISTS)
    def newest_with(self, term_id: int, limit: int) -> list[Page]:
        """The newest dated pages of a term."""
        return self._pages(
            f"{JOINED} JOIN page_term ON page_id = page.id WHERE page_term.term_id = ? "
            "AND kind = 'page' AND page_term.sort_key < ? "
            "ORDER BY page_term.sort_key, page_id LIMIT ?",
            term_id, UNDATED, limit,
        )  # fmt: skip

    @question(changed_by=Change.LISTS)
    def archives(self, language: str = "") -> list[Page]:
        """The list of years, and then each year, newest first."""
        return list(
            self._few(
                f"{PAGE} WHERE kind = 'archive' AND language = ? "
                "ORDER BY parent_id IS NOT NULL, date_key, id",
                language,
            )
        )

    @question(changed_by=Change.LISTS)
    def pages_between(
        self, after: int, until: int, offset: int = 0, limit: int = -1, language: str = ""
    ) -> list[Page]:
        """Pages of a span of time, newest first, by their `date_key`."""
        return self._pages(
            f"{_OWN} AND date_key > ? AND date_key <= ? ORDER BY date_key, id LIMIT ? OFFSET ?",
            language, after, until, limit, offset,
        )  # fmt: skip

    @question(Argument.PAGE_ID, Argument.MAPPING, changed_by=Change.SHARED_TERMS)
    def related(self, page_id: int, weights: Mapping[str, int], limit: int) -> list[Page]:
        """The pages that share terms with a page.

        They are ordered by the sum of the weights of the shared terms' taxonomies, then newest
        first, then by id. Of a frequent term only the newest pages are compared, so that the cost
        does not grow with the site; rare terms are preferred, as they say most.
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
            f"{JOINED} JOIN (SELECT page_id, sum(score) AS score FROM ({shared}) "  # noqa: S608 our own names
            "WHERE page_id <> ? GROUP BY page_id) ON page_id = page.id "
            "ORDER BY score DESC, date_key, id LIMIT ?",
            *values, page_id, limit,
        )  # fmt: skip

    @question(Argument.ROW, Argument.PAGE_ID, changed_by=Change.NAMED)
    def before(self, page: Page, section_id: int) -> Page | None:
        """The page listed directly before `page` in the outermost section that lists it."""
        return self._page(
            f"{_IN} AND (listing.sort_key, page_id) < (?, ?) "
            "ORDER BY listing.sort_key DESC, page_id DESC LIMIT 1",
            section_id, page.sort_key, page.id,
        )  # fmt: skip

    @question(Argument.ROW, Argument.PAGE_ID, changed_by=Change.NAMED)
    def after(self, page: Page, section_id: int) -> Page | None:
        """The page listed directly after `page` in the outermost section that lists it."""
        return self._page(
            f"{_IN} AND (listing.sort_key, page_id) > (?, ?) "
            "ORDER BY listing.sort_key, page_id LIMIT 1",
            section_id, page.sort_key, page.id,
        )  # fmt: skip

    @question(Argument.ROW, changed_by=Change.NAMED)
    def newer(self, page: Page) -> Page | None:
        """The page directly before `page` among all of its language, newest first."""
        return self._page(
            f"{_OWN} AND (date_key, id) < (?, ?) ORDER BY date_key DESC, id DESC LIMIT 1",
            page.language, page.date_key, page.id,
        )  # fmt: skip

    @question(Argument.ROW, changed_by=Change.NAMED)
    def older(self, page: Page) -> Page | None:
        """The page directly after `page` among all of its language, newest first."""
        return self._page(
            f"{_OWN} AND (date_key, id) > (?, ?) ORDER BY date_key, id LIMIT 1",
            page.language, page.date_key, page.id,
        )  # fmt: skip

    @question()
    def all_pages(self) -> Iterator[Page]:
        """Every page of every kind, by path, except for sections that are no page."""
        return self._each(f"{PAGE} WHERE template <> '' ORDER BY path")

    @question(changed_by=Change.ADDRESSES)
    def addresses(self, offset: int = 0, limit: int = -1) -> Iterator[tuple[str, str | None]]:
        """The path and the last change of each page that a sitemap lists, live ones included."""
        return iter(
            self._connection.execute(
                "SELECT path, coalesce(updated, date) FROM page "  # noqa: S608 our own names
                f"WHERE kind IN ({_LISTED_KINDS}) AND template <> '' UNION ALL {LIVE_ADDRESSES} "
                "ORDER BY path LIMIT ? OFFSET ?",
                (limit, offset),
            )
        )

    @question(changed_by=Change.LISTS)
    def sitemaps(self) -> list[Page]:
        """The parts of a sitemap that is too long for one file."""
        return self._pages(
            f"{PAGE} WHERE kind = 'sitemap' AND parent_id IS NOT NULL ORDER BY number"
        )

    # -- terms -------------------------------------------------------------------------------

    @question(changed_by=Change.LISTS)
    def terms(self, taxonomy: str, *, by_count: bool = False, language: str = "") -> list[Term]:
        """The terms of a taxonomy by name, as their ids are, or by their number of pages."""
        order = "page_count DESC, id" if by_count else "id"
        rows = self._connection.execute(
            f"{_TERM} WHERE taxonomy = ? AND language = ? ORDER BY {order}", (taxonomy, language)
        )
        return [Term(*row) for row in rows]

    @question(Argument.TERM_ID, changed_by=Change.NAMED)
    def term(self, term_id: int) -> Term:
        return self._term(term_id)

    def _term(self, term_id: int | str) -> Term:
        return Term(*self._connection.execute(f"{_TERM} WHERE id = ?", (term_id,)).fetchone())

    @question(Argument.PAGE_ID, changed_by=Change.NAMED)
    def terms_of(self, page_id: int) -> list[Term]:
        """Terms of a page, by taxonomy and then by name."""
        return self._terms_of(page_id)

    def _terms_of(self, page_id: int) -> list[Term]:
        row = self._connection.execute("SELECT terms FROM page WHERE id = ?", (page_id,)).fetchone()
        ids = (row[0] or "").split() if row else ()
        return sorted(map(self._term, ids), key=lambda term: term.id)

    @question(changed_by=Change.LISTS)
    def feeds(self, language: str = "") -> list[Page]:
        return self._pages(
            f"{PAGE} WHERE kind = '{PageKind.FEED}' AND language = ? ORDER BY path", language
        )

    @question(Argument.PAGE_ID, changed_by=Change.CHILDREN)
    def feed_of(self, section_id: int) -> Page | None:
        """The Atom feed of a section or term, which may also have an RSS feed."""
        return self._page(
            f"{PAGE} WHERE parent_id = ? AND kind = '{PageKind.FEED}' ORDER BY template", section_id
        )
