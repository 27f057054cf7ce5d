"""Builds the structure of a site: everything that follows from all documents together.

A site in one language is one `LanguageStructure` with generated pages, aliases and menus. In a site
in several languages each language has one, and `content.languages` relocates and merges them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ssg.config.load import Project
from ssg.content.languages.merge import aliases_of, generated_pages_of, menus_of, relocate_languages
from ssg.content.languages.suffix_check import unknown_suffixes
from ssg.content.languages.translations import TranslationRow, find_translations
from ssg.content.source.document import Diagnostics
from ssg.content.source.source_files import ContentFolder
from ssg.content.structure.aliases import find_aliases
from ssg.content.structure.assets import ContentAsset, FileCopy
from ssg.content.structure.generated_pages import generated_page_rows
from ssg.content.structure.language_structure import make_language_structure
from ssg.content.structure.menus import menu_trees
from ssg.content.structure.rows import PageRows
from ssg.content.structure.sections import Section
from ssg.content.structure.terms import TaxonomyTerms
from ssg.model.page import Alias, DeferOverride, Page, Template


@dataclass(frozen=True, slots=True)
class SiteStructure:
    """The rows of a site database about pages, and what later stages of a build need of them."""

    rows: PageRows
    sections: Mapping[str, Section]
    terms: TaxonomyTerms
    assets: list[ContentAsset]
    copied: tuple[FileCopy, ...]
    """Static files and assets, which are copied."""
    aliases: tuple[Alias, ...]
    defer_overrides: Mapping[int, DeferOverride]
    menus: str
    """As JSON; in a site with several languages, by language."""
    translations: tuple[TranslationRow, ...] = ()


def make_site_structure(
    project: Project,
    sources: ContentFolder,
    templates: list[Template],
    static: Sequence[FileCopy],
    diagnostics: Diagnostics,
) -> SiteStructure:
    """Build the structure. Contradictions between sources are added to `diagnostics`."""
    names = frozenset(template.name for template in templates)
    diagnostics.warnings.extend(
        unknown_suffixes(sources.documents, project.settings.site.languages)
    )
    if project.settings.site.languages:
        return _of_several(project, sources, names, static, diagnostics)
    site, problems, documents = project.settings.site, diagnostics.problems, sources.documents
    structure = make_language_structure(project, sources, names, diagnostics)
    rows = structure.rows
    taken = _paths(rows.pages, static)
    rows.pages.extend(generated_page_rows(rows.pages, structure.sections, site, taken))
    by_source = {page.source: page for page in rows.pages if page.source}
    left_out = {skipped.source for skipped in sources.skipped}
    return SiteStructure(
        rows=rows,
        sections=structure.sections,
        terms=structure.terms,
        assets=structure.assets,
        copied=(*static, *(asset.copy for asset in structure.assets)),
        aliases=tuple(find_aliases(documents, structure.sections, by_source, site, problems)),
        defer_overrides=structure.defer_overrides,
        menus=json.dumps(menu_trees(project, documents, by_source, left_out, problems)),
    )


def _of_several(
    project: Project,
    sources: ContentFolder,
    templates: frozenset[str],
    static: Sequence[FileCopy],
    diagnostics: Diagnostics,
) -> SiteStructure:
    """Build the structure of each language, and merge them."""
    site, problems = project.settings.site, diagnostics.problems
    relocated = relocate_languages(project, sources, templates, diagnostics)
    pages = [page for one in relocated for page in one.rows.pages]
    listing = [row for one in relocated for row in one.rows.listing]
    assets = [asset for one in relocated for asset in one.assets]
    taken = _paths(pages, static)
    skipped = frozenset(one.source for one in sources.skipped)
    return SiteStructure(
        rows=PageRows([*pages, *generated_pages_of(relocated, site, taken)], listing),
        sections={section.path: section for one in relocated for section in one.sections.values()},
        terms=TaxonomyTerms(
            [term for one in relocated for term in one.terms.all],
            [link for one in relocated for link in one.terms.links],
        ),
        assets=assets,
        copied=(*static, *(asset.copy for asset in assets)),
        aliases=tuple(aliases_of(relocated, site, problems)),
        defer_overrides={
            number: defer_override
            for one in relocated
            for number, defer_override in one.defer_overrides.items()
        },
        menus=json.dumps(menus_of(relocated, project, skipped, problems)),
        translations=find_translations(relocated, problems),
    )


def _paths(pages: Iterable[Page], static: Iterable[FileCopy]) -> frozenset[str]:
    """The paths of pages and static files, for which no page need be generated."""
    taken = frozenset(page.path for page in pages)
    return taken | frozenset("/" + copy.destination for copy in static)
