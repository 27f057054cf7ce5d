"""The renderer: from a page and a site database to the bytes of the page.

`ssg build`, `ssg serve` and the function of a host all call `Renderer.render`, and must get the
same bytes. So the result depends on the site database alone, and on the environment variables that
the site names: not on the clock (`now` is the time of the build), files, or on which pages were
rendered before. A live page depends on its data, too (`Renderer.render_live`).

Rendering a page takes three steps. Its language selects a `LanguageRenderer`, which the first page
of the language creates: a Jinja environment, a Markdown converter and `site` in that language. Its
kind selects the values of the template (`views.template_context`). The template then asks views for
anything else, and views ask the database. Views live for one page. Caches live longer, and go
through `Site.remember`: the dependencies of a cached value count for each page that uses it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType

from ssg.model.page import Page, parse_date
from ssg.model.queries.site import Site
from ssg.render.hooks import Hooks, load_hooks
from ssg.render.live.live_context import live_context
from ssg.render.live.live_page import LivePage
from ssg.render.page_markdown import PageMarkdownConverter
from ssg.render.templates import environment, template_errors
from ssg.render.templates.functions import template_functions
from ssg.render.templates.image_functions import ImageFunctions, image_functions
from ssg.render.views.env import EnvView
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.site import SiteView
from ssg.render.views.template_context import template_context

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that XML 1.0 forbids in any form (section 2.2). A single one breaks a feed."""


NO_ENV: Mapping[str, str] = MappingProxyType({})


class LanguageRenderer:
    """Renders the pages of one language: its Jinja environment, Markdown and `site`."""

    def __init__(
        self,
        site: Site,
        hooks: Hooks,
        language: str,
        in_language: Callable[[str], LocalizedSite],
        env: Mapping[str, str],
    ) -> None:
        self.environment = environment.create_environment(site, hooks, language)
        self.markdown = PageMarkdownConverter(site, self.environment, in_language)
        self.environment.to_html = self.markdown.fragment
        self.environment.untrusted_to_html = lambda *text: self.markdown.untrusted(*text).html
        self.localized = self.markdown.localized
        view = SiteView(self.localized)
        self.environment.globals.update(site=view, now=parse_date(site.clock()), data=view.data)
        self.environment.globals["env"] = EnvView(site.settings.env, env)
        images = ImageFunctions(self.localized, self.markdown.pictures)
        self.environment.images = images
        functions = {**template_functions(self.localized), **image_functions(images)}
        self.environment.globals.update({**functions, **hooks.functions})

    def render(self, page: Page) -> str:
        template = self.environment.get_template(page.template)
        return template.render(template_context(page, self.localized))

    def render_live(self, live: LivePage) -> str:
        template = self.environment.get_template(live.page.template)
        with self.environment.showing_data(is_trusted=live.has_trusted_data):
            return template.render(live_context(live, self.localized, self.markdown.live))


class Renderer:
    """Renders the pages of one site. Not safe for use by two threads at once."""

    def __init__(self, site: Site, env: Mapping[str, str] = NO_ENV) -> None:
        """`env` are the environment variables that the site may see."""
        self.site = site
        self._env = env
        self.hooks = load_hooks(site)
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

    def render_live(self, live: LivePage) -> bytes:
        """Return a page that is made from data. Raises as `render`."""
        try:
            text = self._in_language(live.page.language).render_live(live)
            return _NOT_XML.sub("", text).encode()
        except Exception as error:
            raise template_errors.as_render_error(error, live.page) from error

    def _in_language(self, language: str) -> LanguageRenderer:
        """Return the renderer of a language. The first page of the language creates it."""
        return self.site.remember(
            self._languages,
            language,
            lambda: LanguageRenderer(
                self.site,
                self.hooks,
                language,
                lambda code: self._in_language(code).localized,
                self._env,
            ),
        )
