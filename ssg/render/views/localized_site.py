"""A site in one language, as views use it: its database, settings, URLs and converted texts."""

from __future__ import annotations

from collections.abc import Callable

from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path, quote_path
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.source_lookup import SourceLookup


class LocalizedSite:
    """A site in one language.

    `convert` converts the Markdown of a page, `summary` returns its summary, and `in_language`
    returns the site in another language.
    """

    def __init__(
        self,
        site: Site,
        convert: Callable[[Page], RenderedMarkdown],
        summary: Callable[[Page], str],
        settings: SiteSettings,
        in_language: Callable[[str], LocalizedSite],
    ) -> None:
        self.site = site
        self.settings = settings
        self.convert = convert
        self.summary = summary
        self.in_language = in_language
        self.sources = SourceLookup(site)
        self._base = base_path(site.settings.base_url)

    @property
    def language(self) -> str:
        """The code of the language; '' for the default one."""
        return self.settings.language

    def text_id(self, page: Page) -> int:
        """Return the id of the page whose text a page shows."""
        original = page.original_path
        found = self.site.page_at(original) if original else None
        return (found or page).id

    def alternates(self, path: str) -> list[tuple[str, str]]:
        """Return language and permalink of each translation of a page, for `hreflang`.

        The page itself is included, and `x-default` for other languages. The list is empty if
        there is no translation.
        """
        return self._alternate_links(self.site.alternates(path) if self.settings.languages else [])

    def known_alternates(self, path: str) -> list[tuple[str, str]]:
        """The same in a sitemap, which also lists live pages."""
        found = self.alternates(path)
        if found or not (self.settings.languages and self.settings.routes):
            return found
        return self._alternate_links(self.site.live_alternates(path))

    def _alternate_links(self, found: list[tuple[str, str]]) -> list[tuple[str, str]]:
        default = self.settings.default_language
        if len(found) < 2:
            return []
        codes = list(self.settings.languages)
        links = [(language or default, self.permalink(place)) for language, place in found]
        links.sort(key=lambda pair: codes.index(pair[0]))
        return [*links, *(("x-default", link) for code, link in links if code == default)]

    def url(self, path: str) -> str:
        """Return the link to a path: under the base path, percent-encoded."""
        return self._base + quote_path(path)

    def permalink(self, path: str) -> str:
        """Return the absolute URL of a path."""
        return self.settings.base_url.rstrip("/") + quote_path(path)
