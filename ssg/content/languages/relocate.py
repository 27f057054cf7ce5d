"""Moves the structure of one language to its place in the whole site.

A language site is built as if it were the only one: its ids count from 1, its home page is `/`, and
its files have names without a language. Relocation gives its pages and terms ids that no other
language uses, puts its paths below the folder of its language, and names its real files. Pages that
it borrows from the default language become fallback pages, which show the original.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from ssg.content.languages.split import LanguageSite
from ssg.content.source.json_values import to_json
from ssg.content.structure.assets import ContentAsset
from ssg.content.structure.language_structure import LanguageStructure
from ssg.content.structure.rows import PageRows
from ssg.content.structure.sections import Section, Sections
from ssg.content.structure.terms import TaxonomyTerms
from ssg.model.page import DeferOverride, Page, PageKind


class IdMap(dict[int, int]):
    """Ids of a language site -> ids of the whole site. An unknown id gets the next free one."""

    def __init__(self, known: Mapping[int, int], free: Iterator[int]) -> None:
        super().__init__(known)
        self._free = free

    def __missing__(self, number: int) -> int:
        self[number] = next(self._free)
        return self[number]


@dataclass(slots=True)
class FreeIds:
    """Ids that no language site uses yet."""

    pages: Iterator[int]
    terms: Iterator[int] = field(default_factory=lambda: count(1))


@dataclass(frozen=True, slots=True)
class RelocatedLanguage:
    """A language site as it goes into the site database. `structure` is its state before that."""

    language_site: LanguageSite
    structure: LanguageStructure
    rows: PageRows
    sections: Mapping[str, Section]
    terms: TaxonomyTerms
    assets: list[ContentAsset]
    defer_overrides: Mapping[int, DeferOverride]

    def by_local_source(self) -> dict[str, Page]:
        """Pages by the names of their files without a language."""
        pairs = zip(self.structure.rows.pages, self.rows.pages, strict=True)
        return {local.source: page for local, page in pairs if local.source}


def relocate(
    language_site: LanguageSite,
    structure: LanguageStructure,
    free: FreeIds,
    originals: Mapping[str, Page],
) -> RelocatedLanguage:
    """Move a language site. `originals` are the pages of the default language by local source."""
    move = _Relocator(language_site, free, originals)
    content = language_site.project.root / "content"
    overrides = structure.defer_overrides.items()
    return RelocatedLanguage(
        language_site=language_site,
        structure=structure,
        rows=move.rows(structure.rows),
        sections=move.sections(structure.sections),
        terms=move.terms(structure.terms),
        assets=[move.asset(asset, content) for asset in structure.assets],
        defer_overrides={move.ids[number]: override for number, override in overrides},
    )


class _Relocator:
    """Moves rows, sections, terms and assets of one language site."""

    def __init__(
        self, language_site: LanguageSite, free: FreeIds, originals: Mapping[str, Page]
    ) -> None:
        self._language_site = language_site
        self._originals = originals
        self._folder = language_site.project.settings.site.home_path.rstrip("/")
        numbers = dict(enumerate(language_site.numbers, 1))
        known = {local: number for local, number in numbers.items() if number is not None}
        self._borrowed = numbers.keys() - known.keys()
        self.ids = IdMap(known, free.pages)
        self._terms = IdMap({}, free.terms)

    def rows(self, rows: PageRows) -> PageRows:
        ids = self.ids
        pages = [self._page(page) for page in rows.pages]
        listing = [(ids[section], key, ids[page]) for section, key, page in rows.listing]
        return PageRows(pages, listing)

    def _page(self, page: Page) -> Page:
        name = page.source or ""
        moved = page._replace(
            id=self.ids[page.id],
            path=self._folder + page.path,
            parent_id=self.ids[page.parent_id] if page.parent_id is not None else None,
            term_id=self._terms[page.term_id] if page.term_id is not None else None,
            source=self._language_site.files.get(name),
            language=self._language_site.language,
        )
        if page.id not in self._borrowed or page.kind != PageKind.PAGE:
            return moved
        original = self._originals[name]
        front = to_json({**json.loads(page.front), "original": original.path})
        return moved._replace(kind=PageKind.FALLBACK, source=original.source, front=front)

    def sections(self, sections: Sections) -> dict[str, Section]:
        moved: dict[str, Section] = {}
        for folder in sorted(sections):
            section = sections[folder]
            parent = moved[section.parent.folder] if section.parent else None
            path = self._folder + section.path
            moved[folder] = replace(section, id=self.ids[section.id], path=path, parent=parent)
        return moved

    def terms(self, terms: TaxonomyTerms) -> TaxonomyTerms:
        language = self._language_site.language
        all_terms = [
            replace(term, id=self._terms[term.id], path=self._folder + term.path, language=language)
            for term in terms.all
        ]
        links = [(self._terms[term], key, self.ids[page]) for term, key, page in terms.links]
        return TaxonomyTerms(all_terms, links)

    def asset(self, asset: ContentAsset, content: Path) -> ContentAsset:
        """An asset below the folder of its language, named by its real file below `content`."""
        source = asset.copy.source.relative_to(content).as_posix()
        destination = f"{self._folder}/{asset.copy.destination}".lstrip("/")
        copy = replace(asset.copy, destination=destination)
        return replace(asset, source=source, owner_id=self.ids[asset.owner_id], copy=copy)
