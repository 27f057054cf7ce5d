"""Which pages say the same in different languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import count

from ssg.content.languages.placed import RelocatedLanguage
from ssg.model.errors import Location, Problem
from ssg.model.page import Page, PageKind

TranslationRow = tuple[int, int, str, bool]
"""A page's id, its group, its language, and whether it only shows another's text."""

_ROOT = "_index.md"


def find_translations(
    editions: Iterable[RelocatedLanguage], problems: list[Problem]
) -> tuple[TranslationRow, ...]:
    """The groups of two pages and more. Two of a group in one language are a problem."""
    groups: dict[str, dict[str, Page]] = {}
    for placed in editions:
        for key, page in _keys(placed):
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


def _keys(placed: RelocatedLanguage) -> Iterator[tuple[str, Page]]:
    """Pages, each with what it has in common with its translations: as a rule, a file's name."""
    keys = placed.edition.keys()
    folders = {section.id: folder for folder, section in placed.outline.sections.items()}
    for local, page in zip(placed.outline.rows.pages, placed.rows.pages, strict=True):
        if key := _key(local, keys, folders):
            yield key, page


def _key(page: Page, keys: Mapping[str, str], folders: Mapping[int, str]) -> str | None:
    if page.source:
        return keys[page.source]
    if page.kind == PageKind.ARCHIVE:
        return f"{PageKind.ARCHIVE}:{page.number}"
    folder = {
        PageKind.SECTION: folders.get(page.id),
        PageKind.TAXONOMY: page.taxonomy,
        PageKind.TERM: f"{page.taxonomy}/{page.slug}",
    }.get(page.kind)
    return None if folder is None else f"{folder}/{_ROOT}".lstrip("/")
