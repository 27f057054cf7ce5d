"""`archive` in templates. The public names are a documented contract."""

from __future__ import annotations

import json
from functools import partial

from ssg.model.page import Page
from ssg.render.views.lazy_list import ListView
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView, page_views


class ArchiveView:
    """`archive` in templates: the pages of one year, or the list of years."""

    def __init__(self, page: Page, localized: LocalizedSite) -> None:
        front = json.loads(page.front)
        self._localized = localized
        self._bounds = (front.get("after", 0), front.get("until", -1))
        self.year: int | None = front.get("year")
        self.page_count: int = front.get("count", 0)
        self.path = page.path
        self.url = localized.url(page.path)
        self.permalink = localized.permalink(page.path)

    @property
    def pages(self) -> ListView[PageView]:
        """Pages of the year, newest first; empty for the list of years."""
        site, localized = self._localized.site, self._localized
        between = partial(site.pages_between, *self._bounds, language=localized.language)
        return ListView(
            lambda offset, limit: page_views(localized, between(offset=offset, limit=limit)),
            lambda: self.page_count,
        )

    @property
    def years(self) -> list[ArchiveView]:
        """All years with pages, newest first."""
        years = self._localized.site.archives(self._localized.language)[1:]
        return [ArchiveView(page, self._localized) for page in years]
