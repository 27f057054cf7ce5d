"""Pages keep the addresses that they had: by their file, by `path`, or by an alias."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ssg.content.source.document import SourceDocument
from ssg.content.structure.sections import top_folders
from ssg.importers.default_paths import address_problem, default_paths, home_path
from ssg.importers.imported_page import (
    ONE_LANGUAGE,
    ImportedPage,
    LanguageFolders,
    Pages,
    address_path,
)
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.model.file_name import file_stem
from ssg.model.language import SourceNames
from ssg.model.urls import canonical_path, path_problem, slugify


def keep_addresses(
    pages: Pages,
    permalinks: Mapping[str, str],
    notes: ImportNotes,
    languages: LanguageFolders = ONE_LANGUAGE,
) -> list[ImportedPage]:
    """Give each page its old address, and drop aliases that are not possible."""
    kept = _as_sections(_without_duplicates(pages, notes))
    kept = _merge_sections(kept, default_paths(kept, permalinks, languages))
    paths = default_paths(kept, permalinks, languages)
    names = SourceNames(languages, next(iter(languages), ""))
    placed = []
    for page in kept:
        folder = languages.get(names.read(page.content_path).language, "")
        placed.append(_with_path(page, paths[page.content_path], home_path(folder), notes))
    taken = {page.address for page in placed}
    return [_with_aliases(page, taken, notes) for page in placed]


def _without_duplicates(pages: Iterable[ImportedPage], notes: ImportNotes) -> list[ImportedPage]:
    """The first of several pages with one address or one file."""
    owners: dict[str, str] = {}
    kept = []
    for page in pages:
        claims = [claim for claim in (page.address, page.content_path) if claim]
        if clash := next((claim for claim in claims if claim in owners), None):
            what = f"left out, {owners[clash]} has the same address: {clash}"
            notes.add(Topic.ADDRESS, what, page.origin)
            continue
        owners |= dict.fromkeys(claims, page.origin)
        kept.append(page)
    return kept


def _as_sections(pages: Pages) -> list[ImportedPage]:
    """A page at the address of a folder of pages becomes that folder's `_index.md`.

    A folder at the top that contains pages is a section, with or without such a file.
    """
    files = {page.content_path for page in pages}
    sections = {
        f"/{slugify(top)}/": f"{top}/_index.md"
        for top in top_folders(map(SourceDocument, files))
        if f"{top}/_index.md" not in files
    }
    return [
        replace(page, content_path=sections[page.address]) if page.address in sections else page
        for page in pages
    ]


def _merge_sections(pages: Pages, paths: Mapping[str, str]) -> list[ImportedPage]:
    """A page at the address of a section that the import adds takes the place of that section."""
    by_address = {page.address: page for page in pages if page.origin and page.address}
    added = {
        by_address[paths[page.content_path]].origin: page
        for page in pages
        if not page.origin and page.is_section and paths[page.content_path] in by_address
    }
    dropped = {section.content_path for section in added.values()}
    kept = [page for page in pages if page.origin or page.content_path not in dropped]
    return [_as_section(page, added[page.origin]) if page.origin in added else page
            for page in kept]  # fmt: skip


def _as_section(page: ImportedPage, section: ImportedPage) -> ImportedPage:
    values = {**section.values, **page.values}
    return replace(page, content_path=section.content_path, values=values)


def _with_path(page: ImportedPage, path: str, home: str, notes: ImportNotes) -> ImportedPage:
    """A page with `path` in its front matter if its address does not follow from its file.

    `path` is the one that follows from the file. That of a translation begins below `home`.
    """
    if not path:  # the permalink pattern needs what the page does not have
        path = canonical_path(slugify(file_stem(page.content_path)) or "page")
        page = page.with_values(path=path)
    if not page.address or page.address == path:
        return replace(page, address=path)
    if problem := address_problem(page.address, home):
        what = f"is at {path} now: its address {page.address} {problem}"
        notes.add(Topic.ADDRESS, what, page.origin)
        old = [*(page.values.get("aliases") or ()), page.address]
        return replace(page, address=path).with_values(aliases=old)
    values = {key: page.values[key] for key in page.values if key != "slug"}
    return replace(page, values={**values, "path": "/" + page.address.removeprefix(home)})


def _with_aliases(page: ImportedPage, taken: set[str], notes: ImportNotes) -> ImportedPage:
    """Keep the aliases that lead to this page alone. `taken` grows."""
    aliases = []
    for written in page.values.get("aliases") or ():
        alias = address_path(str(written))
        if alias == page.address:
            continue
        if problem := path_problem(alias):
            notes.add(Topic.ADDRESS, f"the alias {alias} {problem}", page.origin)
        elif alias in taken:
            what = f"the alias {alias} belongs to another page, too"
            notes.add(Topic.ADDRESS, what, page.origin)
        else:
            taken.add(alias)
            aliases.append(alias)
    return page.with_values(aliases=aliases)
