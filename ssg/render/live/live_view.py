"""`page` in the templates of live pages, and the variables that they have.

A live page answers what any page answers; what the data does not say is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from markupsafe import Markup

from ssg.model.page import Term
from ssg.model.urls import slugify
from ssg.render.live.live_page import LivePage, Neighbour
from ssg.render.markdown.converter import RenderedMarkdown
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.page import PageView, TermView

Convert = Callable[[LivePage], RenderedMarkdown]


class LivePageView(PageView):
    """`page` in templates, for a page that is made from data."""

    def __init__(self, live: LivePage, localized: LocalizedSite, convert: Convert) -> None:
        super().__init__(live.page, localized)
        self._live = live
        self._convert = convert

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LivePageView) and other.path == self.path

    def __hash__(self) -> int:
        return hash(self.path)

    @cached_property
    def _document(self) -> RenderedMarkdown:
        return self._convert(self._live)

    @property
    def summary(self) -> Markup:
        if summary := self._front.get("summary") or self.description:
            return Markup("<p>{}</p>").format(summary)
        return Markup(self._document.summary)  # noqa: S704 made by the converter

    @property
    def word_count(self) -> int:
        return len(self._live.body.split())

    @property
    def markdown_url(self) -> str | None:
        return None

    @property
    def assets(self) -> list[str]:
        return []

    @property
    def section(self) -> PageView | None:
        """The section of the site that contains the path of the page, if there is one."""
        site, folder = self._localized.site, self.path.rstrip("/")
        while folder:
            folder = folder.rpartition("/")[0]
            found = site.page_at(folder + "/")
            if found:
                return PageView(found, self._localized)
        return None

    @property
    def previous(self) -> PageView | None:
        return self._at(self._live.previous)

    @property
    def next(self) -> PageView | None:
        return self._at(self._live.next)

    def _at(self, neighbour: Neighbour | None) -> PageView | None:
        if neighbour is None:
            return None
        page = self._page._replace(
            path=neighbour.path, title=neighbour.title, description="", front="{}"
        )
        return LivePageView(LivePage(page), self._localized, self._convert)

    @property
    def previous_in_site(self) -> PageView | None:
        return None

    next_in_site = previous_in_site

    def related(self, limit: int = 5) -> list[PageView]:  # noqa: ARG002 that of all pages
        return []

    @cached_property
    def _terms(self) -> dict[str, list[TermView]]:
        settings, site = self._localized.settings, self._localized.site
        found: dict[str, list[TermView]] = {}
        for taxonomy, names in (self._live.terms or {}).items():
            folder = settings.taxonomies[taxonomy].path or taxonomy
            for name in names:
                slug = slugify(name)
                path = f"{settings.home_path}{folder}/{slug}/"
                term = Term(0, taxonomy, name, slug, path, 0, self._page.language)
                found.setdefault(taxonomy, []).append(TermView(term, self._localized))
        _ = site
        return found

    @property
    def pages(self) -> Sequence[PageView]:  # type: ignore[override]  # a list that is there whole
        """The pages that it lists."""
        items = self._live.listed.items if self._live.listed else ()
        return [LivePageView(one, self._localized, self._convert) for one in items]

    @property
    def sections(self) -> list[PageView]:
        return []

    @property
    def feed(self) -> PageView | None:
        return None

    @property
    def data(self) -> Mapping[str, Any]:
        """The data of an item of a list, as the source has it."""
        return self._live.data or {}


def live_context(live: LivePage, localized: LocalizedSite, convert: Convert) -> dict[str, Any]:
    """The variables of the template of a live page."""
    page = LivePageView(live, localized, convert)
    return {
        **(live.data or {}),
        "page": page,
        "params": live.params or {},
        "section": page if live.listed else page.section,
    }
