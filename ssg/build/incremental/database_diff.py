"""The differences between the site database of this build and that of the build before.

Both databases are complete, so what differs can be asked of SQLite: one connection reads the new
database with the old one attached. Ids are numbers of one build, so pages are compared by path, and
lists as sequences of paths. A page differs if a column differs that a template may see: what the
plan decided does not count, and neither does the page's place in lists, because the lists are
compared themselves.

Each kind of difference is looked for when it is first asked for, and most are queries over indexes.
If it is known which rows were patched (`PatchedRows`), only those are compared: an edit of one page
of 100,000 costs a few look-ups.

Words: `rows` are the paths of pages that are new, gone or say something else; a list *moved* if its
members or their order changed; a question is *named* if the diff can tell that its answer changed
without asking it (`Change.NAMED`).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path

from ssg.build.incremental.dependencies.asked_questions import UNSEEN_COLUMNS
from ssg.content.row_patch import PatchedRows
from ssg.model.database import PAGE_COLUMNS, open_readonly
from ssg.model.queries.site import Site
from ssg.render.dependencies.recorder import AskedQuestion

PLACE_COLUMNS = ("sort_key", "date_key")
"""Columns that decide only the place of a page in lists."""
ADDRESS_COLUMNS = ("kind", "template", "date", "updated")
"""Columns that decide whether and how a sitemap lists a page."""

_SEEN = tuple(c for c in PAGE_COLUMNS.split(", ") if c not in (*UNSEEN_COLUMNS, *PLACE_COLUMNS))


_VALUES = "SELECT value FROM json_each(?)"


def _other(columns: Iterable[str]) -> str:
    return " OR ".join(f"n.{column} IS NOT o.{column}" for column in columns)


def _only(column: str, ids: Collection[int] | None) -> tuple[str, tuple[str, ...]]:
    """A condition for rows with some ids, and its values; no condition if `ids` is None."""
    if ids is None:
        return "", ()
    return f" AND {column} IN ({_VALUES})", (json.dumps(sorted(ids)),)


_PAGES = f"""
    SELECT n.path, o.path, np.path, op.path,
        {_other(_SEEN)} OR np.path IS NOT op.path OR nt.path IS NOT ot.path AS is_other,
        {_other(PLACE_COLUMNS)} AS is_moved, {_other(ADDRESS_COLUMNS)} AS is_readdressed
    FROM page AS n LEFT JOIN old.page AS o ON o.path = n.path
    LEFT JOIN page AS np ON np.id = n.parent_id LEFT JOIN old.page AS op ON op.id = o.parent_id
    LEFT JOIN term AS nt ON nt.id = n.term_id LEFT JOIN old.term AS ot ON ot.id = o.term_id
    WHERE (is_other OR is_moved) {{0}}
"""  # noqa: S608 our own names
_GONE_PAGES = (
    "SELECT o.path, op.path FROM old.page AS o LEFT JOIN old.page AS op ON op.id = o.parent_id "
    "WHERE NOT EXISTS (SELECT 1 FROM page WHERE path = o.path)"
)
_CHANGED_TEXTS = """
    SELECT n.path FROM page AS n JOIN old.page AS o ON o.path = n.path
    LEFT JOIN body AS nb ON nb.page_id = n.id LEFT JOIN old.body AS ob ON ob.page_id = o.id
    WHERE nb.text_hash IS NOT ob.text_hash {0}
"""
_CHANGED_WORDS = """
    SELECT n.path FROM page AS n JOIN old.page AS o ON o.path = n.path
    LEFT JOIN body AS nb ON nb.page_id = n.id LEFT JOIN old.body AS ob ON ob.page_id = o.id
    WHERE nb.words IS NOT ob.words {0}
"""
STRUCTURE_TABLES = frozenset({"asset", "listing", "page_term", "term", "translation"})
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' \
AND name NOT IN ('page', 'body', 'block', 'meta')"
_LISTING = """
    SELECT s.path, p.path FROM {0}.listing AS l JOIN {0}.page AS s ON s.id = l.section_id
    JOIN {0}.page AS p ON p.id = l.page_id WHERE true {1}
    ORDER BY l.section_id, l.sort_key, l.page_id
"""
_TERMS = """
    SELECT t.path, p.path FROM {0}.page_term AS l JOIN {0}.term AS t ON t.id = l.term_id
    JOIN {0}.page AS p ON p.id = l.page_id WHERE true {1}
    ORDER BY l.term_id, l.sort_key, l.page_id
"""
_THESE = f"SELECT id FROM {{0}}.page WHERE path IN ({_VALUES})"  # noqa: S608 our own names
_SECTIONS_OF = f"SELECT section_id FROM {{0}}.listing WHERE page_id IN ({_THESE})"  # noqa: S608 our own names
_TERMS_OF = f"SELECT term_id FROM {{0}}.page_term WHERE page_id IN ({_THESE})"  # noqa: S608 our own names
_LISTS_OF = {
    "pages_in": f"SELECT path FROM {{0}}.page WHERE id IN ({_SECTIONS_OF})",  # noqa: S608 our own names
    "pages_with": f"SELECT path FROM {{0}}.term WHERE id IN ({_TERMS_OF})",  # noqa: S608 our own names
    "pages": f"SELECT DISTINCT language FROM {{0}}.page WHERE path IN ({_VALUES})",  # noqa: S608 our own names
}
"""Questions for lists, and queries for the lists that contain some pages."""
_DATES = "SELECT language, path FROM {0}.page WHERE kind = 'page' {1} ORDER BY date_key, id"
_TERM_NAMES = "SELECT path, taxonomy, name, slug FROM {0}.term"
_TERM_COUNTS = "SELECT path, page_count FROM {0}.term"
_ASSETS = "SELECT asset.source, p.path, name FROM {0}.asset JOIN {0}.page AS p ON p.id = page_id"
_PICTURES = "SELECT * FROM {0}.picture"
_SOURCES = "SELECT source, path FROM {0}.page WHERE source IS NOT NULL"

_NEWLY_DEFERRED = "SELECT n.path FROM page AS n LEFT JOIN old.page AS o ON o.path = n.path \
WHERE n.deferred AND NOT coalesce(o.deferred, 0)"
_LOST_SOURCES = "SELECT 1 FROM old.page WHERE source IS NOT NULL \
AND source NOT IN (SELECT source FROM page WHERE source IS NOT NULL) LIMIT 1"

Lists = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class ListPair:
    """All lists of one kind, before and now: paths of pages by the path of the section or term."""

    before: Lists = field(default_factory=dict)
    now: Lists = field(default_factory=dict)

    def differing(self) -> Iterator[tuple[str, Sequence[str], Sequence[str]]]:
        """The lists that changed."""
        for name in {**self.before, **self.now}:
            before, now = self.before.get(name, ()), self.now.get(name, ())
            if before != now:
                yield name, before, now


class DatabaseDiff:
    """The differences of two databases, each computed when it is first asked for."""

    def __init__(self, before: Path, now: Path, patched: PatchedRows | None = None) -> None:
        """If `patched` is given, all other pages, lists and terms are unchanged, ids included."""
        self._patched = patched
        self._connection = open_readonly(now)
        uri = before.absolute().as_uri() + "?immutable=1&mode=ro"
        self._connection.execute("ATTACH ? AS old", (uri,))
        self.before, self.now = Site.open(before), Site.open(now)
        self.rows: set[str] = set()
        """Paths of pages that are new, gone or changed."""
        self.new_or_gone: set[str] = set()
        """Paths of pages that are new or gone."""
        self.resorted: set[str] = set()
        """Paths of pages with another date or sort key."""
        self.parents: set[str | None] = set()
        """Paths of the parents of all these pages, before and now."""
        self.moved = False
        """Whether a page is new, gone, or may have another place in a list."""
        self.has_changed_addresses = False
        """Whether a sitemap may change."""
        self._read_pages(patched.pages if patched else None)

    def close(self) -> None:
        self.before.close()
        self.now.close()
        self._connection.close()

    @property
    def has_changed_settings(self) -> bool:
        """Whether the configuration or the site's own Python changed, so that all pages may."""
        before, now = self.before, self.now
        if (before.settings, before.setups) != (now.settings, now.setups):
            return True
        return self._is_different("module")

    @property
    def newly_deferred(self) -> set[str]:
        return {path for (path,) in self._connection.execute(_NEWLY_DEFERRED)}

    @property
    def has_lost_sources(self) -> bool:
        """Whether a source is gone, to which a page may link."""
        if self._patched:
            return False
        return self._connection.execute(_LOST_SOURCES).fetchone() is not None

    @cached_property
    def has_non_text_differences(self) -> bool:
        """Whether anything except texts differs."""
        tables = (name for (name,) in self._connection.execute(_TABLES).fetchall())
        if self._patched:
            tables = (name for name in tables if name not in STRUCTURE_TABLES)
        return bool(self.rows) or self.has_moved or self._is_different(*tables)

    @cached_property
    def texts(self) -> set[str]:
        """Pages of both builds whose texts differ. A different block may contain the same text."""
        return {path for (path,) in self._select_texts(_CHANGED_TEXTS)}

    @cached_property
    def sections(self) -> ListPair:
        only = _only("l.section_id", self._patched.sections if self._patched else None)
        return self._list_pair(_LISTING, *only) if self.has_moved else ListPair()

    @cached_property
    def terms(self) -> ListPair:
        only = _only("l.term_id", self._patched.terms if self._patched else None)
        return self._list_pair(_TERMS, *only) if self.has_moved else ListPair()

    @cached_property
    def dates(self) -> ListPair:
        if not self.has_moved or (self._patched and not self._patched.has_other_dates):
            return ListPair()
        return self._list_pair(_DATES)

    @cached_property
    def lists_of_rows(self) -> set[tuple[str, ...]]:
        """Lists with a changed page: the question, and its argument."""
        if not self.rows:
            return set()
        paths = json.dumps(sorted(self.rows))
        return {
            (name, *of)
            for schema in ("main", "old")
            for name, query in _LISTS_OF.items()
            for of in self._connection.execute(query.format(schema), (paths,))
        }

    @cached_property
    def regrouped(self) -> set[str]:
        """Paths of the pages of every term whose list changed, before and now.

        Related pages of several terms are ordered by date. So a term also counts if one of its
        pages has another date, even in the same place of the list.
        """
        lists = [*self.terms.before.items(), *self.terms.now.items()]
        moved = {name for name, *_ in self.terms.differing()}
        moved |= {name for name, paths in lists if not self.resorted.isdisjoint(paths)}
        return {path for name, paths in lists if name in moved for path in paths}

    @cached_property
    def has_moved(self) -> bool:
        """Whether any list may have changed."""
        if self._patched:
            return bool(
                self._patched.sections or self._patched.terms or self._patched.has_other_dates
            )
        return self.moved or self._is_different("page_term", "listing", "term")

    def changed(self) -> Iterator[AskedQuestion]:
        """The questions with other answers, of the kinds that the diff names (`Change.NAMED`)."""
        yield from (("page", path) for path in self.rows)
        yield from (("body", path) for path in self.texts | self.new_or_gone)
        words = self._select_texts(_CHANGED_WORDS)
        yield from (("words", path) for path in {*(path for (path,) in words), *self.new_or_gone})
        if self.has_non_text_differences and not self._patched:
            yield from self._questions_about_files()
        yield from (("picture", path) for path, *_ in self._pairs(_PICTURES))
        if self.has_moved:
            yield from self._questions_about_neighbours()
            yield from self._questions_about_terms()
        for name in ("menus", "build_id", "build_time"):
            if getattr(self.before, name) != getattr(self.now, name):
                yield (name,)
                if name == "build_time":
                    yield ("now",)

    # -- where the differences are ------------------------------------------------------------

    def _read_pages(self, ids: Collection[int] | None) -> None:
        """Compare the pages with some ids; None for all."""
        only, values = _only("n.id", ids)
        found = self._connection.execute(_PAGES.format(only), values)
        for path, old, parent, old_parent, is_other, is_moved, is_readdressed in found:
            self.has_changed_addresses = self.has_changed_addresses or bool(is_readdressed)
            self.moved = self.moved or old is None or bool(is_moved) or parent != old_parent
            self.parents |= {parent, old_parent}
            if is_other:
                self.rows.add(path)
            if is_moved:
                self.resorted.add(path)
            if old is None:
                self.new_or_gone.add(path)
        if ids is None and self._is_different("live_path"):
            self.has_changed_addresses = True
        for path, parent in self._connection.execute(_GONE_PAGES) if ids is None else ():
            self.has_changed_addresses = True
            self.moved = True
            self.rows.add(path)
            self.new_or_gone.add(path)
            self.parents.add(parent)

    def _select_texts(self, query: str) -> sqlite3.Cursor:
        only, values = _only("n.id", self._patched.texts if self._patched else None)
        return self._connection.execute(query.format(only), values)

    def _list_pair(self, query: str, only: str = "", values: Sequence[str] = ()) -> ListPair:
        return ListPair(*(self._lists(query.format(one, only), values) for one in ("old", "main")))

    def _lists(self, query: str, values: Sequence[str]) -> Lists:
        lists: dict[str, list[str]] = {}
        for name, path in self._connection.execute(query, values):
            lists.setdefault(name, []).append(path)
        return lists

    def _is_different(self, *tables: str) -> bool:
        for table in tables:
            for one, other in (("main", "old"), ("old", "main")):
                query = f"SELECT * FROM {one}.{table} EXCEPT SELECT * FROM {other}.{table} LIMIT 1"  # noqa: S608 our own names
                if self._connection.execute(query).fetchone():
                    return True
        return False

    def _pairs(self, query: str) -> set[tuple[str, ...]]:
        """The rows of a query that only one of the databases has."""
        return {
            row
            for one, other in (("main", "old"), ("old", "main"))
            for row in self._connection.execute(f"{query.format(one)} EXCEPT {query.format(other)}")
        }

    # -- questions ----------------------------------------------------------------------------

    def _questions_about_files(self) -> Iterator[AskedQuestion]:
        for source, _ in self._pairs(_SOURCES):
            yield "page_from", source
        for source, path, _ in self._pairs(_ASSETS):
            yield "asset_from", source
            yield "assets", path

    def _questions_about_neighbours(self) -> Iterator[AskedQuestion]:
        for section, before, now in self.sections.differing():
            yield from (("before", path, section) for path in _with_other_before(before, now))
            after = _with_other_before(before[::-1], now[::-1])
            yield from (("after", path, section) for path in after)
            if len(before) != len(now):
                yield "count_in", section
        for _, before, now in self.dates.differing():
            yield from (("newer", path) for path in _with_other_before(before, now))
            yield from (("older", path) for path in _with_other_before(before[::-1], now[::-1]))

    def _questions_about_terms(self) -> Iterator[AskedQuestion]:
        yield from (("page_count", path) for path, _ in self._pairs(_TERM_COUNTS))
        for _, before, now in self.terms.differing():
            yield from (("terms_of", path) for path in set(before) ^ set(now))
        for term in {path for path, *_ in self._pairs(_TERM_NAMES)}:
            yield "term", term
            paths = {*self.terms.before.get(term, ()), *self.terms.now.get(term, ())}
            yield from (("terms_of", path) for path in paths)


def _with_other_before(before: Sequence[str], now: Sequence[str]) -> Iterable[str]:
    """Pages of a list whose predecessor changed, appeared or disappeared."""
    was, is_now = dict(_followers(before)), dict(_followers(now))
    return [path for path in {**was, **is_now} if was.get(path, "") != is_now.get(path, "")]


def _followers(paths: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    yield from ((path, None) for path in paths[:1])
    yield from ((path, ahead) for ahead, path in pairwise(paths))
