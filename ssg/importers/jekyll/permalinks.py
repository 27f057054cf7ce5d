"""The addresses that Jekyll gives to pages (jekyllrb.com, "Permalinks")."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ssg.importers.front_matter.dates import local
from ssg.importers.imported_page import address_path

STYLES = {
    "date": "/:categories/:year/:month/:day/:title:output_ext",
    "pretty": "/:categories/:year/:month/:day/:title/",
    "ordinal": "/:categories/:year/:y_day/:title:output_ext",
    "weekdate": "/:categories/:year/W:week/:short_day/:title:output_ext",
    "none": "/:categories/:title:output_ext",
}
_TOKEN = re.compile(r":([a-z_]+)")
_DATES = {
    "year": "%Y", "month": "%m", "day": "%d", "i_month": "%-m", "i_day": "%-d", "y_day": "%j",
    "short_year": "%y", "hour": "%H", "minute": "%M", "second": "%S", "week": "%V",
    "w_day": "%u", "short_day": "%a", "long_day": "%A", "short_month": "%b", "long_month": "%B",
    "w_year": "%G",
}  # fmt: skip
_SSG_TOKENS = {"year": "year", "month": "month", "day": "day", "title": "slug", "slug": "slug",
         "name": "slug"}  # fmt: skip


def jekyll_slug(text: str) -> str:
    """A name in an address of Jekyll."""
    return re.sub(r"[^\w]+", "-", text, flags=re.I).strip("-").lower()


@dataclass(frozen=True, slots=True)
class JekyllDocument:
    """A page of a collection, as far as its address depends on it.

    `name` is the name of the file without date and suffix.
    """

    collection: str
    path: str
    name: str
    slug: str
    date: dt.date | None
    categories: Sequence[str]
    suffix: str = ".html"


class JekyllPermalinks:
    """Computes the addresses of a site."""

    def __init__(self, style: str, zone: str) -> None:
        self.style = style
        self._zone = zone

    def pattern_of(self, collection: str, own: str) -> str:
        """The pattern of a collection: its own, or the site's."""
        if own:
            return STYLES.get(own, own)
        if collection == "posts":
            return STYLES.get(self.style, self.style)
        is_pretty = self.style == "pretty" or self.style.endswith("/")
        return "/:collection/:path/" if is_pretty else "/:collection/:path:output_ext"

    def document_path(self, document: JekyllDocument, pattern: str) -> str:
        """The URL path of a page of a collection."""

        def value(match: re.Match[str]) -> str:
            return self._value(match[1], document)

        expanded = re.sub(r"/{2,}", "/", _TOKEN.sub(value, pattern))
        return address_path(expanded)

    def page_path(self, path: str, suffix: str = ".html") -> str:
        """The URL path of a page outside collections. `path` is that of its file."""
        folder, name = posixpath.split(path)
        stem = posixpath.splitext(name)[0]
        if suffix != ".html":
            return address_path(f"{folder}/{stem}{suffix}")
        if stem == "index":
            return address_path(f"{folder}/")
        if self.style == "pretty" or self.style.endswith("/"):
            return address_path(f"{folder}/{stem}/")
        return address_path(f"{folder}/{stem}.html")

    def _value(self, token: str, document: JekyllDocument) -> str:
        if form := _DATES.get(token):
            return local(document.date, self._zone).strftime(form) if document.date else ""
        values = {
            "categories": "/".join(jekyll_slug(one) for one in document.categories),
            "slugified_categories": "/".join(jekyll_slug(one) for one in document.categories),
            "title": document.slug or document.name,
            "slug": document.slug or jekyll_slug(document.name),
            "name": jekyll_slug(document.name),
            "collection": document.collection,
            "path": document.path,
            "output_ext": document.suffix,
        }
        return values.get(token, f":{token}")


def candidates(pattern: str) -> list[str]:
    """Permalink patterns of ssg that may be equivalent; none if ssg lacks a token."""
    converted = pattern.replace(":output_ext", ".html").replace(":categories/", "").replace(
        ":collection", "posts")  # fmt: skip
    if any(token not in _SSG_TOKENS for token in _TOKEN.findall(converted)):
        return []
    return ["/" + _TOKEN.sub(lambda match: f":{_SSG_TOKENS[match[1]]}", converted).lstrip("/")]
