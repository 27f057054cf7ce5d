"""Converts the Markdown of pages: resolves links, calls shortcodes and render hooks."""

from __future__ import annotations

import inspect
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import unquote

from markupsafe import Markup

from ssg.model.errors import Location, Problem, RenderError, did_you_mean
from ssg.model.page import Body, Page
from ssg.model.queries.site import Site
from ssg.render.hooks import ArgumentsError, call_shortcode
from ssg.render.live.live_view import LivePageView
from ssg.render.markdown.converter import MarkdownConverter, RenderedMarkdown
from ssg.render.markdown.html_renderer import HOOKS
from ssg.render.markdown.links import MarkdownLinkResolver
from ssg.render.markdown.page_state import (
    ConversionError,
    MarkdownError,
    PageState,
    WrittenImage,
)
from ssg.render.markdown.shortcodes import ShortcodeError, parse_arguments
from ssg.render.markdown.untrusted.converter import UntrustedMarkdown, as_written
from ssg.render.pictures.image_element import ImageElement
from ssg.render.pictures.site_pictures import ShownPicture, SitePictures
from ssg.render.templates.environment import Environment, referenced_templates
from ssg.render.templates.template_errors import as_render_error
from ssg.render.views.image import ImageView, written_image
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView

_ID = re.compile(r"""\s(?:id|name)=(?:"([^"{}]+)"|'([^'{}]+)')""")
_CODE = re.compile(
    r"^[ \t>]*(?P<fence>(?P<mark>[`~])(?P=mark){2,}+)(?s:.*?)^[ \t>]*(?P=fence)"
    r"|(?<!`)(?P<tick>`+)(?!`)[^\n]*?(?<!`)(?P=tick)(?!`)",
    re.M,
)
_BROKEN_HINT = 'With images.broken = "warn" it is published as it is'
_MAX_CACHED_IDS, _MAX_CACHED_SUMMARIES = 1024, 2048
"""The number of pages whose ids and summaries a renderer caches."""


class PageMarkdownConverter:
    """Converts the Markdown of a site's pages in one language."""

    def __init__(
        self, site: Site, environment: Environment, in_language: Callable[[str], LocalizedSite]
    ) -> None:
        settings = environment.settings
        self._site = site
        self._environment = environment
        hooks = [name for name in HOOKS if site.template(f"markdown/{name}.html")]
        self._converter = MarkdownConverter(settings, hooks)
        self._in_progress: set[Hashable] = set()
        self._ids_by_page: dict[int, frozenset[str]] = {}
        self._summaries: dict[int, str] = {}
        self._last: dict[int, RenderedMarkdown] = {}  # one page, which asks for text and summary
        self._template_ids: dict[str, frozenset[str]] = {}
        self._parameters = lru_cache(maxsize=256)(self._read_parameters)
        checks_anchors = site.settings.markdown.check_anchors
        images = site.settings.images
        self.pictures = SitePictures(site, images) if images else None
        self.links = MarkdownLinkResolver(site, self.anchors if checks_anchors else None)
        self.localized = LocalizedSite(site, self.convert, self.summary, settings, in_language)

    def convert(self, page: Page) -> RenderedMarkdown:
        """Convert the text of a page. Raises RenderError with all errors in it."""
        if page.id not in self._last:
            self._site.forget(self._last)
        context = _PageContext(page, self)
        return self._site.remember(self._last, page.id, lambda: self._render(page, context))

    def summary(self, page: Page) -> str:
        """Return the summary of a page. It is cached, as a page is shown in several lists."""
        if len(self._summaries) >= _MAX_CACHED_SUMMARIES:
            self._site.forget(self._summaries)
        find = self.convert
        return self._site.remember(self._summaries, page.id, lambda: find(page).summary)

    def fragment(self, text: str, page: PageView | Page) -> str:
        """Convert Markdown that is not the page's own text. Raises ConversionError."""
        return self._converter.convert(text, _context(page, self)).html

    def live(self, view: LivePageView) -> RenderedMarkdown:
        """Convert the text of a page that is made from data. Raises RenderError."""
        live = view.live
        if not live.trusted:
            return self.untrusted(live.body)
        context = _context(view, self)
        body, where = Body(live.body, 1), live.page.path
        return self._converted(view, body, where, context)

    def untrusted(self, text: str, name: str = "") -> RenderedMarkdown:
        """Convert a text of a stranger. One that exceeds a limit is shown as it is written."""
        try:
            return self._for_strangers.convert(text, name)
        except ConversionError:
            return as_written(text)

    @cached_property
    def _for_strangers(self) -> UntrustedMarkdown:
        return UntrustedMarkdown(self._environment.settings)

    def _render(self, page: Page, context: _PageContext) -> RenderedMarkdown:
        body = self._site.body(self.localized.text_id(page))
        with self._environment.showing_data(is_trusted=True):  # its shortcodes see this page alone
            return self._converted(page.id, body, f"content/{page.source}", context)

    def _converted(
        self, key: Hashable, body: Body, where: str, context: _PageContext
    ) -> RenderedMarkdown:
        """Convert the text of a page. `where` is the file of the text, `key` names the page."""
        if key in self._in_progress:
            message = "a shortcode in this text asks for the content of its own page"
            raise RenderError(Problem(message, Location(where, body.line)))
        self._in_progress.add(key)
        try:
            find = self._converter.convert
            return self._site.measure("(Markdown)", lambda: find(body.text, context))
        except ConversionError as error:
            raise RenderError(_problems(where, body, error.errors)) from error
        except Exception as error:
            known = _problems(where, body, context.page_state.errors)
            raise RenderError([*known, *as_render_error(error, context.page).problems]) from error
        finally:
            self._in_progress.discard(key)

    def body(self, text: str, context: _PageContext) -> str:
        """Convert the body of a shortcode."""
        return self._converter.body(text, context)

    def render_template(self, name: str, values: Mapping[str, Any]) -> str:
        """Render the template of a shortcode or of a render hook."""
        return self._environment.get_template(name).render(values)

    # -- shortcodes ----------------------------------------------------------------------------

    def shortcode(self, name: str) -> Callable[..., Any] | str:
        """Return the function of a shortcode or the name of its template. Raises MarkdownError."""
        if name in self._environment.shortcodes:
            return self._environment.shortcodes[name]
        template = f"shortcodes/{name}.html"
        if self._site.template(template) is None:
            names = self._site.template_names()
            known = [name[11:-5] for name in names if name.startswith("shortcodes/")]
            hint = did_you_mean(name, [*known, *self._environment.shortcodes])
            raise MarkdownError(f'unknown shortcode "{name}"', f"{name}(", hint)
        return template

    def parameters_of(self, shortcode: Callable[..., Any] | str) -> frozenset[str]:
        """Tell which of `body` and `raw` a shortcode may read. Only `body` is converted."""
        return self._parameters(shortcode)

    def _read_parameters(self, shortcode: Callable[..., Any] | str) -> frozenset[str]:
        if not isinstance(shortcode, str):
            asked = inspect.signature(shortcode).parameters.keys() & {"body", "raw"}
            return frozenset(asked or {"body"})
        found = self._site.template(shortcode)
        text = found.text if found else ""
        may_read_body = "body" in text or any(
            True for _ in referenced_templates(self._environment, text)
        )
        return frozenset({"body", "raw"} if may_read_body else {"raw"})

    # -- anchors -------------------------------------------------------------------------------

    def anchors(self, page: Page) -> frozenset[str] | None:
        """Return the ids of a page's elements: those of its text, and all that templates contain.

        Returns None if the text cannot be converted, which is reported elsewhere.
        """
        if len(self._ids_by_page) >= _MAX_CACHED_IDS and page.id not in self._ids_by_page:
            del self._ids_by_page[next(iter(self._ids_by_page))]
        try:
            return self._site.remember(self._ids_by_page, page.id, lambda: self._read_ids(page))
        except RenderError:
            return None

    def _read_ids(self, page: Page) -> frozenset[str]:
        html = self._render(page, _IdsOnly(page, self)).html
        common = self._site.remember(self._template_ids, "all", self._ids_of_templates)
        return _ids(html) | common

    def _ids_of_templates(self) -> frozenset[str]:
        found = (self._site.template(name) for name in self._site.template_names())
        return frozenset().union(*(_ids(template.text) for template in found if template))


class _PageContext:
    """The MarkdownContext of one page."""

    def __init__(self, page: Page, markdown: PageMarkdownConverter) -> None:
        self.page_state = PageState()
        self.page = page
        self._markdown = markdown

    @cached_property
    def _view(self) -> PageView:
        return PageView(self.page, self._markdown.localized)

    def link(self, target: str) -> str:
        try:
            return self._markdown.links.resolve(target, self.page)
        except MarkdownError as error:
            self.page_state.add_error(error)
            return target

    def picture(self, target: str, url: str) -> ImageElement | None:
        if shown := self._shown(target, url):
            return shown.element
        pictures = self._markdown.pictures
        return pictures.resized(url) if pictures else None

    def image(self, target: str, url: str, written: WrittenImage) -> ImageView | None:
        shown, pictures = self._shown(target, url), self._markdown.pictures
        return written_image(shown, pictures, written) if shown and pictures else None

    def _shown(self, target: str, url: str) -> ShownPicture | None:
        pictures = self._markdown.pictures
        shown = pictures.shown(url) if pictures else None
        if pictures is None or shown is None:
            return None
        problem = shown.picture.problem
        if problem and pictures.settings.is_strict:
            message = f'the picture "{target}" {problem}'
            self.page_state.add_error(MarkdownError(message, target, _BROKEN_HINT))
        return shown

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        return self._markdown.render_template(
            f"markdown/{name}.html", {**values, "page": self._view}
        )

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        try:
            return self._called(name, arguments, body)
        except MarkdownError as error:
            self.page_state.add_error(error)
            return ""

    def _called(self, name: str, arguments: str, body: str | None) -> str:
        shortcode, words = self._markdown.shortcode(name), f"{name}({arguments}"
        try:
            values = parse_arguments(arguments)
        except ShortcodeError as error:
            raise MarkdownError(f'shortcode "{name}": {error}', words) from error
        if body is not None:
            values.update(self._body_values(self._markdown.parameters_of(shortcode), body, words))
        values["page"] = self._view
        if isinstance(shortcode, str):
            return self._markdown.render_template(shortcode, values)
        try:
            return call_shortcode(shortcode, values)
        except ArgumentsError as error:
            raise MarkdownError(f'shortcode "{name}": {error}', words) from error

    def _body_values(self, wanted: frozenset[str], text: str, words: str) -> dict[str, str]:
        """Return the body of a call, as it is written and as HTML."""
        bodies = {"raw": text} if "raw" in wanted else {}
        if "body" in wanted:
            bodies["body"] = Markup(self._body(text, words))  # noqa: S704 the site's own text
        return bodies

    def _body(self, text: str, words: str) -> str:
        try:
            return self._markdown.body(text, self)
        except MarkdownError as error:
            error.words = error.words or words
            raise


def _context(page: PageView | Page, markdown: PageMarkdownConverter) -> _PageContext:
    """The context of a page. That of a live page has its view: no row could make another."""
    if not isinstance(page, PageView):
        return _PageContext(page, markdown)
    context = _PageContext(page._page, markdown)
    if isinstance(page, LivePageView):
        context._view = page
    return context


class _IdsOnly(_PageContext):
    """Does not resolve links: they are checked when the page itself is rendered."""

    def link(self, target: str) -> str:
        return target

    def _shown(self, target: str, url: str) -> ShownPicture | None:  # noqa: ARG002 the same
        return None


def _ids(html: str) -> frozenset[str]:
    return frozenset(first or second for first, second in _ID.findall(html))


def _problems(file: str, body: Body, errors: Iterable[MarkdownError]) -> list[Problem]:
    """Return the errors in a text of a file, each with its line."""
    without_code = _CODE.sub(lambda code: re.sub(r"[^\n]", " ", code[0]), body.text)
    seen, found = Counter[str](), list[Problem]()
    for error in errors:
        places = _find_places(body.text, without_code, error.words)
        place = places[min(seen[error.words], len(places) - 1)]
        seen[error.words] += 1
        line = body.line + body.text.count("\n", 0, place)
        where = Location(file, line)
        found.append(Problem(str(error), where, error.hint))
    return list(dict.fromkeys(found))


def _find_places(text: str, without_code: str, words: str) -> list[int]:
    """Return the positions of words in a text, or its beginning if they are not found.

    Targets of links are searched first and code last. An attribute may be written without
    quotation marks.
    """
    forms = words, unquote(words), words.replace('"', "")
    for form in filter(None, dict.fromkeys(forms)):
        if form.startswith("{%"):  # the rest of the text
            return [text.rindex(form)] if form in text else [0]
        written = re.escape(form)
        for pattern, where in (
            (rf"\](?:\(|:)\s*<?(?={written})", without_code),
            (rf"(?={written})", without_code),
            (rf"(?={written})", text),
        ):
            if places := [match.end() for match in re.finditer(pattern, where)]:
                return places
    return [0]
