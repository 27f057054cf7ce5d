"""The addresses that Hugo gives to pages (gohugo.io, "URL management")."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ssg.importers.front_matter.dates import local
from ssg.importers.hugo.config import HugoConfig
from ssg.importers.imported_page import address_path

_TOKEN = re.compile(r":([a-z]+)(\[[^\]]*\])?")
_DATES = {
    "year": "%Y", "month": "%m", "day": "%d", "monthname": "%B", "weekdayname": "%A",
    "yearday": "%-j", "weekday": "%w",
}  # fmt: skip
_SSG_TOKENS = {
    "year": "year", "month": "month", "day": "day", "section": "section", "sections": "sections",
    "title": "title", "filename": "filename", "contentbasename": "filename",
}  # fmt: skip
_SLUGS = frozenset({"slug", "slugorfilename", "slugorcontentbasename"})


def urlize(text: str) -> str:
    """A name as a part of a URL: lower case, hyphens for spaces, no punctuation."""
    words = re.sub(r"\s+", "-", text.strip().lower())
    return re.sub(r"-{2,}", "-", "".join(c for c in words if c.isalnum() or c in "-_/.~+@#%&"))


@dataclass(frozen=True, slots=True)
class HugoPermalinkInput:
    """What an address depends on. `folders` are those below the content folder."""

    folders: tuple[str, ...]
    name: str
    title: str
    slug: str = ""
    url: str = ""
    date: dt.date | None = None
    is_section: bool = False


class HugoPermalinks:
    """Computes the addresses of a site."""

    def __init__(self, config: HugoConfig) -> None:
        self._zone = config.text("timezone", default="UTC")
        self._ugly = config.values.get("uglyurls")
        self._lower = not config.flag("disablepathtolower")
        table = config.table("permalinks")
        by_kind = {key.lower(): value for key, value in table.items() if isinstance(value, dict)}
        flat = {key: value for key, value in table.items() if isinstance(value, str)}
        self.patterns: Mapping[str, str] = _stripped({**flat, **by_kind.get("page", {})})
        self._sections = _stripped(by_kind.get("section", {}))

    def path(self, page: HugoPermalinkInput) -> str:
        """The URL path of a page."""
        if page.url:
            expanded = self._expand(page.url, page) if ":" in page.url else page.url
            return address_path(expanded)
        pattern = self._pattern(page)
        if pattern and (expanded := self._expand(pattern, page)):
            return address_path(expanded if self._is_ugly(page) else expanded + "/")
        folders = [self._part(folder) for folder in page.folders]
        if page.is_section:
            return address_path("/".join(folders) + "/")
        last = urlize(page.slug) if page.slug else self._part(page.name)
        path = "/".join([*folders, last])
        return address_path(f"{path}.html" if self._is_ugly(page) else path + "/")

    def _pattern(self, page: HugoPermalinkInput) -> str:
        if page.is_section and len(page.folders) != 1:
            return ""
        table = self._sections if page.is_section else self.patterns
        return table.get(page.folders[0] if page.folders else "", "")

    def _is_ugly(self, page: HugoPermalinkInput) -> bool:
        if isinstance(self._ugly, dict):
            return bool(page.folders) and self._ugly.get(page.folders[0]) is True
        return self._ugly is True

    def _part(self, name: str) -> str:
        text = name.lower() if self._lower else name
        return re.sub(r"\s+", "-", text)

    def _expand(self, pattern: str, page: HugoPermalinkInput) -> str:
        """Expand a pattern; '' if the page lacks a value."""
        missing = []

        def value(match: re.Match[str]) -> str:
            found = self._value(match[1], match[2] or "", page)
            if not found and match[1] not in {"section", "sections"}:
                missing.append(match[1])
            return found

        expanded = _TOKEN.sub(value, pattern)
        return "" if missing else expanded.rstrip("/")

    def _value(self, token: str, part: str, page: HugoPermalinkInput) -> str:
        if form := _DATES.get(token):
            if page.date is None:
                return ""
            return local(page.date, self._zone).strftime(form).lower()
        sections = [self._part(folder) for folder in page.folders]
        title = urlize(page.title)
        slug = urlize(page.slug)
        name = self._part(page.name)
        values: dict[str, Any] = {
            "section": sections[0] if sections else "",
            "sections": "/".join(_sliced(sections, part)),
            "title": title,
            "slug": slug or title or name,
            "filename": name, "contentbasename": name,
            "slugorfilename": slug or name, "slugorcontentbasename": slug or name,
        }  # fmt: skip
        return str(values.get(token, ""))


def _stripped(table: Mapping[str, Any]) -> dict[str, str]:
    return {str(key).strip("/"): value for key, value in table.items() if isinstance(value, str)}


def _sliced(sections: list[str], part: str) -> list[str]:
    """The folders that `[1:]`, `[:last]` or `[0]` selects."""
    inner = part.strip("[]")
    if not inner:
        return sections
    start, colon, end = inner.partition(":")
    first = int(start) if start.isdigit() else len(sections) - 1 if start == "last" else 0
    if not colon:
        return sections[first : first + 1]
    last = int(end) if end.isdigit() else len(sections) - 1 if end == "last" else None
    return sections[first:last]


def candidates(pattern: str) -> list[str]:
    """Permalink patterns of ssg that may be equivalent; none if ssg lacks a token."""
    tokens = _TOKEN.findall(pattern)
    if any(part or (token not in _SSG_TOKENS and token not in _SLUGS) for token, part in tokens):
        return []
    found = (_with_our_tokens(pattern, {**_SSG_TOKENS, **dict.fromkeys(_SLUGS, slug)}) for slug in
             ("slug", "title"))  # fmt: skip
    return list(dict.fromkeys(found))


def _with_our_tokens(pattern: str, names: Mapping[str, str]) -> str:
    converted = _TOKEN.sub(lambda match: f":{names[match[1]]}", pattern)
    return f"/{converted.strip('/')}/"
