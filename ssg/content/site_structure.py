"""Sources -> the shape of the site: all that follows from them together."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.languages.merge import aliases_of, machines_of, menus_of, place_editions
from ssg.content.languages.suffix_check import odd_names
from ssg.content.languages.translations import TranslationRow, find_translations
from ssg.content.source.document import Notes
from ssg.content.source.source_files import Sources
from ssg.content.structure.aliases import find_aliases
from ssg.content.structure.assets import Asset, Copy
from ssg.content.structure.generated_pages import machine_rows
from ssg.content.structure.menus import menu_trees
from ssg.content.structure.outline import outline_of
from ssg.content.structure.rows import Rows
from ssg.content.structure.sections import Section
from ssg.content.structure.terms import Terms
from ssg.model.page import Alias, Page, Template, Wish


@dataclass(frozen=True, slots=True)
class Shape:
    """Everything in its place."""

    rows: Rows
    sections: Mapping[str, Section]
    terms: Terms
    assets: list[Asset]
    copied: tuple[Copy, ...]
    """Files that are published as they are."""
    aliases: tuple[Alias, ...]
    wishes: Mapping[int, Wish]
    menus: str
    """As JSON; of a site in several languages by language."""
    translations: tuple[TranslationRow, ...] = ()


def shape_of(
    project: Project,
    sources: Sources,
    templates: list[Template],
    static: Sequence[Copy],
    notes: Notes,
) -> Shape:
    """Give every source its place. What does not go together is noted."""
    names = frozenset(template.name for template in templates)
    notes.warnings.extend(odd_names(sources.documents, project.settings.site.languages))
    if project.settings.site.languages:
        return _of_several(project, sources, names, static, notes)
    site, problems, documents = project.settings.site, notes.problems, sources.documents
    outline = outline_of(project, sources, names, notes)
    rows = outline.rows
    taken = _paths(rows.pages, static)
    rows.pages.extend(machine_rows(rows.pages, outline.sections, site, taken))
    by_source = {page.source: page for page in rows.pages if page.source}
    left_out = {skipped.source for skipped in sources.skipped}
    return Shape(
        rows=rows,
        sections=outline.sections,
        terms=outline.terms,
        assets=outline.assets,
        copied=(*static, *(asset.copy for asset in outline.assets)),
        aliases=tuple(find_aliases(documents, outline.sections, by_source, site, problems)),
        wishes=outline.wishes,
        menus=json.dumps(menu_trees(project, documents, by_source, left_out, problems)),
    )


def _of_several(
    project: Project,
    sources: Sources,
    templates: frozenset[str],
    static: Sequence[Copy],
    notes: Notes,
) -> Shape:
    """The shape of every language by itself, and all of them joined."""
    site, problems = project.settings.site, notes.problems
    placed = place_editions(project, sources, templates, notes)
    pages = [page for one in placed for page in one.rows.pages]
    listing = [row for one in placed for row in one.rows.listing]
    assets = [asset for one in placed for asset in one.assets]
    taken = _paths(pages, static)
    skipped = frozenset(one.source for one in sources.skipped)
    return Shape(
        rows=Rows([*pages, *machines_of(placed, site, taken)], listing),
        sections={section.path: section for one in placed for section in one.sections.values()},
        terms=Terms(
            [term for one in placed for term in one.terms.all],
            [link for one in placed for link in one.terms.links],
        ),
        assets=assets,
        copied=(*static, *(asset.copy for asset in assets)),
        aliases=tuple(aliases_of(placed, site, problems)),
        wishes={number: wish for one in placed for number, wish in one.wishes.items()},
        menus=json.dumps(menus_of(placed, project, skipped, problems)),
        translations=find_translations(placed, problems),
    )


def _paths(pages: Iterable[Page], static: Iterable[Copy]) -> frozenset[str]:
    """Where a page or a static file stands, so that nothing need be made for machines."""
    taken = frozenset(page.path for page in pages)
    return taken | frozenset("/" + copy.destination for copy in static)
