"""Queries for the translations of pages."""

from __future__ import annotations

from ssg.model.page import NOT_FOUND_FILE, Page, PageKind
from ssg.model.queries.offloaded import OffloadedColumns
from ssg.model.queries.questions import Argument, question
from ssg.model.queries.rows import JOINED

_OF = (
    "FROM translation AS own JOIN translation AS other ON other.group_id = own.group_id "
    "JOIN page ON page.id = other.page_id"
)
_JOINED = JOINED.removesuffix("FROM page") + _OF


class TranslationQueries(OffloadedColumns):
    """The part of a `Site` that is about languages. `language` '' is the default language."""

    @question(Argument.PAGE_ID)
    def translations(self, page_id: int) -> list[Page]:
        """The translations of a page, itself included, by language code; no fallback pages."""
        return self._pages(
            f"{_JOINED} WHERE own.page_id = ? AND NOT other.is_fallback ORDER BY other.language",
            page_id,
        )

    @question(Argument.PAGE_ID)
    def translation(self, page_id: int, language: str) -> Page | None:
        """A page in a language, or the fallback page in its place."""
        return self._page(
            f"{_JOINED} WHERE own.page_id = ? AND other.language = ?", page_id, language
        )

    @question()
    def error_paths(self) -> list[str]:
        """The paths of error pages besides the one at the root: `/fr/404.html`."""
        rows = self._connection.execute(
            # `+`: otherwise SQLite reads every page in order rather than sort these few
            "SELECT path FROM page WHERE kind = ? AND path <> ? ORDER BY +path",
            (PageKind.NOT_FOUND, f"/{NOT_FOUND_FILE}"),
        )
        return [path for (path,) in rows]

    @question()
    def alternates(self, path: str) -> list[tuple[str, str]]:
        """Language and path of each translation of a page, itself included; empty without any."""
        page = self._named("path", path)
        rows = self._connection.execute(
            f"SELECT other.language, page.path {_OF} "
            "WHERE own.page_id = ? AND NOT other.is_fallback ORDER BY other.language",
            (page.id if page else None,),
        )
        return list(rows)
