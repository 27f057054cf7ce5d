"""What every view of a template draws from: the site database, its URLs, its texts as HTML."""

from __future__ import annotations

from collections.abc import Callable

from ssg.model.page import Page
from ssg.model.site import Site
from ssg.model.urls import base_path, quote_path
from ssg.render.markdown import Document


class Library:
    """A site, ready to be quoted from. `document` converts the Markdown of a page."""

    def __init__(self, site: Site, document: Callable[[Page], Document]) -> None:
        self.site = site
        self.settings = site.settings
        self.document = document
        self._base = base_path(site.settings.base_url)

    def url(self, path: str) -> str:
        """A path as a link: under the base path, percent-encoded."""
        return self._base + quote_path(path)

    def permalink(self, path: str) -> str:
        """A path as a link from outside."""
        return self.settings.base_url.rstrip("/") + quote_path(path)
