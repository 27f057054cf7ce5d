"""Keys of `extra` that the default theme reads: an old site may mean something else by them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.importers.imported_site import ImportNotes, ImportTopic

ValueTest = Callable[[Any], bool]


def _place(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("/", "http://", "https://"))


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return type(value) is int


def _boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _rows(value: Any, *keys: str) -> bool:
    """A list of tables that have each of some keys; `a|b` is one of two."""
    return isinstance(value, list) and all(
        isinstance(row, dict) and all(any(map(row.get, key.split("|"))) for key in keys)
        for row in value
    )


def _links(value: Any) -> bool:
    return _rows(value, "title", "url|path")


def _names(value: Any) -> bool:
    return _rows(value, "name", "url")


def _features(value: Any) -> bool:
    return _rows(value, "title", "text")


_SITE: Mapping[str, ValueTest] = {
    "nav": _links, "social": _names, "footer": _text, "accent": _text, "accent_dark": _text,
    "edit": _place, "logo": _place, "image": _place, "latest": _whole, "reading_time": _boolean,
}  # fmt: skip
_PAGE: Mapping[str, ValueTest] = {"image": _place, "actions": _links, "features": _features}


def rename_site_keys(extra: Mapping[str, Any], notes: ImportNotes) -> dict[str, Any]:
    """The site's table, with other names for keys that would be misread."""
    return _renamed(extra, _SITE, notes, ImportTopic.SETTING, "")


def rename_page_keys(extra: Mapping[str, Any], notes: ImportNotes, origin: str) -> dict[str, Any]:
    """The same for a page's table."""
    return _renamed(extra, _PAGE, notes, ImportTopic.FRONT_MATTER, origin)


def _renamed(
    extra: Mapping[str, Any],
    table: Mapping[str, ValueTest],
    notes: ImportNotes,
    kind: ImportTopic,
    origin: str,
) -> dict[str, Any]:
    found = {}
    for key, value in extra.items():
        name = key
        if key in table and not table[key](value):
            name = f"old_{key}"
            notes.add(kind, f"extra.{key} is {name} now: the theme means something else", origin)
        found[name] = value
    return found
