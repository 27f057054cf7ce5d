"""Reads the pages and files of a site of MkDocs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from ssg.importers.front_matter.fields import FrontMatterFields, drop_empty
from ssg.importers.front_matter.files import read_source_file
from ssg.importers.imported_page import ImportedPage, address_path
from ssg.importers.imported_site import CopiedFile, ImportedFile, ImportNotes, Topic
from ssg.importers.mkdocs.config import MkDocsConfig
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.source_tree import SourceTree

_TEXTS = (".md", ".markdown", ".mdown", ".mkdn", ".mkd")
_TITLE = re.compile(r"\s*(?:<!--.*?-->\s*)*#[ \t]+\S|\s*[^\n]+\n=+[ \t]*\n", re.S)


def has_title(text: str) -> bool:
    """Whether a text begins with a heading, which is then its title."""
    return bool(_TITLE.match(text))


class MkDocsContentReader:
    """Reads the pages and files of one site."""

    def __init__(self, tree: SourceTree, config: MkDocsConfig, notes: ImportNotes) -> None:
        self._tree = tree
        self._config = config
        self._notes = notes
        self._languages = LanguageSuffixes(config.language_folders)

    def read(self) -> tuple[list[ImportedPage], list[ImportedFile]]:
        docs = self._config.docs
        pages: list[ImportedPage] = []
        files: list[ImportedFile] = []
        names = self._tree.below(docs)
        excluded = self._config.text("exclude_docs").split("\n")
        for name in names:
            path = name[len(docs) + 1 :]
            if _is_excluded(path, excluded):
                continue
            if not name.lower().endswith(_TEXTS):
                files.append(self._copied_file(name, path))
            elif posixpath.basename(path) == "README.md" and sibling(name, "index.md") in names:
                self._notes.add(Topic.FILE, "left out, MkDocs takes index.md instead", name)
            elif page := self._read_page(name, path):
                pages.append(page)
        return pages, files

    def _copied_file(self, name: str, path: str) -> CopiedFile:
        language, bare = self._split(path)
        if self._config.has_language_folders and language == self._languages.default:
            path = bare
        return CopiedFile(f"{'content' if '/' in path else 'static'}/{path}", name)

    def _split(self, path: str) -> tuple[str, str]:
        """The language of a file, and its path without the code, by the plugin i18n."""
        if not self._config.has_language_folders:
            return self._languages.split(path)
        first, _, rest = path.partition("/")
        return (first, rest) if rest and first in self._languages.folders else (
            self._languages.default, path)  # fmt: skip

    def _read_page(self, name: str, path: str) -> ImportedPage | None:
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return None
        language, path = self._split(path)
        folder, file = posixpath.split(path)
        stem = posixpath.splitext(file)[0]
        is_index = stem in {"index", "README"}
        front = FrontMatterFields(source.values, name, self._notes)
        if template := front.text("template"):
            self._notes.not_imported(Topic.TEMPLATE, f'template "{template}"', name)
        values: dict[str, Any] = {
            "title": front.text("title"),
            "description": front.text("description"),
            "date": front.date("date"),
            "authors": front.texts("authors", "author"),
            "tags": front.texts("tags"),
            "draft": True if self._is_draft(path) or front.flag("draft") else None,
            "extra": front.rest(),
        }
        if has_title(source.text):
            values["title"] = ""  # the heading is the title, as in MkDocs
        place = posixpath.join(folder, "_index.md" if is_index else f"{stem}.md")
        place = self._languages.with_suffix(language, place)
        own = page_address(folder, "" if is_index else stem, is_pretty=self._config.is_pretty)
        address = self._languages.with_folder(language, own)
        return ImportedPage(name, place, drop_empty(values), source.text, source.line, address)

    def _is_draft(self, path: str) -> bool:
        return _is_excluded(path, self._config.text("draft_docs").split("\n"))


def page_address(folder: str, stem: str, *, is_pretty: bool) -> str:
    if not stem:
        return address_path(f"{folder}/")
    return address_path(f"{folder}/{stem}/" if is_pretty else f"{folder}/{stem}.html")


def sibling(name: str, other: str) -> str:
    return posixpath.join(posixpath.dirname(name), other)


def _is_excluded(path: str, patterns: Sequence[str]) -> bool:
    """Whether patterns as in `.gitignore` exclude a path: the last one that matches decides."""
    found = False
    for line in patterns:
        pattern = line.strip()
        if not pattern or pattern.startswith("#"):
            continue
        bare = pattern.removeprefix("!").strip("/")
        parts = [path, *path.split("/")] if "/" not in bare else [path]
        if any(fnmatchcase(part, bare) for part in parts) or path.startswith(f"{bare}/"):
            found = not pattern.startswith("!")
    return found
