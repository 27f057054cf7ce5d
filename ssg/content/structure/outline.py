"""Sources of one language -> its outline: sections, terms, rows, files beside pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.source.document import Document, Notes
from ssg.content.source.source_files import Sources, folders_left_out
from ssg.content.structure.assets import Asset, content_assets
from ssg.content.structure.permalinks import Places
from ssg.content.structure.rows import Rows, make_rows
from ssg.content.structure.sections import Sections, date_key, find_sections
from ssg.content.structure.terms import Terms, gather_terms
from ssg.model.page import Wish


@dataclass(frozen=True, slots=True)
class Outline:
    """Where all pages made of sources are, and what lists them."""

    rows: Rows
    sections: Sections
    terms: Terms
    assets: list[Asset]
    wishes: Mapping[int, Wish]


def outline_of(
    project: Project, sources: Sources, templates: frozenset[str], notes: Notes
) -> Outline:
    """Give every source its place. `templates` are the names of all."""
    site, documents = project.settings.site, sources.documents
    date_keys = list(map(date_key, documents))
    terms = gather_terms(documents, date_keys, site.taxonomies)
    sections = find_sections(
        documents,
        lambda folder: sources.reader.blank(folder, notes, site.language),
        folders_left_out(sources) | terms.folders,
    )
    places = Places(project.settings.permalinks, notes.problems)
    assets = list(content_assets(sources, sections, places))
    rows = make_rows(documents, date_keys, sections, places, terms, site, templates)
    return Outline(rows, sections, terms, assets, _wishes(documents, sections))


def _wishes(documents: list[Document], sections: Sections) -> dict[int, Wish]:
    """Of pages, and of sections that no file makes."""
    made = {section.id: section.document.wish for section in sections.values()}
    read = {number: document.wish for number, document in enumerate(documents, 1) if document.wish}
    return {number: wish for number, wish in (made | read).items() if wish}
