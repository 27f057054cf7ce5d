"""The renderer: a page and a site database -> the bytes of the page.

`ssg build`, `ssg serve` and the emitted function all call `Renderer.render`. What it returns
depends on the site database alone: no clock, no file system, no order of requests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from ssg.model.errors import Location, Problem, RenderError, did_you_mean
from ssg.model.page import Body, Kind, Page
from ssg.model.site import Site
from ssg.model.urls import base_path, canonical_path, quote_path
from ssg.render import failures, templates
from ssg.render.context import PageView, Paginator, SiteView, TaxonomyView, TermView
from ssg.render.feeds import Feed, addresses
from ssg.render.links import LinkError, resolve, split
from ssg.render.markdown import Converter, Document
from ssg.render.shortcodes import ShortcodeError, parse_arguments

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 forbids in any form (section 2.2): one such character would break a whole feed."""


class Renderer:
    """Renders pages of one site. Not for two threads at once."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.settings = site.settings
        self._base = base_path(self.settings.base_url)
        self._converter = Converter(self.settings.markdown)
        self._environment = templates.environment(site)
        self._environment.globals.update(
            site=SiteView(self),
            get_url=self._get_url,
            get_page=self._get_page,
            now=SiteView(self).build_time,
        )

    def render(self, page: Page) -> bytes:
        """The page as it stands in a full build, in UTF-8.

        Raises RenderError, with the template's file and line, on any failure.
        """
        try:
            template = self._environment.get_template(page.template)
            text = template.render(self._context(page))
            return (_NOT_XML.sub("", text) if page.path.endswith(".xml") else text).encode()
        except Exception as error:
            raise failures.describe(error, page) from error

    # -- what a template sees ----------------------------------------------------------------

    def _context(self, page: Page) -> dict[str, Any]:
        view = self.view(page)
        return {"page": view, **_CONTEXTS[Kind(page.kind)](self, page, view)}

    def _page_context(self, _: Page, view: PageView) -> dict[str, Any]:
        return {"section": view.section}

    def _section_context(self, page: Page, view: PageView) -> dict[str, Any]:
        size = int(view._front.get("paginate_by", 0))
        return {"section": view, "paginator": Paginator(page, view.pages, 1, size, self)}

    def _pager_context(self, page: Page, view: PageView) -> dict[str, Any]:
        first = self.site.page_by_id(page.parent_id or 0)
        context = self._context(first)
        paginator: Paginator = context["paginator"]
        return {**context, "page": view, "paginator": paginator.at(page.number)}

    def _taxonomy_context(self, page: Page, _: PageView) -> dict[str, Any]:
        return {"taxonomy": TaxonomyView(page.taxonomy or "", self)}

    def _term_context(self, page: Page, _: PageView) -> dict[str, Any]:
        term = TermView(self.site.term(page.term_id or 0), self)
        size = self.settings.taxonomies[term.taxonomy].paginate_by
        return {
            "term": term,
            "taxonomy": TaxonomyView(term.taxonomy, self),
            "paginator": Paginator(page, term.pages, 1, size, self),
        }

    def _feed_context(self, _: Page, view: PageView) -> dict[str, Any]:
        return {"feed": Feed(view, self), "section": view.section}

    def _sitemap_context(self, _: Page, __: PageView) -> dict[str, Any]:
        return {"addresses": addresses(self)}

    def _plain_context(self, _: Page, __: PageView) -> dict[str, Any]:
        return {}

    # -- what views ask for ------------------------------------------------------------------

    def view(self, page: Page) -> PageView:
        return PageView(page, self)

    def views(self, pages: Iterable[Page]) -> list[PageView]:
        return [PageView(page, self) for page in pages]

    def view_at(self, path: str) -> PageView | None:
        page = self.site.page_at(path)
        return PageView(page, self) if page else None

    def url(self, path: str) -> str:
        """A path as a link: under the base path, percent-encoded."""
        return self._base + quote_path(path)

    def permalink(self, path: str) -> str:
        return self.settings.base_url.rstrip("/") + quote_path(path)

    def document(self, page: Page) -> Document:
        """The Markdown of a page, converted. Raises RenderError with the line in the source."""
        body = self.site.body(page.id)
        try:
            return self._converter.convert(body.text, _PageScope(page, self))
        except (_MarkupError, ShortcodeError) as error:
            where = Location(f"content/{page.source}", body.line + _lines_before(body, error.words))
            hint = getattr(error, "hint", None)
            raise RenderError(Problem(str(error), where, hint)) from error

    def shortcode(self, name: str, arguments: Mapping[str, Any], page: PageView) -> str:
        template = self._environment.get_template(f"shortcodes/{name}.html")
        return template.render({**arguments, "page": page})

    # -- template functions ------------------------------------------------------------------

    def _get_page(self, name: str) -> PageView:
        """A page by its source file (`blog/post.md`) or its path (`/blog/post/`)."""
        found = self.site.page_from(name.removeprefix("@/"))
        found = found or self.site.page_at(canonical_path(name))
        if found is None:
            raise LookupError(f'get_page: there is no page "{name}"')
        return self.view(found)

    def _get_url(self, name: str, absolute: bool = False) -> str:
        """A link to a source file (`@/blog/post.md`) or to a path (`/style.css`)."""
        if name.startswith("@/"):
            source, rest = split(name)
            page = self._get_page(source)
            return (page.permalink if absolute else page.url) + rest
        path, rest = split("/" + name.lstrip("/"))
        return (self.permalink(path) if absolute else self.url(path)) + rest


class _MarkupError(Exception):
    """Something in a page's Markdown, with the words to find its line by."""

    def __init__(self, message: str, words: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.words = words
        self.hint = hint


def _lines_before(body: Body, words: str) -> int:
    """Lines above the words; 0 if they are not to be found as they stand."""
    places = (body.text.find(form) for form in (words, unquote(words)))
    return body.text.count("\n", 0, max(0, *places))


class _PageScope:
    """The `Scope` of one page's Markdown."""

    def __init__(self, page: Page, renderer: Renderer) -> None:
        self.ids: set[str] = set()
        self._page = page
        self._renderer = renderer

    def link(self, target: str) -> str:
        try:
            return resolve(target, self._page, self._renderer.site)
        except LinkError as error:
            raise _MarkupError(str(error), target) from error

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        site = self._renderer.site
        if site.template(f"shortcodes/{name}.html") is None:
            known = [n[11:-5] for n in site.template_names() if n.startswith("shortcodes/")]
            raise _MarkupError(f'unknown shortcode "{name}"', f"{name}(", did_you_mean(name, known))
        try:
            values = parse_arguments(arguments)
        except ShortcodeError as error:
            raise _MarkupError(f'shortcode "{name}": {error}', f"{name}(") from error
        if body is not None:
            html = self._renderer._converter.convert(body, self).html
            values["body"] = Markup(html)  # noqa: S704 the site's own text
        return self._renderer.shortcode(name, values, self._renderer.view(self._page))


_CONTEXTS: Mapping[Kind, Callable[[Renderer, Page, PageView], dict[str, Any]]] = {
    Kind.PAGE: Renderer._page_context,
    Kind.SECTION: Renderer._section_context,
    Kind.PAGER: Renderer._pager_context,
    Kind.TAXONOMY: Renderer._taxonomy_context,
    Kind.TERM: Renderer._term_context,
    Kind.FEED: Renderer._feed_context,
    Kind.SITEMAP: Renderer._sitemap_context,
    Kind.NOT_FOUND: Renderer._plain_context,
}
