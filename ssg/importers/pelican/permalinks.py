"""The addresses that Pelican gives to pages (docs.getpelican.com, "URL settings")."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.importers.imported_page import address_path
from ssg.importers.markup.transliterate import to_ascii
from ssg.importers.pelican.settings import PelicanSettings

_FIELD = re.compile(r"\{(\w+)(?::([^{}]*))?\}")
_SSG_TOKENS = {"slug": ":slug", "date:%Y": ":year", "date:%m": ":month", "date:%d": ":day"}


def slugify(text: str) -> str:
    """The slug in Pelican: ASCII letters, digits and hyphens."""
    words = re.sub(r"[^\w\s-]", "", to_ascii(text)).strip().lower()
    return re.sub(r"[-\s]+", "-", words)


@dataclass(frozen=True, slots=True)
class PelicanPermalinkInput:
    """What an address depends on."""

    slug: str
    date: dt.date | None = None
    category: str = ""
    author: str = ""
    lang: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


class PelicanPermalinks:
    """Computes the addresses of a site."""

    def __init__(self, config: PelicanSettings) -> None:
        self._config = config

    def article(self, page: PelicanPermalinkInput) -> str:
        return self._of("ARTICLE", "{slug}.html", page)

    def page(self, page: PelicanPermalinkInput) -> str:
        return self._of("PAGE", "pages/{slug}.html", page)

    def translation(self, slug: str, lang: str) -> str:
        """The address of an article's translation."""
        return self._of(
            "ARTICLE_LANG", "{slug}-{lang}.html", PelicanPermalinkInput(slug, lang=lang)
        )

    def term(self, kind: str, name: str) -> str:
        """The address of a category, a tag or an author; '' if it has no page."""
        save_as = self._config.values.get(f"{kind.upper()}_SAVE_AS", "-")
        if not save_as:
            return ""
        return self._of(kind.upper(), f"{kind}/{{slug}}.html", PelicanPermalinkInput(slugify(name)))

    def pattern(self) -> str:
        """The permalink pattern of articles for ssg; '' if ssg lacks a placeholder."""
        text = self._config.text("ARTICLE_URL") or self._config.text(
            "ARTICLE_SAVE_AS", "{slug}.html"
        )
        found = _FIELD.findall(text)
        names = [f"{name}:{form}" if form else name for name, form in found]
        if any(name not in _SSG_TOKENS for name in names):
            return ""
        converted = _FIELD.sub(lambda m: _SSG_TOKENS[f"{m[1]}:{m[2]}" if m[2] else m[1]], text)
        return "/" + converted.removesuffix("index.html").lstrip("/")

    def _of(self, kind: str, default: str, page: PelicanPermalinkInput) -> str:
        """The address by the `URL` setting, or by `SAVE_AS` if only that is set."""
        pattern = self._config.text(f"{kind}_URL") or self._config.text(f"{kind}_SAVE_AS", default)
        return address_path(_expand(pattern, page))


def _expand(pattern: str, page: PelicanPermalinkInput) -> str:
    values = {
        **page.extra, "slug": page.slug, "category": slugify(page.category),
        "author": slugify(page.author), "lang": page.lang,
    }  # fmt: skip

    def value(match: re.Match[str]) -> str:
        if match[1] == "date":
            return page.date.strftime(match[2] or "%Y-%m-%d") if page.date else ""
        return str(values.get(match[1], ""))

    return _FIELD.sub(value, pattern)
