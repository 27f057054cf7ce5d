"""The Markdown of pages, converted: links between pages resolved, shortcodes called."""

from __future__ import annotations

from urllib.parse import unquote

import jinja2
from markupsafe import Markup

from ssg.model.errors import Location, Problem, RenderError, did_you_mean
from ssg.model.page import Body, Page
from ssg.model.site import Site
from ssg.render.library import Library
from ssg.render.links import LinkError, resolve
from ssg.render.markdown import Converter, Document
from ssg.render.page_view import PageView
from ssg.render.shortcodes import ShortcodeError, parse_arguments


class MarkupError(Exception):
    """Something in a page's Markdown, with the words to find its line by."""

    def __init__(self, message: str, words: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.words = words
        self.hint = hint


class Texts:
    """Converts the texts of one site."""

    def __init__(self, site: Site, environment: jinja2.Environment) -> None:
        self._site = site
        self._environment = environment
        self._converter = Converter(site.settings.markdown)
        self._begun: set[int] = set()
        self.library = Library(site, self.document)

    def document(self, page: Page) -> Document:
        """The Markdown of a page as HTML. Raises RenderError with the line in the source."""
        body = self._site.body(page.id)
        if page.id in self._begun:
            message = "a shortcode in this text asks for the text that it stands in"
            raise RenderError(Problem(message, Location(f"content/{page.source}", body.line)))
        self._begun.add(page.id)
        try:
            return self.convert(body.text, _PageScope(page, self))
        except (MarkupError, ShortcodeError) as error:
            where = Location(f"content/{page.source}", body.line + _lines_before(body, error.words))
            hint = getattr(error, "hint", None)
            raise RenderError(Problem(str(error), where, hint)) from error
        finally:
            self._begun.discard(page.id)

    def convert(self, text: str, scope: _PageScope) -> Document:
        return self._converter.convert(text, scope)

    def link(self, target: str, page: Page) -> str:
        try:
            return resolve(target, page, self._site)
        except LinkError as error:
            raise MarkupError(str(error), target) from error

    def shortcode_template(self, name: str) -> jinja2.Template:
        """The template of a shortcode. Raises MarkupError if there is none."""
        if self._site.template(f"shortcodes/{name}.html") is None:
            names = self._site.template_names()
            known = [name[11:-5] for name in names if name.startswith("shortcodes/")]
            raise MarkupError(f'unknown shortcode "{name}"', f"{name}(", did_you_mean(name, known))
        return self._environment.get_template(f"shortcodes/{name}.html")


class _PageScope:
    """The `Scope` of one page's Markdown."""

    def __init__(self, page: Page, texts: Texts) -> None:
        self.ids: set[str] = set()
        self._page = page
        self._texts = texts

    def link(self, target: str) -> str:
        return self._texts.link(target, self._page)

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        template = self._texts.shortcode_template(name)
        try:
            values = parse_arguments(arguments)
        except ShortcodeError as error:
            raise MarkupError(f'shortcode "{name}": {error}', f"{name}(") from error
        if body is not None:
            html = self._texts.convert(body, self).html
            values["body"] = Markup(html)  # noqa: S704 the site's own text
        return template.render({**values, "page": PageView(self._page, self._texts.library)})


def _lines_before(body: Body, words: str) -> int:
    """Lines above the words; 0 if they are not to be found as they stand."""
    places = (body.text.find(form) for form in (words, unquote(words)))
    return body.text.count("\n", 0, max(0, *places))
