"""Row patches: the rows that change if an edit leaves every page where it is.

Making the structure of a site takes all of its documents. But most edits of front matter concern
one page: they change its row, its place in the lists of its sections and terms, and nothing else.
Then the rows of all other pages, ids included, are those of the previous build. This module
computes the changed rows from the old and the new document and the previous database.

It must never be wrong, so it gives up (None) in every case that is not plain, and the structure is
made from all documents:

- a page is added or removed, or its path changes: by a slug, a date or a title in the permalink
- the document makes a section or a menu entry, or describes a term
- a term appears or disappears, its spelling can change, or its number of list pages changes
- the site has several languages, or an archive in which a page changes its year

A random test compares a patched database with one that is made from all documents.
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

_DOCUMENT_COLUMNS = ("title", "description", "template", "date", "updated", "weight", "front")
"""The columns of a page whose values come directly from its document."""

PATCHABLE_FIELDS = (*_DOCUMENT_COLUMNS, "terms", "publish_date", "expiry_date", "withheld")
"""The fields of a document that may change. The last three had their effect when it was read."""

_COLUMNS = (*_DOCUMENT_COLUMNS, "sort_key", "date_key")
_UPDATE = f"UPDATE page SET terms = ?, {', '.join(f'{c} = ?' for c in _COLUMNS)} WHERE id = ?"  # noqa: S608 our own names
_PAGE = f"SELECT {PAGE_COLUMNS}, terms FROM page WHERE id = ? AND source = ? AND kind = 'page'"  # noqa: S608 our own names
_SECTION = "SELECT parent_id, front FROM page WHERE id = ? AND kind = 'section'"
_TWIN = "SELECT id FROM page WHERE path = ? AND kind = 'markdown'"
_TERM = "SELECT id FROM term WHERE taxonomy = ? AND name = ?"
_TERM_BY_ID = "SELECT taxonomy, name, page_count FROM term WHERE id = ?"
_FIRST_OTHER = "SELECT min(page_id) FROM page_term WHERE term_id = ? AND page_id <> ?"

ListRow = tuple[int, int | str, int]
"""A row of `listing` or `page_term`: a list, and a page with its sort key there."""


@dataclass(frozen=True, slots=True)
class PatchedRows:
    """The ids of changed rows; all other rows are those of the previous build."""

    pages: frozenset[int] = frozenset()
    sections: frozenset[int] = frozenset()
    """Sections whose order of pages may differ."""
    terms: frozenset[int] = frozenset()
    """Terms whose pages, or their order, may differ."""
    has_other_dates: bool = False
    """Whether the order of pages by date may differ."""
    has_other_templates: bool = False
    """Whether a page has another template."""
    texts: frozenset[int] | None = None
    """Pages whose texts may differ; None for any page."""


NO_PATCHED_ROWS = PatchedRows(texts=frozenset())


@dataclass(frozen=True, slots=True)
class PagePatch:
    """The changed rows of one page."""

    before: Page
    now: Page
    terms: str | None
    twin_id: int | None
    """The page that repeats it as Markdown, with the same title."""
    listing: tuple[Set[ListRow], Set[ListRow]]
    """Its rows before and after."""
    links: tuple[Set[ListRow], Set[ListRow]]

    def apply(self, connection: sqlite3.Connection) -> None:
        values = [getattr(self.now, name) for name in _COLUMNS]
        connection.execute(_UPDATE, (self.terms, *values, self.now.id))
        connection.execute("UPDATE page SET title = ? WHERE id = ?", (self.now.title, self.twin_id))
        _replace_rows(connection, "listing", "section_id", *self.listing)
        _replace_rows(connection, "page_term", "term_id", *self.links)
        for change, rows in zip((-1, 1), self.links, strict=True):
            connection.executemany(
                "UPDATE term SET page_count = page_count + ? WHERE id = ?",
                ((change, term_id) for term_id, *_ in rows),
            )


@dataclass(frozen=True, slots=True)
class RowPatch:
    """All changed rows; none if all rows are the same."""

    pages: Sequence[PagePatch] = ()

    def apply(self, connection: sqlite3.Connection) -> None:
        """Change the rows in a copy of the previous database."""
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


def _replace_rows(
    connection: sqlite3.Connection, table: str, of: str, before: Set[ListRow], now: Set[ListRow]
) -> None:
    where = f"{of} = ? AND sort_key = ? AND page_id = ?"
    connection.executemany(f"DELETE FROM {table} WHERE {where}", before)  # noqa: S608 our own names
    connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?)", now)  # noqa: S608 our own names


class RowPatcher:
    """Computes the patch for some edits of the previous database."""

    def __init__(
        self,
        project: Project,
        connection: sqlite3.Connection,
        templates: Set[str],
        document: Callable[[int], SourceDocument | None],
    ) -> None:
        """`templates` are the names of all templates; `document` returns a document by its id."""
        self._project = project
        self._connection = connection
        self._templates = templates
        self._document = document
        self._permalinks = Permalinks(project.settings.permalinks, [])
        menus = project.settings.menus.values()
        self._menu_pages = {entry.page.removeprefix("@/") for menu in menus for entry in menu}

    def patch(self, edits: Sequence[DocumentEdit]) -> RowPatch | None:
        """The patch of some edits; None if more than rows of these pages can change."""
        if (
            self._project.settings.site.languages
        ):  # a page may be a fallback for one in another language
            return None
        if sum(edit.before.terms != edit.now.terms for edit in edits) > 1:
            return None
        patches = [self._page(edit) if self._keeps_its_place(edit) else None for edit in edits]
        found = [one for one in patches if one]
        return RowPatch(found) if len(found) == len(edits) else None

    def _keeps_its_place(self, edit: DocumentEdit) -> bool:
        """Whether the path is the same, and only the page's own rows depend on the document."""
        _, was, now = edit
        if was._replace(**{name: getattr(now, name) for name in PATCHABLE_FIELDS}) != now:
            return False
        if now.menus or now.source in self._menu_pages:
            return False
        archive = self._project.settings.site.archive
        if archive.path and (was.date or "")[:4] != (now.date or "")[:4]:
            return False
        pattern = self._permalinks.pattern(now.source)
        if was.title != now.title and "title" in placeholders(pattern):
            return False
        return was.date == now.date or not needs_date(pattern)

    def _page(self, edit: DocumentEdit) -> PagePatch | None:
        number, was, now = edit
        row = self._connection.execute(_PAGE, (number, now.source)).fetchone()
        if row is None:  # it makes a section, or describes a term
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
        """The sections that list a page, each with its sort order, the outermost last."""
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
        """The terms that a page has now; None if a term appears or disappears, its spelling can
        change, or its number of list pages changes."""
        ids = [
            self._connection.execute(_TERM, (taxonomy, name)).fetchone()
            for taxonomy, names in edit.now.terms.items()
            for name in names
        ]
        if None in ids:
            return None
        now = frozenset(term_id for (term_id,) in ids)
        stays = all(self._keeps_its_name_without(term_id, edit.number) for term_id in known - now)
        stays = stays and all(self._has_same_list_count(term_id, -1) for term_id in known - now)
        return (
            now if stays and all(self._has_same_list_count(one, 1) for one in now - known) else None
        )

    def _has_same_list_count(self, term_id: int, change: int) -> bool:
        taxonomy, _, count = self._connection.execute(_TERM_BY_ID, (term_id,)).fetchone()
        size = self._project.settings.site.taxonomies[taxonomy].paginate_by
        return page_count(count, size) == page_count(count + change, size)

    def _keeps_its_name_without(self, term_id: int, number: int) -> bool:
        """Whether a term has the same name without a page: its first page decides the spelling."""
        taxonomy, name, _ = self._connection.execute(_TERM_BY_ID, (term_id,)).fetchone()
        (first,) = self._connection.execute(_FIRST_OTHER, (term_id, number)).fetchone()
        document = self._document(first) if first else None
        names: Iterable[str] = document.terms.get(taxonomy, ()) if document else ()
        return bool(name == next((one for one in names if folded(one) == folded(name)), None))


def _differing(before: Set[ListRow], now: Set[ListRow]) -> tuple[Set[ListRow], Set[ListRow]]:
    return before - now, now - before
