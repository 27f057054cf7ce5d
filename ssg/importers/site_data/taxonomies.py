"""Taxonomies and pages that want one address: the pages keep it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ssg.content.structure.terms import slug_of
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, ImportTopic


def separate_from_pages(
    config: Mapping[str, Any], pages: Sequence[ImportedPage], notes: ImportNotes
) -> dict[str, dict[str, Any]]:
    """`[taxonomies]`, of which one that stands in the way of pages gets another folder."""
    tables: Mapping[str, Mapping[str, Any]] = config.get("taxonomies") or {}
    found = {}
    for name, table in tables.items():
        folder = str(table.get("path") or name)
        found[name] = dict(table)
        if _clash(name, folder, pages):
            found[name]["path"] = f"{folder}-terms"
            what = f"the terms of {name} are at /{folder}-terms/ now: pages are at /{folder}/"
            notes.add(ImportTopic.ADDRESS, what)
    return found


def _clash(name: str, folder: str, pages: Iterable[ImportedPage]) -> bool:
    pages = list(pages)
    terms = {str(term) for page in pages for term in page.values.get(name) or ()}
    taken = {f"/{folder}/{slug_of(term)}/" for term in terms} | {f"/{folder}/"}
    return bool(terms) and any(
        (page.address in taken or page.content_path.startswith(f"{folder}/"))
        and not page.is_section
        for page in pages
    )
