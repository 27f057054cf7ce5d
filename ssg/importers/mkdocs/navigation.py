"""Converts `nav` to weights of pages, titles and the main menu."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_STEP = 10
_URL = ("http://", "https://", "/")


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry: a page, a URL, or a list of entries."""

    title: str
    path: str = ""
    entries: tuple[NavEntry, ...] = ()


def read_nav(value: Any) -> tuple[NavEntry, ...]:
    """Read `nav`. Values that are not entries are skipped."""
    return tuple(_items(value))


def _items(value: Any) -> Iterator[NavEntry]:
    for entry in value if isinstance(value, list) else []:
        if isinstance(entry, str):
            yield NavEntry("", entry)
        elif isinstance(entry, dict):
            for title, inner in entry.items():
                if isinstance(inner, str):
                    yield NavEntry(str(title), inner)
                elif isinstance(inner, list):
                    yield NavEntry(str(title), "", read_nav(inner))


def leaves(entries: Sequence[NavEntry]) -> Iterator[NavEntry]:
    """The entries with a target, from top to bottom."""
    for entry in entries:
        if entry.path:
            yield entry
        yield from leaves(entry.entries)


def weights(entries: Sequence[NavEntry], origins: Sequence[str], docs: str) -> dict[str, int]:
    """The weight of each page by its file. Pages that no entry names come last, by name."""
    named = [posixpath.normpath(f"{docs}/{leaf.path}") for leaf in leaves(entries)]
    found: dict[str, int] = {}
    for path in named:
        inside = [path] if path in origins else [o for o in origins if o.startswith(f"{path}/")]
        for origin in inside:
            found.setdefault(origin, (len(found) + 1) * _STEP)
    for origin in sorted(set(origins) - found.keys()):
        found[origin] = (len(found) + 1) * _STEP
    return found


def titles(entries: Sequence[NavEntry], docs: str) -> dict[str, str]:
    """The titles that entries give to pages, by file."""
    return {
        posixpath.normpath(f"{docs}/{leaf.path}"): leaf.title
        for leaf in leaves(entries)
        if leaf.title
    }


def folder_titles(entries: Sequence[NavEntry]) -> dict[str, str]:
    """The titles of folders: that of an entry whose pages are all in the folder."""
    found: dict[str, str] = {}
    for entry in entries:
        folders = {posixpath.dirname(leaf.path) for leaf in leaves(entry.entries)}
        if entry.entries and len(folders) == 1 and (folder := folders.pop()):
            found.setdefault(folder, entry.title)
        found = {**folder_titles(entry.entries), **found}
    return found


def main_menu(
    entries: Sequence[NavEntry], files: Mapping[str, str], docs: str
) -> list[dict[str, Any]]:
    """The top level as the main menu. An entry with entries leads to the first of them."""
    menu = []
    for number, entry in enumerate(entries, 1):
        first = next(leaves([entry]), None)
        if first is None:
            continue
        target = _section(entry, files) or _target(first.path, files, docs)
        if target:
            name = {"name": entry.title} if entry.title else {}
            menu.append({**name, **target, "weight": number * _STEP})
    return [entry for entry in menu if "page" in entry or "name" in entry]


def _section(entry: NavEntry, files: Mapping[str, str]) -> dict[str, str]:
    """The section of the folder that contains all pages of an entry, if there is one."""
    folders = {posixpath.dirname(leaf.path) for leaf in leaves(entry.entries)}
    if not entry.entries or len(folders) != 1 or not (folder := folders.pop()):
        return {}
    has_pages = folder in map(posixpath.dirname, files.values())
    return {"page": f"{folder}/_index.md"} if has_pages else {}


def _target(path: str, files: Mapping[str, str], docs: str) -> dict[str, str]:
    if path.startswith(_URL):
        return {"url": path}
    origin = posixpath.normpath(f"{docs}/{path}")
    if origin in files:
        return {"page": files[origin]}
    inside = next((file for name, file in files.items() if name.startswith(f"{origin}/")), "")
    return {"page": inside} if inside else {}
