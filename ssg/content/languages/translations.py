"""Finds the pages that are translations of each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from ssg.content.languages.relocate import RelocatedLanguage
from ssg.model.errors import Location, Problem
from ssg.model.page import Page, PageKind

TranslationRow = tuple[int, int, str, bool]
"""The id of a page, the id of its group, its language, and whether it is a fallback page."""

_ROOT = "_index.md"


def find_translations(
    languages: Iterable[RelocatedLanguage], problems: list[Problem]
) -> tuple[TranslationRow, ...]:
    """A row for each page that has translations. Two translations in one language are a problem."""
    groups: dict[str, dict[str, Page]] = {}
    for relocated in languages:
        for key, page in _keys(relocated):
            group = groups.setdefault(key, {})
            if page.language in group:
                problems.append(_twice(key, group[page.language], page))
            group.setdefault(page.language, page)
    numbers = count(1)
    return tuple(
        (page.id, number, language, page.kind == PageKind.FALLBACK)
        for group in groups.values()
        if len(group) > 1
        for number in [next(numbers)]
        for language, page in group.items()
    )


def _twice(key: str, one: Page, other: Page) -> Problem:
    message = f"content/{one.source} is a translation of {key} in the same language"
    return Problem(message, Location(f"content/{other.source}"), "Set another translation_key")


def _keys(relocated: RelocatedLanguage) -> Iterator[tuple[str, Page]]:
    """Translation keys and their pages. A key is mostly the name of a file without a language."""
    keys = relocated.language_site.keys()
    folders = {section.id: folder for folder, section in relocated.structure.sections.items()}
    for local, page in zip(relocated.structure.rows.pages, relocated.rows.pages, strict=True):
        if key := _key(local, keys, folders):
            yield key, page


def _key(page: Page, keys: Mapping[str, str], folders: Mapping[int, str]) -> str | None:
    if page.source:
        return keys[page.source]
    if page.kind == PageKind.ARCHIVE:
        return f"{PageKind.ARCHIVE}:{page.number}"
    folders_of_lists: Mapping[str, str | None] = {
        PageKind.SECTION: folders.get(page.id),
        PageKind.TAXONOMY: page.taxonomy,
        PageKind.TERM: f"{page.taxonomy}/{page.slug}",
    }
    folder = folders_of_lists.get(page.kind)
    return None if folder is None else f"{folder}/{_ROOT}".lstrip("/")
