"""The shape of an edition -> its place in the whole site.

An edition is shaped as if it were all: ids count from 1, and its home page is `/`. Here it gets
ids that no other edition has, its own folder, and the real names of its files.
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
from ssg.content.structure.rows import PageRows
from ssg.content.structure.sections import Section, Sections
from ssg.content.structure.terms import TaxonomyTerms
from ssg.model.page import Page, PageKind


class IdMap(dict[int, int]):
    """Ids of an edition -> ids of the site. One that is not known yet gets the next free one."""

    def __init__(self, known: Mapping[int, int], free: Iterator[int]) -> None:
        super().__init__(known)
        self._free = free

    def __missing__(self, number: int) -> int:
        self[number] = next(self._free)
        return self[number]


@dataclass(slots=True)
class FreeIds:
    """Ids that no edition has taken."""

    pages: Iterator[int]
    terms: Iterator[int] = field(default_factory=lambda: count(1))


class Relocator:
    """Moves what one edition is made of.

    `originals` are the pages of the default language, which lends some, by their names.
    """

    def __init__(self, edition: LanguageSite, free: FreeIds, originals: Mapping[str, Page]) -> None:
        self._edition = edition
        self._originals = originals
        self._folder = edition.project.settings.site.home_path.rstrip("/")
        known = {n: number for n, number in enumerate(edition.numbers, 1) if number is not None}
        self._lent = {n for n, number in enumerate(edition.numbers, 1) if number is None}
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
            source=self._edition.files.get(name),
            language=self._edition.language,
        )
        if page.id not in self._lent or page.kind != PageKind.PAGE:
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
        language = self._edition.language
        all_terms = [
            replace(term, id=self._terms[term.id], path=self._folder + term.path, language=language)
            for term in terms.all
        ]
        links = [(self._terms[term], key, self.ids[page]) for term, key, page in terms.links]
        return TaxonomyTerms(all_terms, links)

    def asset(self, asset: ContentAsset, content: Path) -> ContentAsset:
        """Its name becomes the real one, below the content folder."""
        source = asset.copy.source.relative_to(content).as_posix()
        destination = f"{self._folder}/{asset.copy.destination}".lstrip("/")
        copy = replace(asset.copy, destination=destination)
        return replace(asset, source=source, owner_id=self.ids[asset.owner_id], copy=copy)
