"""What texts and templates call by the name of a source file."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.language import PAGE_SUFFIX, SourceName, SourceNames
from ssg.model.page import Page
from ssg.model.queries.site import Site


class SourceLookup:
    """Finds pages and files by source. In a site of several languages a name without language
    means the page in the language of whoever asks, or else in the default one."""

    def __init__(self, site: Site) -> None:
        settings = site.settings
        self._site = site
        self._default = settings.default_language
        self._names = SourceNames(settings.languages, settings.default_language)

    def page(self, source: str, language: str = "") -> Page | None:
        """The page that a text in `language` means by a source."""
        found = self._site.page_from(source)
        if not self._names:
            return found
        name = self._names.read(source)
        if found is None:
            found = next(self._elsewhere(name, language), None)
        if found is None or name.folder or name.suffix or found.language == language:
            return found
        return self._site.translation(found.id, language) or found

    def asset(self, source: str) -> tuple[int, str] | None:
        """The page that a file beside pages belongs to, and its name there.

        The folder of a language need not repeat the files of the default one.
        """
        found = self._site.asset_from(source)
        if found or not self._names:
            return found
        name = self._names.read(source).name
        return self._site.asset_from(name) or self._site.asset_from(f"{self._default}/{name}")

    def _elsewhere(self, name: SourceName, language: str) -> Iterator[Page]:
        """Pages under the other forms of a name. One that ends in a language means no other."""
        own = name.folder or language or self._default
        languages = [name.suffix] if name.suffix else [own, self._default]
        for code in languages:
            for form in self._forms(name.name, code):
                if page := self._site.page_from(form):
                    yield page

    def _forms(self, name: str, code: str) -> Iterator[str]:
        if code == self._default:
            yield name
        yield f"{name.removesuffix(PAGE_SUFFIX)}.{code}{PAGE_SUFFIX}"
        yield f"{code}/{name}"
