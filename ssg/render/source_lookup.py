"""Finds pages and files by the name of their source, as texts and templates give it."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.language import PAGE_SUFFIX, SourceName, SourceNames
from ssg.model.page import Page
from ssg.model.queries.site import Site


class SourceLookup:
    """Finds pages and files by source.

    In a site with several languages, a name without a language means the page in the language of
    the asking page, or else in the default language.
    """

    def __init__(self, site: Site) -> None:
        settings = site.settings
        self._site = site
        self._default = settings.default_language
        self._names = SourceNames(settings.languages, settings.default_language)

    def page(self, source: str, language: str = "") -> Page | None:
        """Return the page that a text in `language` means by a source."""
        found = self._site.page_from(source)
        if not self._names:
            return found
        name = self._names.read(source)
        if found is None:
            found = next(self._other_forms(name, language), None)
        if found is None or name.folder or name.suffix or found.language == language:
            return found
        return self._site.translation(found.id, language) or found

    def asset(self, source: str) -> tuple[int, str] | None:
        """Return the id of the page that a file belongs to, and the name of the file there.

        A language without a copy of the file uses that of the default language.
        """
        found = self._site.asset_from(source)
        if found or not self._names:
            return found
        name = self._names.read(source).name
        return self._site.asset_from(name) or self._site.asset_from(f"{self._default}/{name}")

    def _other_forms(self, name: SourceName, language: str) -> Iterator[Page]:
        """Yield pages under other forms of a name. A name with a language suffix means only it."""
        own = name.folder or language or self._default
        languages = [name.suffix] if name.suffix else [own, self._default]
        for code in languages:
            for form in self._sources_of(name.name, code):
                if page := self._site.page_from(form):
                    yield page

    def _sources_of(self, name: str, code: str) -> Iterator[str]:
        if code == self._default:
            yield name
        yield f"{name.removesuffix(PAGE_SUFFIX)}.{code}{PAGE_SUFFIX}"
        yield f"{code}/{name}"
