"""The renderer: a page and a site database -> the bytes of the page.

`ssg build`, `ssg serve` and the emitted function all call `Renderer.render`. What it returns
depends on the site database alone: no clock, no file system, no order of requests.
"""

from __future__ import annotations

import re

from ssg.model.page import Page
from ssg.model.site import Site
from ssg.render import failures, templates
from ssg.render.context import context
from ssg.render.functions import functions
from ssg.render.hooks import load
from ssg.render.site_view import SiteView
from ssg.render.texts import Texts

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 forbids in any form (section 2.2): one such character would break a whole feed."""


class Renderer:
    """Renders pages of one site. Not for two threads at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        hooks = load(site)
        self._environment = templates.environment(site, hooks)
        self.texts = Texts(site, self._environment)
        self._environment.to_html = self.texts.fragment
        self.library = self.texts.library
        view = SiteView(self.library)
        self._environment.globals.update(site=view, now=view.build_time, data=view.data)
        self._environment.globals.update({**functions(self.library), **hooks.functions})

    def render(self, page: Page) -> bytes:
        """The page as it stands in a full build, in UTF-8.

        Raises RenderError, with the template's file and line, on any failure.
        """
        try:
            template = self._environment.get_template(page.template)
            text = template.render(context(page, self.library))
            return (_NOT_XML.sub("", text) if page.path.endswith(".xml") else text).encode()
        except Exception as error:
            raise failures.describe(error, page) from error
