"""`addresses` and `sitemaps` in the templates of the sitemap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from ssg.model.page import Page, parse_date
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import page_views


def sitemap_context(page: Page, localized: LocalizedSite) -> dict[str, object]:
    """Return the `addresses` of a sitemap or the `sitemaps` of an index."""
    if page.number == 0:
        return {"sitemaps": page_views(localized, localized.site.sitemaps())}
    size = localized.settings.sitemap.max_urls
    return {"addresses": addresses(localized, (page.number - 1) * size, size)}


def addresses(
    localized: LocalizedSite, offset: int, limit: int
) -> Iterator[tuple[str, dt.datetime | None]]:
    """Yield URL and last change of each page, deferred and known live ones included."""
    for path, changed in localized.site.addresses(offset, limit):
        yield SitemapUrl(path, localized), parse_date(changed) if changed else None


class SitemapUrl(str):
    """The absolute URL of a page, with those of its translations."""

    __slots__ = ("_localized", "_path")

    _path: str
    _localized: LocalizedSite

    def __new__(cls, path: str, localized: LocalizedSite) -> SitemapUrl:
        address = super().__new__(cls, localized.permalink(path))
        address._path, address._localized = path, localized
        return address

    @property
    def alternates(self) -> list[tuple[str, str]]:
        return self._localized.known_alternates(self._path)
