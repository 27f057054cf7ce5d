"""Data files, translated texts and terms: what all generators have in some way."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ssg.content.structure.terms import slug_of
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedRedirect,
    ImportNotes,
    ImportTopic,
    TextFile,
)
from ssg.importers.site_data.toml_yaml_json import SUFFIXES, read_value, write_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError

_DATA = (*SUFFIXES, ".csv")


def data_files(
    tree: SourceTree, folder: str, notes: ImportNotes
) -> Iterator[TextFile | CopiedFile]:
    """Files that templates read. One that cannot be read is left out."""
    seen: dict[str, str] = {}
    for name in tree.below(folder):
        stem, suffix = posixpath.splitext(name[len(folder) + 1 :])
        if suffix not in _DATA:
            notes.add(
                ImportTopic.FILE,
                f"left out, data in {suffix[1:] or 'this form'} is not known",
                name,
            )
        elif stem in seen:
            notes.add(ImportTopic.FILE, f"left out, {seen[stem]} has the same name", name)
        elif suffix == ".csv" or _can_be_read(tree, name, notes):
            seen[stem] = name
            yield CopiedFile(f"data/{stem}{suffix}", name)


def _can_be_read(tree: SourceTree, name: str, notes: ImportNotes) -> bool:
    try:
        read_value(tree, name)
    except OldSiteError as error:
        problem = error.problems[0]
        line = problem.where.line if problem.where else None
        notes.add(ImportTopic.FILE, f"left out, it cannot be read: {problem.message}", name, line)
        return False
    return True


def phrase_files(tree: SourceTree, folder: str, notes: ImportNotes) -> Iterator[TextFile]:
    """Translated texts by language. Of several forms by number the last, `other`, is kept."""
    for name in tree.below(folder):
        language, suffix = posixpath.splitext(posixpath.basename(name))
        if suffix not in SUFFIXES:
            continue
        try:
            value = read_value(tree, name)
        except OldSiteError:
            notes.add(ImportTopic.FILE, "left out, it cannot be read", name)
            continue
        if phrases := _phrases(value):
            yield TextFile(f"i18n/{language}.toml", write_table(phrases))


def _phrases(value: Any) -> dict[str, Any]:
    if isinstance(value, list):  # the older form: a list of `id` and `translation`
        value = {one["id"]: one.get("translation") for one in value
                 if isinstance(one, dict) and "id" in one}  # fmt: skip
    found: dict[str, Any] = {}
    for key, text in (value if isinstance(value, dict) else {}).items():
        kept = text.get("other", text) if isinstance(text, dict) else text
        if isinstance(kept, dict):
            kept = _phrases(kept)
        if kept:
            found[str(key)] = kept if isinstance(kept, dict) else str(kept)
    return found


def term_redirects(
    pages: Sequence[ImportedPage], taxonomy: str, old: Callable[[str, str], str], folder: str = ""
) -> Iterator[ImportedRedirect]:
    """From the old addresses of terms, by taxonomy and name, to those that they have here."""
    names = {str(term) for page in pages for term in page.values.get(taxonomy) or ()}
    for name in sorted(names):
        yield ImportedRedirect(old(taxonomy, name), f"/{folder or taxonomy}/{slug_of(name)}/")
