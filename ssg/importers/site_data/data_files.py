"""Data files, and files of translated texts."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from ssg.importers.imported_site import CopiedFile, ImportedFile, ImportNotes, TextFile, Topic
from ssg.importers.site_data.toml_yaml_json import SUFFIXES, read_value, write_table
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError

_DATA_SUFFIXES = (*SUFFIXES, ".csv")


def data_files(tree: SourceTree, folder: str, notes: ImportNotes) -> Iterator[ImportedFile]:
    """Data files for templates. A file that cannot be read is left out."""
    seen: dict[str, str] = {}
    for name in tree.below(folder):
        stem, suffix = posixpath.splitext(name[len(folder) + 1 :])
        if suffix not in _DATA_SUFFIXES:
            notes.add(
                Topic.FILE,
                f"left out, ssg does not read data in {suffix[1:] or 'this format'}",
                name,
            )
        elif stem in seen:
            notes.add(Topic.FILE, f"left out, {seen[stem]} has the same name", name)
        elif suffix == ".csv" or _can_be_read(tree, name, notes):
            seen[stem] = name
            yield CopiedFile(f"data/{stem}{suffix}", name)


def _can_be_read(tree: SourceTree, name: str, notes: ImportNotes) -> bool:
    try:
        read_value(tree, name)
    except OldSiteError as error:
        problem = error.problems[0]
        line = problem.where.line if problem.where else None
        notes.add(Topic.FILE, f"left out, it cannot be read: {problem.message}", name, line)
        return False
    return True


def message_files(tree: SourceTree, folder: str, notes: ImportNotes) -> Iterator[TextFile]:
    """Translated texts by language. Of several plural forms, `other` is kept."""
    for name in tree.below(folder):
        language, suffix = posixpath.splitext(posixpath.basename(name))
        if suffix not in SUFFIXES or not _can_be_read(tree, name, notes):
            continue
        if messages := _messages(read_value(tree, name)):
            yield TextFile(f"i18n/{language}.toml", write_table(messages))


def _messages(value: Any) -> dict[str, Any]:
    if isinstance(value, list):  # the older form: a list of `id` and `translation`
        value = {one["id"]: one.get("translation") for one in value
                 if isinstance(one, dict) and "id" in one}  # fmt: skip
    found: dict[str, Any] = {}
    for key, text in (value if isinstance(value, dict) else {}).items():
        kept = text.get("other", text) if isinstance(text, dict) else text
        if isinstance(kept, dict):
            kept = _messages(kept)
        if kept:
            found[str(key)] = kept if isinstance(kept, dict) else str(kept)
    return found
