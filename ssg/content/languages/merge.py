"""Joins the sites of all languages into one: pages, generated pages, aliases and menus.

The structure of each language is made by itself and relocated. What follows here needs all
languages at once: names that lead from one language to another, and files that exist only once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from ssg.config.load import Project
from ssg.content.languages.relocate import FreeIds, RelocatedLanguage, relocate
from ssg.content.languages.split import split_languages
from ssg.content.source.document import Diagnostics
from ssg.content.source.source_files import ContentFolder
from ssg.content.structure.aliases import find_aliases
from ssg.content.structure.generated_pages import language_rows, site_rows
from ssg.content.structure.language_structure import make_language_structure
from ssg.content.structure.menus import menu_trees
from ssg.model.errors import Problem
from ssg.model.page import NOT_FOUND_FILE, Alias, Page, PageKind
from ssg.model.settings import SiteSettings
from ssg.model.urls import base_path, quote_path


def relocate_languages(
    project: Project, sources: ContentFolder, templates: frozenset[str], diagnostics: Diagnostics
) -> list[RelocatedLanguage]:
    """The site of each language in its place, the default language first."""
    free = FreeIds(count(len(sources.documents) + 1))
    relocated: list[RelocatedLanguage] = []
    for site in split_languages(project, sources, diagnostics.problems):
        own = Diagnostics()
        structure = make_language_structure(site.project, site.sources, templates, own)
        for all_of_them, found in (
            (diagnostics.problems, own.problems),
            (diagnostics.warnings, own.warnings),
        ):
            all_of_them += [replace(one, where=site.real_location(one.where)) for one in found]
        originals = relocated[0].by_local_source() if relocated else {}
        relocated.append(relocate(site, structure, free, originals))
    return relocated


def generated_pages_of(
    relocated: Sequence[RelocatedLanguage], site: SiteSettings, taken: frozenset[str]
) -> Iterator[Page]:
    """Feeds, sitemaps, error pages and the like, in each language. `taken` paths are left out."""
    pages = [page for one in relocated for page in one.rows.pages]
    ids = count(max(page.id for page in pages) + 1)
    made = list(site_rows(ids, pages, site))
    for one in relocated:
        settings, language = one.language_site.project.settings.site, one.language_site.language
        rows = language_rows(ids, one.rows.pages, one.sections, settings)
        made.extend(row._replace(language=language) for row in rows)
    if not any(row.path == f"/{NOT_FOUND_FILE}" for row in made):
        first = next(row for row in made if row.kind == PageKind.NOT_FOUND)
        made.append(first._replace(id=next(ids), path=f"/{NOT_FOUND_FILE}"))
    return (row for row in made if row.path not in taken)


def aliases_of(
    relocated: Sequence[RelocatedLanguage], site: SiteSettings, problems: list[Problem]
) -> list[Alias]:
    """All aliases. If no language has its home page at `/`, that leads to the default language."""
    by_source = _PagesBySource(relocated)
    found = [
        alias
        for one in relocated
        for alias in find_aliases(
            one.language_site.sources.documents,
            one.sections,
            by_source.seen_from(one),
            site,
            problems,
        )
    ]
    if all(one.sections[""].path != "/" for one in relocated):
        home = relocated[0].sections[""]
        url = base_path(site.base_url) + quote_path(home.path)
        found.append(Alias("/", url, home.document.source or "_index.md", 302))
    return found


def menus_of(
    relocated: Sequence[RelocatedLanguage],
    project: Project,
    skipped: frozenset[str],
    problems: list[Problem],
) -> dict[str, Any]:
    """The menus of each language.

    A language without menus of its own shows those of the site, with links to its own pages where
    these exist.
    """
    by_source = _PagesBySource(relocated)
    menus = {}
    for one in relocated:
        code = one.language_site.project.settings.site.language_code
        has_own = code in project.settings.language_menus
        keys = ("languages", code, "menus") if has_own else ("menus",)
        pages = by_source.seen_from(one)
        left_out = skipped | {source.source for source in one.language_site.sources.skipped}
        menus[one.language_site.language] = menu_trees(
            one.language_site.project,
            one.language_site.sources.documents,
            pages,
            left_out - pages.keys(),
            problems,
            keys,
        )
    return menus


class _PagesBySource:
    """Finds pages by the names that a file may use for them.

    A name without a language means the page in the file's own language, or else in the default
    language. The real name of a file means its page in whichever language.
    """

    def __init__(self, relocated: Sequence[RelocatedLanguage]) -> None:
        pages = (page for one in relocated for page in one.rows.pages)
        self._whole = {
            page.source: page for page in pages if page.source and page.kind != PageKind.FALLBACK
        }
        self._default = relocated[0].by_local_source()

    def seen_from(self, one: RelocatedLanguage) -> Mapping[str, Page]:
        return {**self._whole, **self._default, **one.by_local_source()}
