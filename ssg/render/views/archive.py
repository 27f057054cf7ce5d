"""`archive`, as templates see it. Names here are the documented contract."""

from __future__ import annotations

import json
from functools import partial

from ssg.model.page import Page
from ssg.render.views.lazy_list import Collection
from ssg.render.views.library import Library
from ssg.render.views.page import PageView, views


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
        site, library = self._library.site, self._library
        between = partial(site.pages_between, *self._bounds, language=library.language)
        return Collection(
            lambda offset, limit: views(library, between(offset=offset, limit=limit)),
            lambda: self.page_count,
        )

    @property
    def years(self) -> list[ArchiveView]:
        """Every year that has a page, newest first."""
        years = self._library.site.archives(self._library.language)[1:]
        return [ArchiveView(page, self._library) for page in years]
