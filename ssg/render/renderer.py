"""The renderer: a page and a site database -> the bytes of the page.

`ssg build`, `ssg serve` and the emitted function all call `Renderer.render`. What it returns
depends on the site database alone: no clock, no file system, no order of requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ssg.model.page import Page, parse_date
from ssg.model.queries.site import Site
from ssg.render.hooks import Hooks, load_hooks
from ssg.render.page_markdown import PageMarkdownConverter
from ssg.render.templates import environment, template_errors
from ssg.render.templates.functions import template_functions
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.site import SiteView
from ssg.render.views.template_context import template_context

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 forbids in any form (section 2.2): one such character would break a whole feed."""


class LanguageRenderer:
    """Renders the pages of one language: its Jinja environment, Markdown and `site`."""

    def __init__(
        self, site: Site, hooks: Hooks, language: str, in_language: Callable[[str], LocalizedSite]
    ) -> None:
        self.environment = environment.create_environment(site, hooks, language)
        self.markdown = PageMarkdownConverter(site, self.environment, in_language)
        self.environment.to_html = self.markdown.fragment
        self.localized = self.markdown.localized
        view = SiteView(self.localized)
        self.environment.globals.update(site=view, now=parse_date(site.clock()), data=view.data)
        self.environment.globals.update({**template_functions(self.localized), **hooks.functions})

    def render(self, page: Page) -> str:
        template = self.environment.get_template(page.template)
        return template.render(template_context(page, self.localized))


class Renderer:
    """Renders the pages of one site. Not safe for use by two threads at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self._hooks = load_hooks(site)
        self._languages: dict[str, LanguageRenderer] = {}
        default = self._in_language("")
        self.markdown, self.localized = default.markdown, default.localized

    def render(self, page: Page) -> bytes:
        """Return the page as a full build writes it, in UTF-8.

        Raises RenderError, with the template's file and line, on any failure.
        """
        try:
            text = self._in_language(page.language).render(page)
            return (_NOT_XML.sub("", text) if page.path.endswith(".xml") else text).encode()
        except Exception as error:
            raise template_errors.as_render_error(error, page) from error

    def _in_language(self, language: str) -> LanguageRenderer:
        """Return the renderer of a language. The first page of the language creates it."""
        return self.site.remember(
            self._languages,
            language,
            lambda: LanguageRenderer(
                self.site, self._hooks, language, lambda code: self._in_language(code).localized
            ),
        )
