"""`site` and `taxonomy` in templates. The public names are a documented contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ssg.model.page import parse_date
from ssg.render.views.archive import ArchiveView
from ssg.render.views.language import LanguageView, languages
from ssg.render.views.lazy_list import ListView
from ssg.render.views.localized_site import LocalizedSite
from ssg.render.views.menu import Menus, menus
from ssg.render.views.page import PageView, TermView, page_views


class SiteView:
    """`site` in templates: the whole site."""

    def __init__(self, localized: LocalizedSite) -> None:
        settings = localized.settings
        self._localized = localized
        self.title = settings.title
        self.description = settings.description
        self.author = settings.author
        self.language = LanguageView(settings.language_code, settings)
        self.base_url = settings.base_url
        self.extra = settings.extra
        self._menus: dict[str, Menus] = {}

    @property
    def menus(self) -> Menus:
        """Menus by name, created once for all pages."""
        localized = self._localized
        return localized.site.remember(self._menus, "menus", lambda: menus(localized))

    @property
    def build_id(self) -> str:
        return self._localized.site.build_id

    @property
    def build_time(self) -> dt.datetime:
        return parse_date(self._localized.site.build_time)

    @property
    def url(self) -> str:
        """The link to the home page in the language of the page."""
        return self._localized.url(self._localized.settings.home_path)

    @property
    def home(self) -> PageView | None:
        found = self._localized.site.page_at(self._localized.settings.home_path)
        return PageView(found, self._localized) if found else None

    @property
    def sections(self) -> list[PageView]:
        """Sections directly below the home page."""
        return self.home.sections if self.home else []

    @property
    def pages(self) -> ListView[PageView]:
        """All pages of Markdown files, newest first."""
        site, language = self._localized.site, self._localized.language
        return ListView(
            lambda offset, limit: page_views(self._localized, site.pages(offset, limit, language)),
            lambda: site.count_pages(language),
        )

    @property
    def taxonomies(self) -> Mapping[str, TaxonomyView]:
        names = self._localized.settings.taxonomies
        return {name: TaxonomyView(name, self._localized) for name in names}

    @property
    def archive(self) -> ArchiveView | None:
        """The list of years, if the site has one."""
        found = self._localized.site.archives(self._localized.language)
        return ArchiveView(found[0], self._localized) if found else None

    @property
    def search(self) -> str | None:
        """The link to the search index of the language, if the site has one."""
        settings = self._localized.settings
        if not settings.search.enabled:
            return None
        return self._localized.url(f"/search/{settings.language_code}.json")

    @property
    def feeds(self) -> list[PageView]:
        return page_views(self._localized, self._localized.site.feeds(self._localized.language))

    @property
    def languages(self) -> list[LanguageView]:
        """All languages of the site, in their order."""
        return languages(self._localized.settings)

    @property
    def data(self) -> DataView:
        return DataView(self._localized)


class TaxonomyView:
    """`taxonomy` in templates: a taxonomy with its terms."""

    def __init__(self, name: str, localized: LocalizedSite) -> None:
        self._localized = localized
        self.name = name
        self._settings = localized.settings.taxonomies[name]
        self.path = f"{localized.settings.home_path}{self._settings.path or name}/"

    @property
    def page(self) -> PageView | None:
        """The page that lists the terms; None if no page has a term."""
        found = self._localized.site.page_at(self.path)
        return PageView(found, self._localized) if found else None

    @property
    def title(self) -> str:
        return self.page.title if self.page else self.name

    @property
    def url(self) -> str:
        return self._localized.url(self.path)

    @property
    def permalink(self) -> str:
        return self._localized.permalink(self.path)

    @property
    def terms(self) -> list[TermView]:
        """Terms by name, or by number of pages if the configuration says so."""
        by_count = self._settings.sort_by == "count"
        language = self._localized.language
        terms = self._localized.site.terms(self.name, by_count=by_count, language=language)
        return [TermView(term, self._localized) for term in terms]


class DataView:
    """`site.data`: the data files. Each is read when a template uses it."""

    def __init__(self, localized: LocalizedSite, folder: str = "") -> None:
        self._localized = localized
        self._folder = folder

    def __getattr__(self, name: str) -> Any:
        site, full = self._localized.site, self._folder + name
        if (found := site.data(full)) is not None:
            return found
        known = () if name.startswith("__") else site.data_names()
        if full in known:
            return None
        if any(other.startswith(full + "/") for other in known):
            return DataView(self._localized, full + "/")
        raise AttributeError(name)

    __getitem__ = __getattr__
