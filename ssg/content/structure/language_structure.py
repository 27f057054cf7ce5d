"""Builds the structure of the pages in one language from its documents.

The order matters. Terms come first, because a taxonomy with a page of its own takes the folder of a
section; then sections, which need the folders without; then permalinks, which follow from the paths
of sections; then the rows and assets, which need all of these. Nothing here looks at other
languages: `content.languages` joins them.
"""

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
    """The pages of one language that come from sources, and what lists them."""

    rows: PageRows
    sections: Sections
    terms: TaxonomyTerms
    assets: list[ContentAsset]
    defer_overrides: Mapping[int, DeferOverride]


def make_language_structure(
    project: Project, sources: ContentFolder, templates: frozenset[str], diagnostics: Diagnostics
) -> LanguageStructure:
    """Build the structure. `templates` has the names of all templates."""
    site, documents = project.settings.site, sources.documents
    date_keys = list(map(date_key, documents))
    terms = collect_terms(documents, date_keys, site.taxonomies)
    sections = find_sections(
        documents,
        lambda folder: sources.reader.blank(folder, diagnostics, site.language),
        folders_left_out(sources) | terms.folders,
    )
    permalinks = Permalinks(project.settings.permalinks, diagnostics.problems)
    assets = list(content_assets(sources, sections, permalinks))
    rows = make_rows(documents, date_keys, sections, permalinks, terms, site, templates)
    return LanguageStructure(rows, sections, terms, assets, _defer_overrides(documents, sections))


def _defer_overrides(
    documents: list[SourceDocument], sections: Sections
) -> dict[int, DeferOverride]:
    """The overrides of documents, and of sections without a file, by page id."""
    numbered = ((section.id, section.document) for section in sections.values())
    overrides = (
        (number, document.defer_override)
        for number, document in (*numbered, *enumerate(documents, 1))
        if document.defer_override
    )
    return dict(overrides)
