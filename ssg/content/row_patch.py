"""Edits that leave every page where it is: what of the rows of the last build they change.

Most edits of front matter are of one page, and touch its row and its place in a few lists. Where
that is all, the rows of the other pages need not be made again.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.document_diff import DocumentEdit
from ssg.content.source.document import SourceDocument
from ssg.content.structure.generated_pages import twin_path
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.rows import page_row
from ssg.content.structure.sections import date_key, sort_key
from ssg.content.structure.terms import folded
from ssg.model.database import PAGE_COLUMNS
from ssg.model.page import Page
from ssg.model.pagination import page_count
from ssg.model.permalink import needs_date, placeholders

_SAID = ("title", "description", "template", "date", "updated", "weight", "front")
"""What a page's row has as its document says it."""

IN_PLACE = (*_SAID, "terms", "publish_date", "expiry_date", "withheld")
"""What a document may say otherwise and stay in its place. The last three have had their effect
when it was read."""

_COLUMNS = (*_SAID, "sort_key", "date_key")
_UPDATE = f"UPDATE page SET terms = ?, {', '.join(f'{c} = ?' for c in _COLUMNS)} WHERE id = ?"  # noqa: S608 our own names
_PAGE = f"SELECT {PAGE_COLUMNS}, terms FROM page WHERE id = ? AND source = ? AND kind = 'page'"  # noqa: S608 our own names
_SECTION = "SELECT parent_id, front FROM page WHERE id = ? AND kind = 'section'"
_TWIN = "SELECT id FROM page WHERE path = ? AND kind = 'markdown'"
_TERM = "SELECT id FROM term WHERE taxonomy = ? AND name = ?"
_TERM_BY_ID = "SELECT taxonomy, name, page_count FROM term WHERE id = ?"
_FIRST_OTHER = "SELECT min(page_id) FROM page_term WHERE term_id = ? AND page_id <> ?"

ListRow = tuple[int, int | str, int]
"""Of `listing` or `page_term`: a list, and a page with what orders it there."""


@dataclass(frozen=True, slots=True)
class PatchedRows:
    """Which rows of the last build are others now, by their ids, where all the rest stands."""

    pages: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()
    """Those that may list their pages in another order."""
    terms: frozenset[int] = frozenset()
    """Those that may have other pages, or in another order."""
    has_other_dates: bool = False
    """Whether pages by date may be in another order."""
    has_other_templates: bool = False
    """Whether a page has another template."""
    texts: frozenset[int] | None = None
    """Pages whose texts may be others. None: any."""


NO_PATCHED_ROWS = PatchedRows(texts=frozenset())


@dataclass(frozen=True, slots=True)
class PagePatch:
    """What of the rows about one page is to be another."""

    before: Page
    now: Page
    terms: str | None
    twin_id: int | None
    """The page that repeats it as Markdown, under its title."""
    listing: tuple[Set[ListRow], Set[ListRow]]
    """Its rows as they were, and as they are to be."""
    links: tuple[Set[ListRow], Set[ListRow]]

    def apply(self, connection: sqlite3.Connection) -> None:
        values = [getattr(self.now, name) for name in _COLUMNS]
        connection.execute(_UPDATE, (self.terms, *values, self.now.id))
        connection.execute("UPDATE page SET title = ? WHERE id = ?", (self.now.title, self.twin_id))
        _exchange(connection, "listing", "section_id", *self.listing)
        _exchange(connection, "page_term", "term_id", *self.links)
        for change, rows in zip((-1, 1), self.links, strict=True):
            connection.executemany(
                "UPDATE term SET page_count = page_count + ? WHERE id = ?",
                ((change, term_id) for term_id, *_ in rows),
            )


@dataclass(frozen=True, slots=True)
class RowPatch:
    """All rows that are to be others. An empty one: the rows stand."""

    pages: Sequence[PagePatch] = ()

    def apply(self, connection: sqlite3.Connection) -> None:
        """Bring the copy of a database up to date."""
        for page in self.pages:
            page.apply(connection)

    def patched_rows(self, texts: frozenset[int] | None) -> PatchedRows:
        pages = self.pages
        twins = {page.twin_id for page in pages if page.twin_id}
        return PatchedRows(
            pages=frozenset({page.now.id for page in pages} | twins),
            sections=frozenset(row[0] for page in pages for row in page.listing[0]),
            terms=frozenset(row[0] for page in pages for rows in page.links for row in rows),
            has_other_dates=any(page.before.date_key != page.now.date_key for page in pages),
            has_other_templates=any(page.before.template != page.now.template for page in pages),
            texts=texts,
        )


def _exchange(
    connection: sqlite3.Connection, table: str, of: str, before: Set[ListRow], now: Set[ListRow]
) -> None:
    where = f"{of} = ? AND sort_key = ? AND page_id = ?"
    connection.executemany(f"DELETE FROM {table} WHERE {where}", before)  # noqa: S608 our own names
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", now)  # noqa: S608 our own names


class RowPatcher:
    """Finds what edits change of the database of the last build."""

    def __init__(
        self,
        project: Project,
        connection: sqlite3.Connection,
        templates: Set[str],
        document: Callable[[int], SourceDocument | None],
    ) -> None:
        """`templates` are the names of all, and `document` gives one by its id."""
        self._project = project
        self._connection = connection
        self._templates = templates
        self._document = document
        self._places = Permalinks(project.settings.permalinks, [])
        menus = project.settings.menus.values()
        self._named = {entry.page.removeprefix("@/") for menu in menus for entry in menu}

    def patch(self, edits: Sequence[DocumentEdit]) -> RowPatch | None:
        """None where a page may come, go or move, or anything but its row and places changes."""
        if self._project.settings.site.languages:  # a page may stand in for one of another language
            return None
        if sum(edit.before.terms != edit.now.terms for edit in edits) > 1:
            return None
        patches = [self._page(edit) if self._stays(edit) else None for edit in edits]
        found = [one for one in patches if one]
        return RowPatch(found) if len(found) == len(edits) else None

    def _stays(self, edit: DocumentEdit) -> bool:
        """Whether its address is what it was, and nothing beside its own rows tells of it."""
        _, was, now = edit
        if was._replace(**{name: getattr(now, name) for name in IN_PLACE}) != now:
            return False
        if now.menus or now.source in self._named:
            return False
        archive = self._project.settings.site.archive
        if archive.path and (was.date or "")[:4] != (now.date or "")[:4]:
            return False
        pattern = self._places.pattern(now.source)
        if was.title != now.title and "title" in placeholders(pattern):
            return False
        return was.date == now.date or not needs_date(pattern)

    def _page(self, edit: DocumentEdit) -> PagePatch | None:
        number, was, now = edit
        row = self._connection.execute(_PAGE, (number, now.source)).fetchone()
        if row is None:  # it makes a section, or speaks of a term
            return None
        before, known = Page(*row[:-1]), frozenset(map(int, (row[-1] or "").split()))
        terms = known if was.terms == now.terms else self._terms(edit, known)
        lists = list(self._lists(before))
        key = sort_key(now, lists[-1][1]) if lists else before.sort_key
        made = page_row(number, now, before.path, before.parent_id or 0, key, date_key(now))
        if terms is None or made.template not in self._templates:
            return None
        return PagePatch(
            before=before,
            now=made,
            terms=" ".join(map(str, sorted(terms))) or None,
            twin_id=self._twin(before),
            listing=_differing(
                {(section_id, sort_key(was, order), number) for section_id, order in lists},
                {(section_id, sort_key(now, order), number) for section_id, order in lists},
            ),
            links=_differing(
                {(term_id, before.date_key, number) for term_id in known},
                {(term_id, made.date_key, number) for term_id in terms},
            ),
        )

    def _lists(self, page: Page) -> Iterator[tuple[int, str]]:
        """The sections that list a page, each with the order it asks for, the outermost last."""
        section_id = page.parent_id
        while section_id:
            above, front = self._connection.execute(_SECTION, (section_id,)).fetchone()
            facts = json.loads(front)
            yield section_id, facts["sort_by"]
            section_id = above if facts.get("transparent") else None

    def _twin(self, page: Page) -> int | None:
        row = self._connection.execute(_TWIN, (twin_path(page.path),)).fetchone()
        return row[0] if row else None

    # -- terms -------------------------------------------------------------------------------

    def _terms(self, edit: DocumentEdit, known: Set[int]) -> Set[int] | None:
        """The terms that a page has now. None where one comes or goes, may be spelled otherwise,
        or has another number of list pages."""
        ids = [
            self._connection.execute(_TERM, (taxonomy, name)).fetchone()
            for taxonomy, names in edit.now.terms.items()
            for name in names
        ]
        if None in ids:
            return None
        now = frozenset(term_id for (term_id,) in ids)
        stays = all(self._stays_without(term_id, edit.number) for term_id in known - now)
        stays = stays and all(self._has_lists_for(term_id, -1) for term_id in known - now)
        return now if stays and all(self._has_lists_for(one, 1) for one in now - known) else None

    def _has_lists_for(self, term_id: int, more: int) -> bool:
        taxonomy, _, count = self._connection.execute(_TERM_BY_ID, (term_id,)).fetchone()
        size = self._project.settings.site.taxonomies[taxonomy].paginate_by
        return page_count(count, size) == page_count(count + more, size)

    def _stays_without(self, term_id: int, number: int) -> bool:
        """Whether a term has the same name without a page: that which its first page writes."""
        taxonomy, name, _ = self._connection.execute(_TERM_BY_ID, (term_id,)).fetchone()
        (first,) = self._connection.execute(_FIRST_OTHER, (term_id, number)).fetchone()
        document = self._document(first) if first else None
        names: Iterable[str] = document.terms.get(taxonomy, ()) if document else ()
        return bool(name == next((one for one in names if folded(one) == folded(name)), None))


def _differing(before: Set[ListRow], now: Set[ListRow]) -> tuple[Set[ListRow], Set[ListRow]]:
    return before - now, now - before
