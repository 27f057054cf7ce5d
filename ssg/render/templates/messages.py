"""Texts of `i18n/` in the language of a page."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.language import NO_LANGUAGE, without_region
from ssg.model.queries.site import Site
from ssg.render.templates.plurals import OTHER, category_of


class MessageCatalog:
    """The texts of a site, for pages of one language."""

    def __init__(self, site: Site, language: str) -> None:
        self._site = site
        self._language = language
        self._own: dict[str, str | None] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def own(self, key: str) -> str | None:
        """A text that the language has itself, if only without its region."""
        return self._site.remember(self._own, key, lambda: self._seek_own(key))

    def _seek_own(self, key: str) -> str | None:
        languages = dict.fromkeys((self._language, without_region(self._language)))
        return next(filter(None, (self._site.message(one, key) for one in languages)), None)

    def find(self, key: str, language: str = "", count: object = None) -> str | None:
        """A text in a language, else in the default one. With a `count` its form for that."""
        wanted = language or self._language
        if count is not None:
            return self._seek(key, wanted, count)
        return self._site.remember(
            self._found, (wanted, key), lambda: self._seek(key, wanted, None)
        )

    def _seek(self, key: str, wanted: str, count: object) -> str | None:
        for language in self._chain(wanted):
            for form in _forms(key, language, count):
                text = self._site.message(language, form)
                if text is not None:
                    return text
        return None

    def _chain(self, language: str) -> Iterator[str]:
        default = self._site.settings.default_language
        codes = (language, without_region(language), default, without_region(default), NO_LANGUAGE)
        yield from dict.fromkeys(codes)


def _forms(key: str, language: str, count: object) -> tuple[str, ...]:
    if count is None:
        return (key,)
    return tuple(dict.fromkeys((f"{key}.{category_of(count, language)}", f"{key}.{OTHER}", key)))
