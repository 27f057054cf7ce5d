"""An edition in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.content.languages.relocate import FreeIds, Relocator
from ssg.content.languages.split import LanguageSite
from ssg.content.structure.assets import ContentAsset
from ssg.content.structure.language_structure import LanguageStructure
from ssg.content.structure.rows import PageRows
from ssg.content.structure.sections import Section
from ssg.content.structure.terms import TaxonomyTerms
from ssg.model.page import DeferOverride, Page


@dataclass(frozen=True, slots=True)
class RelocatedLanguage:
    """What an edition is made of, as it goes into the site database. `outline` is as it was."""

    edition: LanguageSite
    outline: LanguageStructure
    rows: PageRows
    sections: Mapping[str, Section]
    terms: TaxonomyTerms
    assets: list[ContentAsset]
    defer_overrides: Mapping[int, DeferOverride]

    def named(self) -> dict[str, Page]:
        """Pages by the names that their sources have in every language."""
        pairs = zip(self.outline.rows.pages, self.rows.pages, strict=True)
        return {local.source: page for local, page in pairs if local.source}


def relocate(
    edition: LanguageSite, outline: LanguageStructure, free: FreeIds, originals: Mapping[str, Page]
) -> RelocatedLanguage:
    """Move all of an edition. `originals` are the named pages of the default language."""
    move = Relocator(edition, free, originals)
    content = edition.project.root / "content"
    return RelocatedLanguage(
        edition=edition,
        outline=outline,
        rows=move.rows(outline.rows),
        sections=move.sections(outline.sections),
        terms=move.terms(outline.terms),
        assets=[move.asset(asset, content) for asset in outline.assets],
        defer_overrides={
            move.ids[number]: defer_override
            for number, defer_override in outline.defer_overrides.items()
        },
    )
