"""`nav` -> the order of pages in their sections, and the main menu."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_STEP = 10
_URL = ("http://", "https://", "/")


@dataclass(frozen=True, slots=True)
class NavEntry:
    """An entry: of a page, of another site, or with entries of its own."""

    title: str
    path: str = ""
    items: tuple[NavEntry, ...] = ()


def read_nav(value: Any) -> tuple[NavEntry, ...]:
    """`nav` as a tree. What is no entry is passed over."""
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


def leaves(items: Sequence[NavEntry]) -> Iterator[NavEntry]:
    """Entries that lead somewhere, from top to bottom."""
    for item in items:
        if item.path:
            yield item
        yield from leaves(item.items)


def weights(items: Sequence[NavEntry], origins: Sequence[str], docs: str) -> dict[str, int]:
    """The weight of each page by its file: those that no entry names come last, by name."""
    named = [posixpath.normpath(f"{docs}/{leaf.path}") for leaf in leaves(items)]
    found: dict[str, int] = {}
    for path in named:
        inside = [path] if path in origins else [o for o in origins if o.startswith(f"{path}/")]
        for origin in inside:
            found.setdefault(origin, (len(found) + 1) * _STEP)
    for origin in sorted(set(origins) - found.keys()):
        found[origin] = (len(found) + 1) * _STEP
    return found


def titles(items: Sequence[NavEntry], docs: str) -> dict[str, str]:
    """Titles that entries give to pages, by file."""
    return {
        posixpath.normpath(f"{docs}/{leaf.path}"): leaf.title
        for leaf in leaves(items)
        if leaf.title
    }


def folder_titles(items: Sequence[NavEntry]) -> dict[str, str]:
    """Titles that entries give to folders: that of the entry whose pages are all in one."""
    found: dict[str, str] = {}
    for item in items:
        folders = {posixpath.dirname(leaf.path) for leaf in leaves(item.items)}
        if item.items and len(folders) == 1 and (folder := folders.pop()):
            found.setdefault(folder, item.title)
        found = {**folder_titles(item.items), **found}
    return found


def menu(items: Sequence[NavEntry], places: Mapping[str, str], docs: str) -> list[dict[str, Any]]:
    """The top of the tree as the main menu. An entry with entries leads to the first of them."""
    made = []
    for number, item in enumerate(items, 1):
        first = next(leaves([item]), None)
        if first is None:
            continue
        target = _section(item, places) or _target(first.path, places, docs)
        if target:
            name = {"name": item.title} if item.title else {}
            made.append({**name, **target, "weight": number * _STEP})
    return [entry for entry in made if "page" in entry or "name" in entry]


def _section(item: NavEntry, places: Mapping[str, str]) -> dict[str, str]:
    """An entry whose pages are all in one folder leads to that folder's section."""
    folders = {posixpath.dirname(leaf.path) for leaf in leaves(item.items)}
    if not item.items or len(folders) != 1 or not (folder := folders.pop()):
        return {}
    return (
        {"page": f"{folder}/_index.md"} if folder in map(posixpath.dirname, places.values()) else {}
    )


def _target(path: str, places: Mapping[str, str], docs: str) -> dict[str, str]:
    if path.startswith(_URL):
        return {"url": path}
    origin = posixpath.normpath(f"{docs}/{path}")
    if origin in places:
        return {"page": places[origin]}
    inside = next((place for name, place in places.items() if name.startswith(f"{origin}/")), "")
    return {"page": inside} if inside else {}
