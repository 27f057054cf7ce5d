"""`page` in the templates of live pages.

A live page answers what any page answers; what the data does not say is empty. It is not in the
site database, so it asks no question about itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from ssg.model.page import Page, PageKind
from ssg.render.live.live_page import LivePage
from ssg.render.live.live_terms import live_term
from ssg.render.live.page_values import Neighbour
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView, TermView

Convert = Callable[["LivePageView"], RenderedMarkdown]
"""Converts the text of a live page."""


class LivePageView(PageView):
    """`page` in templates, for a page that is made from data."""

    def __init__(self, live: LivePage, localized: LocalizedSite, convert: Convert) -> None:
        super().__init__(live.page, localized)
        self.live = live
        self._convert = convert

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LivePageView) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    # -- values of the row: no page of the database has them -----------------------------------

    @property
    def slug(self) -> str:
        return self._page.slug

    @property
    def description(self) -> str:
        return self._page.description

    @property
    def data(self) -> Mapping[str, Any]:
        """The data of an item of a list, as the source has it."""
        return self.live.data or {}

    @property
    def card(self) -> None:
        """None: only pages that the build knows have cards."""

    # -- languages -----------------------------------------------------------------------------

    @property
    def translations(self) -> list[PageView]:
        """The page in the other languages of its route, with the values of this one."""
        return [
            self._in(language, path)
            for language, path in self.live.paths
            if language != self._page.language
        ]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        localized = self._localized
        default = localized.settings.default_language
        links = [(code or default, localized.permalink(path)) for code, path in self.live.paths]
        return [*links, *(("x-default", link) for code, link in links if code == default)]

    def translation(self, language: str) -> PageView | None:
        if language == self.language:
            return self
        return next((one for one in self.translations if one.language == language), None)

    def _in(self, language: str, path: str) -> PageView:
        page = self._page._replace(path=path, language=language)
        localized = self._localized.in_language(language)
        return LivePageView(replace(self.live, page=page), localized, self._convert)

    # -- text ----------------------------------------------------------------------------------

    @cached_property
    def _document(self) -> RenderedMarkdown:
        return self._convert(self)

    @property
    def _summary_of_text(self) -> str:
        return self._document.summary

    @property
    def word_count(self) -> int:
        return len(self.live.body.split())

    @property
    def markdown_url(self) -> str | None:
        return None

    @property
    def assets(self) -> list[str]:
        return []

    # -- neighbours ----------------------------------------------------------------------------

    @cached_property
    def section(self) -> PageView | None:
        """The section that contains the path of the page; for a part of a list, its first part."""
        if self._page.kind == PageKind.PAGER:
            return self.first_part
        found = next(filter(_is_section, map(self._site.page_at, self._folders())), None)
        return PageView(found, self._localized) if found else None

    @property
    def first_part(self) -> LivePageView:
        """The list of which this page is a part; the page itself if it is the first one."""
        listed = self.live.listed
        if listed is None or self._page.kind != PageKind.PAGER:
            return self
        page = self._page._replace(path=listed.first_path, kind=PageKind.SECTION, number=1)
        return LivePageView(replace(self.live, page=page), self._localized, self._convert)

    def _folders(self) -> Iterator[str]:
        """The folders that a page is in, up to the home page: `/ana/posts/`, `/ana/`, `/`."""
        home, folder = self._localized.settings.home_path, self.path
        while folder != home and folder not in {"", "/"}:
            folder = folder.rstrip("/").rpartition("/")[0] + "/"
            yield folder

    @property
    def previous(self) -> PageView | None:
        return self._at(self.live.previous)

    @property
    def next(self) -> PageView | None:
        return self._at(self.live.next)

    def _at(self, neighbour: Neighbour | None) -> PageView | None:
        """The page of the site at a path; if there is none, one with path and title alone."""
        if neighbour is None:
            return None
        if found := self._site.page_at(neighbour.path):
            return PageView(found, self._localized)
        page = self._page._replace(
            path=neighbour.path, title=neighbour.title, slug="", description="", front="{}",
            date=None, updated=None, kind=PageKind.PAGE, number=1,
        )  # fmt: skip
        return LivePageView(LivePage(page), self._localized, self._convert)

    @property
    def previous_in_site(self) -> PageView | None:
        return None

    next_in_site = previous_in_site

    def related(self, limit: int = 5) -> list[PageView]:  # noqa: ARG002 that of all pages
        return []

    @cached_property
    def _terms(self) -> dict[str, list[TermView]]:
        names = self.live.terms or {}
        return {
            taxonomy: [live_term(taxonomy, name, self._localized) for name in dict.fromkeys(own)]
            for taxonomy, own in names.items()
        }

    # -- lists ---------------------------------------------------------------------------------

    @property
    def pages(self) -> Sequence[PageView]:  # type: ignore[override]  # a list that is there whole
        """The pages that it lists, those of this part."""
        return self._items

    @cached_property
    def _items(self) -> list[PageView]:
        items = self.live.listed.items if self.live.listed else ()
        return [LivePageView(one, self._localized, self._convert) for one in items]

    @property
    def sections(self) -> list[PageView]:
        return []

    @property
    def paginate_by(self) -> int:
        return self.live.listed.size if self.live.listed else 0

    @property
    def feed(self) -> PageView | None:
        """The feed of a list, if a route makes one below its path."""
        if self.live.listed is None or not self.path.endswith("/"):
            return None
        path = self.first_part.path + self._localized.settings.feed.filename
        routes = self._localized.settings.routes
        if not any(route.list and route.pattern.match(path) for route in routes):
            return None
        return self._at(Neighbour(self.title, path))


def _is_section(page: Page | None) -> bool:
    return page is not None and page.kind == PageKind.SECTION
