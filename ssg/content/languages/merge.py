"""The editions of a site -> what it is made of as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from typing import Any

from ssg.config.load import Project
from ssg.content.languages.placed import RelocatedLanguage, relocate
from ssg.content.languages.relocate import FreeIds
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
    """Every edition, shaped by itself and moved to its place; the default language's first."""
    free = FreeIds(count(len(sources.documents) + 1))
    placed: list[RelocatedLanguage] = []
    for edition in split_languages(project, sources, diagnostics.problems):
        own = Diagnostics()
        outline = make_language_structure(edition.project, edition.sources, templates, own)
        for all_of_them, found in (
            (diagnostics.problems, own.problems),
            (diagnostics.warnings, own.warnings),
        ):
            all_of_them += [replace(one, where=edition.place(one.where)) for one in found]
        originals = placed[0].named() if placed else {}
        placed.append(relocate(edition, outline, free, originals))
    return placed


def generated_pages_of(
    placed: Sequence[RelocatedLanguage], site: SiteSettings, taken: frozenset[str]
) -> Iterator[Page]:
    """Rows of what machines read, in every language, but where something stands already."""
    pages = [page for one in placed for page in one.rows.pages]
    ids = count(max(page.id for page in pages) + 1)
    made = list(site_rows(ids, pages, site))
    for one in placed:
        settings, language = one.edition.project.settings.site, one.edition.language
        rows = language_rows(ids, one.rows.pages, one.sections, settings)
        made.extend(row._replace(language=language) for row in rows)
    if not any(row.path == f"/{NOT_FOUND_FILE}" for row in made):
        first = next(row for row in made if row.kind == PageKind.NOT_FOUND)
        made.append(first._replace(id=next(ids), path=f"/{NOT_FOUND_FILE}"))
    return (row for row in made if row.path not in taken)


def aliases_of(
    placed: Sequence[RelocatedLanguage], site: SiteSettings, problems: list[Problem]
) -> list[Alias]:
    """Old addresses, sections that lead elsewhere, and the root where no language has it."""
    named = _Named(placed)
    found = [
        alias
        for one in placed
        for alias in find_aliases(
            one.edition.sources.documents, one.sections, named.within(one), site, problems
        )
    ]
    if all(one.sections[""].path != "/" for one in placed):
        home = placed[0].sections[""]
        url = base_path(site.base_url) + quote_path(home.path)
        found.append(Alias("/", url, home.document.source or "_index.md", 302))
    return found


def menus_of(
    placed: Sequence[RelocatedLanguage],
    project: Project,
    skipped: frozenset[str],
    problems: list[Problem],
) -> dict[str, Any]:
    """The menus of each language. One that has none of its own has those of the site, which lead
    to its own pages where there are some."""
    named = _Named(placed)
    menus = {}
    for one in placed:
        code = one.edition.project.settings.site.language_code
        has_own = code in project.settings.language_menus
        keys = ("languages", code, "menus") if has_own else ("menus",)
        by_source = named.within(one)
        left_out = skipped | {left_out.source for left_out in one.edition.sources.skipped}
        menus[one.edition.language] = menu_trees(
            one.edition.project,
            one.edition.sources.documents,
            by_source,
            left_out - by_source.keys(),
            problems,
            keys,
        )
    return menus


class _Named:
    """Pages as files of an edition name them: its own, the default's, any by its whole name."""

    def __init__(self, placed: Sequence[RelocatedLanguage]) -> None:
        pages = (page for one in placed for page in one.rows.pages)
        self._whole = {
            page.source: page for page in pages if page.source and page.kind != PageKind.FALLBACK
        }
        self._default = placed[0].named()

    def within(self, one: RelocatedLanguage) -> Mapping[str, Page]:
        return {**self._whole, **self._default, **one.named()}
