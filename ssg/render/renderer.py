"""The renderer: a page and a site database -> the bytes of the page.

`ssg build`, `ssg serve` and the emitted function all call `Renderer.render`. What it returns
depends on the site database alone: no clock, no file system, no order of requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ssg.model.page import Page, parse_date
from ssg.model.queries.site import Site
from ssg.render.hooks import Hooks, load
from ssg.render.templates import environment, failures
from ssg.render.templates.functions import functions
from ssg.render.texts import Texts
from ssg.render.views.context import context
from ssg.render.views.library import Library
from ssg.render.views.site import SiteView

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 forbids in any form (section 2.2): one such character would break a whole feed."""


class Edition:
    """All that pages of one language are rendered with: `site` and the functions of templates
    speak of that language, also in what no page is known to."""

    def __init__(
        self, site: Site, hooks: Hooks, language: str, in_language: Callable[[str], Library]
    ) -> None:
        self.environment = environment.environment(site, hooks, language)
        self.texts = Texts(site, self.environment, in_language)
        self.environment.to_html = self.texts.fragment
        self.library = self.texts.library
        view = SiteView(self.library)
        self.environment.globals.update(site=view, now=parse_date(site.clock()), data=view.data)
        self.environment.globals.update({**functions(self.library), **hooks.functions})


class Renderer:
    """Renders pages of one site. Not for two threads at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._hooks = load(site)
        self._editions: dict[str, Edition] = {}
        default = self._edition("")
        self.texts, self.library = default.texts, default.library

    def render(self, page: Page) -> bytes:
        """The page as it stands in a full build, in UTF-8.

        Raises RenderError, with the template's file and line, on any failure.
        """
        try:
            edition = self._edition(page.language)
            template = edition.environment.get_template(page.template)
            text = template.render(context(page, edition.library))
            return (_NOT_XML.sub("", text) if page.path.endswith(".xml") else text).encode()
        except Exception as error:
            raise failures.describe(error, page) from error

    def _edition(self, language: str) -> Edition:
        """What pages of a language need, made for the first of them."""
        return self.site.remember(
            self._editions,
            language,
            lambda: Edition(self.site, self._hooks, language, self._library),
        )

    def _library(self, language: str) -> Library:
        return self._edition(language).library
