"""Sources of one language -> its outline: sections, terms, rows, files beside pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.source_files import ContentFolder, folders_left_out
from ssg.content.structure.assets import ContentAsset, content_assets
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.rows import PageRows, make_rows
from ssg.content.structure.sections import Sections, date_key, find_sections
from ssg.content.structure.terms import TaxonomyTerms, collect_terms
from ssg.model.page import DeferOverride


@dataclass(frozen=True, slots=True)
class LanguageStructure:
    """Where all pages made of sources are, and what lists them."""

    rows: PageRows
    sections: Sections
    terms: TaxonomyTerms
    assets: list[ContentAsset]
    defer_overrides: Mapping[int, DeferOverride]


def make_language_structure(
    project: Project, sources: ContentFolder, templates: frozenset[str], diagnostics: Diagnostics
) -> LanguageStructure:
    """Give every source its place. `templates` are the names of all."""
    site, documents = project.settings.site, sources.documents
    date_keys = list(map(date_key, documents))
    terms = collect_terms(documents, date_keys, site.taxonomies)
    sections = find_sections(
        documents,
        lambda folder: sources.reader.blank(folder, diagnostics, site.language),
        folders_left_out(sources) | terms.folders,
    )
    places = Permalinks(project.settings.permalinks, diagnostics.problems)
    assets = list(content_assets(sources, sections, places))
    rows = make_rows(documents, date_keys, sections, places, terms, site, templates)
    return LanguageStructure(rows, sections, terms, assets, _defer_overrides(documents, sections))


def _defer_overrides(
    documents: list[SourceDocument], sections: Sections
) -> dict[int, DeferOverride]:
    """Of pages, and of sections that no file makes."""
    made = {section.id: section.document.defer_override for section in sections.values()}
    read = {
        number: document.defer_override
        for number, document in enumerate(documents, 1)
        if document.defer_override
    }
    return {number: found for number, found in (made | read).items() if found}
