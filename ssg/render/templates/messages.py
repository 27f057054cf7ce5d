"""Messages of `i18n/` in the language of a page."""

from __future__ import annotations

from collections.abc import Iterator

from ssg.model.language import NO_LANGUAGE, without_region
from ssg.model.queries.site import Site
from ssg.render.templates.plurals import OTHER, category_of


class MessageCatalog:
    """The messages of a site, for pages of one language."""

    def __init__(self, site: Site, language: str) -> None:
        self._site = site
        self._language = language
        self._own: dict[str, str | None] = {}
        self._found: dict[tuple[str, str], str | None] = {}

    def own(self, key: str) -> str | None:
        """Return a message that the language itself has, with or without its region."""
        return self._site.remember(self._own, key, lambda: self._look_up_own(key))

    def _look_up_own(self, key: str) -> str | None:
        languages = dict.fromkeys((self._language, without_region(self._language)))
        return next(filter(None, (self._site.message(one, key) for one in languages)), None)

    def find(self, key: str, language: str = "", count: object = None) -> str | None:
        """Return a message in a language, or else in the default one, in the form for `count`."""
        wanted = language or self._language
        if count is not None:
            return self._look_up(key, wanted, count)
        return self._site.remember(
            self._found, (wanted, key), lambda: self._look_up(key, wanted, None)
        )

    def _look_up(self, key: str, wanted: str, count: object) -> str | None:
        for language in self._fallbacks(wanted):
            for form in _forms(key, language, count):
                text = self._site.message(language, form)
                if text is not None:
                    return text
        return None

    def _fallbacks(self, language: str) -> Iterator[str]:
        default = self._site.settings.default_language
        codes = (language, without_region(language), default, without_region(default), NO_LANGUAGE)
        yield from dict.fromkeys(codes)


def _forms(key: str, language: str, count: object) -> tuple[str, ...]:
    if count is None:
        return (key,)
    return tuple(dict.fromkeys((f"{key}.{category_of(count, language)}", f"{key}.{OTHER}", key)))
