"""`archive`, as templates see it. Names here are the documented contract."""

from __future__ import annotations

import json

from ssg.model.page import Page
from ssg.render.collection import Collection
from ssg.render.library import Library
from ssg.render.page_view import PageView, views


class ArchiveView:
    """`archive`: the pages of one year, or the list of years."""

    def __init__(self, page: Page, library: Library) -> None:
        front = json.loads(page.front)
        self._library = library
        self._bounds = (front.get("after", 0), front.get("until", -1))
        self.year: int | None = front.get("year")
        self.page_count: int = front.get("count", 0)
        self.path = page.path
        self.url = library.url(page.path)
        self.permalink = library.permalink(page.path)

    @property
    def pages(self) -> Collection[PageView]:
        """Pages of the year, newest first; none for the list of years."""
        site, library, (after, until) = self._library.site, self._library, self._bounds
        return Collection(
            lambda offset, limit: views(library, site.pages_between(after, until, offset, limit)),
            lambda: self.page_count,
        )

    @property
    def years(self) -> list[ArchiveView]:
        """Every year that has a page, newest first."""
        return [ArchiveView(page, self._library) for page in self._library.site.archives()[1:]]
