"""Terms: their old addresses, and taxonomies whose addresses collide with pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ssg.content.structure.terms import slug_of
from ssg.importers.imported_page import ImportedPage, Pages
from ssg.importers.imported_site import ImportedRedirect, ImportNotes, Topic


def term_redirects(
    pages: Pages,
    taxonomies: Iterable[str],
    old_address: Callable[[str, str], str],
    folder: str = "",
) -> Iterator[ImportedRedirect]:
    """Redirects from the old addresses of terms to their new ones.

    `old_address` gets taxonomy and name. `folder` is that of the terms, if it is not the name of
    the taxonomy.
    """
    for taxonomy in taxonomies:
        names = {str(term) for page in pages for term in page.values.get(taxonomy) or ()}
        for name in sorted(names):
            new = f"/{folder or taxonomy}/{slug_of(name)}/"
            yield ImportedRedirect(old_address(taxonomy, name), new)


def separate_from_pages(
    config: Mapping[str, Any], pages: Pages, notes: ImportNotes
) -> dict[str, dict[str, Any]]:
    """`[taxonomies]`, with another folder for each one whose addresses are those of pages."""
    tables: Mapping[str, Mapping[str, Any]] = config.get("taxonomies") or {}
    found = {}
    for name, table in tables.items():
        folder = str(table.get("path") or name)
        found[name] = dict(table)
        if _collides(name, folder, pages):
            found[name]["path"] = f"{folder}-terms"
            what = f"the terms of {name} are at /{folder}-terms/ now: pages are at /{folder}/"
            notes.add(Topic.ADDRESS, what)
    return found


def _collides(name: str, folder: str, pages: Iterable[ImportedPage]) -> bool:
    pages = list(pages)
    terms = {str(term) for page in pages for term in page.values.get(name) or ()}
    taken = {f"/{folder}/{slug_of(term)}/" for term in terms} | {f"/{folder}/"}
    return bool(terms) and any(
        (page.address in taken or page.content_path.startswith(f"{folder}/"))
        and not page.is_section
        for page in pages
    )
