"""Keys of `extra` that the default theme reads. An old site may use them for something else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ssg.importers.imported_site import ImportNotes, Topic

ValueTest = Callable[[Any], bool]


def _is_url(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("/", "http://", "https://"))


def _has_type(kind: type) -> ValueTest:
    return lambda value: type(value) is kind


def _has_rows(*keys: str) -> ValueTest:
    """Tests for a list of tables that each have all of `keys`; `a|b` means one of the two."""

    def test(value: Any) -> bool:
        return isinstance(value, list) and all(
            isinstance(row, dict) and all(any(map(row.get, key.split("|"))) for key in keys)
            for row in value
        )

    return test


_IS_TEXT = _has_type(str)
_HAS_LINKS = _has_rows("title", "url|path")
_SITE: Mapping[str, ValueTest] = {
    "nav": _HAS_LINKS, "social": _has_rows("name", "url"), "footer": _IS_TEXT, "accent": _IS_TEXT,
    "accent_dark": _IS_TEXT, "edit": _is_url, "logo": _is_url, "image": _is_url,
    "latest": _has_type(int), "reading_time": _has_type(bool),
}  # fmt: skip
_PAGE: Mapping[str, ValueTest] = {
    "image": _is_url, "actions": _HAS_LINKS, "features": _has_rows("title", "text"),
}  # fmt: skip


def rename_site_keys(extra: Mapping[str, Any], notes: ImportNotes) -> dict[str, Any]:
    """The `extra` of the site, with other names for keys that the theme would misread."""
    return _renamed(extra, _SITE, notes, Topic.SETTING, "")


def rename_page_keys(extra: Mapping[str, Any], notes: ImportNotes, origin: str) -> dict[str, Any]:
    """The `extra` of a page, treated in the same way."""
    return _renamed(extra, _PAGE, notes, Topic.FRONT_MATTER, origin)


def _renamed(
    extra: Mapping[str, Any],
    table: Mapping[str, ValueTest],
    notes: ImportNotes,
    topic: Topic,
    origin: str,
) -> dict[str, Any]:
    found = {}
    for key, value in extra.items():
        name = key
        if key in table and not table[key](value):
            name = f"old_{key}"
            what = f"extra.{key} is {name} now: the theme uses that key otherwise"
            notes.add(topic, what, origin)
        found[name] = value
    return found
