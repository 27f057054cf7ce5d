"""Sources -> the shape of the site: sections, terms, rows, files beside pages, menus."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.aliases import find_aliases
from ssg.content.assets import Asset, Copy, content_assets, static_files
from ssg.content.document import Document, Notes
from ssg.content.machines import machine_rows
from ssg.content.menus import menu_trees
from ssg.content.places import Places
from ssg.content.rows import Rows, make_rows
from ssg.content.sections import Sections, find_sections
from ssg.content.sources import Sources, folders_left_out
from ssg.content.terms import Terms, gather_terms
from ssg.model.page import Alias, Template, Wish


@dataclass(frozen=True, slots=True)
class Shape:
    """All that follows from the sources together."""

    rows: Rows
    sections: Sections
    terms: Terms
    assets: list[Asset]
    copied: tuple[Copy, ...]
    """Files that are published as they are."""
    aliases: tuple[Alias, ...]
    wishes: Mapping[int, Wish]
    menus: str
    """As JSON."""


def shape_of(project: Project, sources: Sources, templates: list[Template], notes: Notes) -> Shape:
    """Give every source its place. What does not go together is noted."""
    site, problems, documents = project.settings.site, notes.problems, sources.documents
    terms = gather_terms(documents, site.taxonomies)
    sections = find_sections(
        documents,
        lambda folder: sources.reader.blank(folder, notes),
        folders_left_out(sources) | terms.folders,
    )
    places = Places(project.settings.permalinks, problems)
    static = static_files(project, problems)
    assets = list(content_assets(sources, sections, places))
    copied = (*static, *(asset.copy for asset in assets))
    names = frozenset(template.name for template in templates)
    rows = make_rows(documents, sections, places, terms, site, names)
    taken = _paths(rows, static)
    rows.pages.extend(machine_rows(rows.pages, sections, site, taken))
    aliases = find_aliases(documents, sections, rows.pages, site, problems)
    left_out = {skipped.source for skipped in sources.skipped}
    menus = menu_trees(project, documents, rows.pages, left_out, problems)
    wishes = _wishes(documents, sections)
    return Shape(rows, sections, terms, assets, copied, tuple(aliases), wishes, json.dumps(menus))


def _paths(rows: Rows, static: Iterable[Copy]) -> frozenset[str]:
    """Where a page or a static file stands, so that nothing need be made for machines."""
    taken = frozenset(page.path for page in rows.pages)
    return taken | frozenset("/" + copy.destination for copy in static)


def _wishes(documents: list[Document], sections: Sections) -> dict[int, Wish]:
    """Of pages, and of sections that no file makes."""
    wishes = {section.id: section.document.wish for section in sections.values()}
    wishes |= {number: document.wish for number, document in enumerate(documents, 1)}
    return {number: wish for number, wish in wishes.items() if wish != Wish()}
