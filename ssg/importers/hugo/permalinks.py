"""Where Hugo puts pages (gohugo.io, "URL management")."""

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
_OURS = {
    "year": "year", "month": "month", "day": "day", "section": "section", "sections": "sections",
    "title": "title", "filename": "filename", "contentbasename": "filename",
}  # fmt: skip
_SLUGS = frozenset({"slug", "slugorfilename", "slugorcontentbasename"})


def urlize(text: str) -> str:
    """A name as a part of a URL: small letters, hyphens for spaces, no punctuation."""
    words = re.sub(r"\s+", "-", text.strip().lower())
    return re.sub(r"-{2,}", "-", "".join(c for c in words if c.isalnum() or c in "-_/.~+@#%&"))


@dataclass(frozen=True, slots=True)
class HugoPermalinkInput:
    """What an address is made of. `folders` are those below the content folder."""

    folders: tuple[str, ...]
    name: str
    title: str
    slug: str = ""
    url: str = ""
    date: dt.date | None = None
    is_section: bool = False


class HugoPermalinks:
    """The addresses of one site, or of one of its languages."""

    def __init__(self, config: HugoConfig) -> None:
        self._zone = config.text("timezone", default="UTC")
        self._ugly = config.values.get("uglyurls")
        self._lower = not config.flag("disablepathtolower")
        table = config.table("permalinks")
        by_kind = {key.lower(): value for key, value in table.items() if isinstance(value, dict)}
        flat = {key: value for key, value in table.items() if isinstance(value, str)}
        self.patterns: Mapping[str, str] = _stripped({**flat, **by_kind.get("page", {})})
        self._sections = _stripped(by_kind.get("section", {}))

    def of(self, subject: HugoPermalinkInput) -> str:
        """The path of a page."""
        if subject.url:
            expanded = self._expand(subject.url, subject) if ":" in subject.url else subject.url
            return address_path(expanded)
        pattern = self._pattern(subject)
        if pattern and (expanded := self._expand(pattern, subject)):
            return address_path(expanded if self._is_ugly(subject) else expanded + "/")
        folders = [self._part(folder) for folder in subject.folders]
        if subject.is_section:
            return address_path("/".join(folders) + "/")
        last = urlize(subject.slug) if subject.slug else self._part(subject.name)
        path = "/".join([*folders, last])
        return address_path(f"{path}.html" if self._is_ugly(subject) else path + "/")

    def _pattern(self, subject: HugoPermalinkInput) -> str:
        if subject.is_section and len(subject.folders) != 1:
            return ""
        table = self._sections if subject.is_section else self.patterns
        return table.get(subject.folders[0] if subject.folders else "", "")

    def _is_ugly(self, subject: HugoPermalinkInput) -> bool:
        if isinstance(self._ugly, dict):
            return bool(subject.folders) and self._ugly.get(subject.folders[0]) is True
        return self._ugly is True

    def _part(self, name: str) -> str:
        text = name.lower() if self._lower else name
        return re.sub(r"\s+", "-", text)

    def _expand(self, pattern: str, subject: HugoPermalinkInput) -> str:
        """A pattern with its values; '' if one is missing."""
        missing = []

        def value(match: re.Match[str]) -> str:
            found = self._value(match[1], match[2] or "", subject)
            if not found and match[1] not in {"section", "sections"}:
                missing.append(match[1])
            return found

        expanded = _TOKEN.sub(value, pattern)
        return "" if missing else expanded.rstrip("/")

    def _value(self, token: str, part: str, subject: HugoPermalinkInput) -> str:
        if form := _DATES.get(token):
            if subject.date is None:
                return ""
            return local(subject.date, self._zone).strftime(form).lower()
        sections = [self._part(folder) for folder in subject.folders]
        title = urlize(subject.title)
        slug = urlize(subject.slug)
        name = self._part(subject.name)
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
    """`[1:]`, `[:last]`, `[0]` of the folders."""
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
    """Patterns of ours that may mean the same; none if it needs what ours do not have."""
    tokens = _TOKEN.findall(pattern)
    if any(part or (token not in _OURS and token not in _SLUGS) for token, part in tokens):
        return []
    found = (_in_our_words(pattern, {**_OURS, **dict.fromkeys(_SLUGS, slug)}) for slug in
             ("slug", "title"))  # fmt: skip
    return list(dict.fromkeys(found))


def _in_our_words(pattern: str, names: Mapping[str, str]) -> str:
    ours = _TOKEN.sub(lambda match: f":{names[match[1]]}", pattern)
    return f"/{ours.strip('/')}/"
