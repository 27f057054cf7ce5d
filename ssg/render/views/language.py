"""`site.languages` in templates. The public names are a documented contract."""

from __future__ import annotations

from ssg.model.language import direction_of
from ssg.model.settings import LanguageSettings, SiteSettings
from ssg.model.urls import base_path, quote_path


class LanguageView(str):
    """A language. As a text it is its code: `<html lang="{{ site.language }}">`."""

    __slots__ = ("_settings", "_site")

    def __new__(cls, code: str, site: SiteSettings) -> LanguageView:  # noqa: ARG004 for `__init__`
        return super().__new__(cls, code)

    def __init__(self, code: str, site: SiteSettings) -> None:
        self._site = site
        self._settings = site.languages.get(code) or LanguageSettings(
            name=code, title=site.title, direction=direction_of(code)
        )

    @property
    def code(self) -> str:
        return str(self)

    @property
    def name(self) -> str:
        """The name of the language in the language itself."""
        return self._settings.name

    @property
    def site_title(self) -> str:
        """The title of the site in this language."""
        return self._settings.title

    @property
    def direction(self) -> str:
        """`ltr` or `rtl`."""
        return self._settings.direction

    @property
    def path(self) -> str:
        """The path of its home page."""
        return self._settings.home_path

    @property
    def url(self) -> str:
        return base_path(self._site.base_url) + quote_path(self.path)

    @property
    def permalink(self) -> str:
        return self._site.base_url.rstrip("/") + quote_path(self.path)


def languages(site: SiteSettings) -> list[LanguageView]:
    """Return all languages of a site in their order, at least one."""
    return [LanguageView(code, site) for code in site.languages or (site.default_language,)]
