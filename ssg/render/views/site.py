"""`site` and `taxonomy`, as templates see them. Names here are the documented contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ssg.model.page import parse_date
from ssg.render.views.archive import ArchiveView
from ssg.render.views.language import LanguageView, languages
from ssg.render.views.lazy_list import Collection
from ssg.render.views.library import Library
from ssg.render.views.menu import Menus, menus
from ssg.render.views.page import PageView, TermView, views


class SiteView:
    """`site`: the whole site, in a template."""

    def __init__(self, library: Library) -> None:
        settings = library.settings
        self._library = library
        self.title = settings.title
        self.description = settings.description
        self.author = settings.author
        self.language = LanguageView(settings.language_code, settings)
        self.base_url = settings.base_url
        self.extra = settings.extra
        self._made: dict[str, Menus] = {}

    @property
    def menus(self) -> Menus:
        """Menus by name, made once for all pages."""
        library = self._library
        return library.site.remember(self._made, "menus", lambda: menus(library))

    @property
    def build_id(self) -> str:
        return self._library.site.build_id

    @property
    def build_time(self) -> dt.datetime:
        return parse_date(self._library.site.build_time)

    @property
    def url(self) -> str:
        """The link to the home page, in the language of the page that asks."""
        return self._library.url(self._library.settings.home_path)

    @property
    def home(self) -> PageView | None:
        found = self._library.site.page_at(self._library.settings.home_path)
        return PageView(found, self._library) if found else None

    @property
    def sections(self) -> list[PageView]:
        """Sections right below the home page."""
        return self.home.sections if self.home else []

    @property
    def pages(self) -> Collection[PageView]:
        """Every page made of a Markdown file, newest first."""
        site, language = self._library.site, self._library.language
        return Collection(
            lambda offset, limit: views(self._library, site.pages(offset, limit, language)),
            lambda: site.count_pages(language),
        )

    @property
    def taxonomies(self) -> Mapping[str, TaxonomyView]:
        names = self._library.settings.taxonomies
        return {name: TaxonomyView(name, self._library) for name in names}

    @property
    def archive(self) -> ArchiveView | None:
        """The list of years, if the site has one."""
        found = self._library.site.archives(self._library.language)
        return ArchiveView(found[0], self._library) if found else None

    @property
    def search(self) -> str | None:
        """The link to the search index of the language, if the site has one."""
        settings = self._library.settings
        if not settings.search.enabled:
            return None
        return self._library.url(f"/search/{settings.language_code}.json")

    @property
    def feeds(self) -> list[PageView]:
        return views(self._library, self._library.site.feeds(self._library.language))

    @property
    def languages(self) -> list[LanguageView]:
        """Every language of the site, in their order."""
        return languages(self._library.settings)

    @property
    def data(self) -> DataView:
        return DataView(self._library)


class TaxonomyView:
    """`taxonomy`: a taxonomy with its terms, in a template."""

    def __init__(self, name: str, library: Library) -> None:
        self._library = library
        self.name = name
        self._settings = library.settings.taxonomies[name]
        self.path = f"{library.settings.home_path}{self._settings.path or name}/"

    @property
    def page(self) -> PageView | None:
        """The page that lists the terms; none where no page has a term."""
        found = self._library.site.page_at(self.path)
        return PageView(found, self._library) if found else None

    @property
    def title(self) -> str:
        return self.page.title if self.page else self.name

    @property
    def url(self) -> str:
        return self._library.url(self.path)

    @property
    def permalink(self) -> str:
        return self._library.permalink(self.path)

    @property
    def terms(self) -> list[TermView]:
        """Terms by name, or those of most pages first where the configuration says so."""
        by_count = self._settings.sort_by == "count"
        language = self._library.language
        terms = self._library.site.terms(self.name, by_count=by_count, language=language)
        return [TermView(term, self._library) for term in terms]


class DataView:
    """`site.data`: the data files, each read when it is asked for."""

    def __init__(self, library: Library, folder: str = "") -> None:
        self._library = library
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        site, full = self._library.site, self._folder + name
        if (found := site.data(full)) is not None:
            return found
        known = () if name.startswith("__") else site.data_names()
        if full in known:
            return None
        if any(other.startswith(full + "/") for other in known):
            return DataView(self._library, full + "/")
        raise AttributeError(name)

    __getitem__ = __getattr__
