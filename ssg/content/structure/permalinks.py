"""Permalinks: the URL path of each page.

It follows from the first of these: `path` in the front matter, the first pattern of `[permalinks]`
whose key matches the source, or the path of its section with the folders below that and the slug.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ssg.content.source.document import SourceDocument
from ssg.content.structure.sections import Section, own_name, title_of
from ssg.model.errors import Location, Problem
from ssg.model.file_name import file_stem, split_date
from ssg.model.glob import compile_glob
from ssg.model.page import parse_date
from ssg.model.permalink import expand, needs_date
from ssg.model.urls import canonical_path, slugify


class Permalinks:
    """Makes paths by the patterns of a site. A pattern may need a date that a page lacks."""

    def __init__(self, permalinks: Mapping[str, str], problems: list[Problem]) -> None:
        self._patterns = [(_source_pattern(key), pattern) for key, pattern in permalinks.items()]
        self._problems = problems
        self._folders: dict[str, str] = {}

    def path(self, document: SourceDocument, section: Section) -> str:
        """The path of a page; '' if its name has no letter or digit."""
        if document.path:
            return canonical_path(document.path)
        if pattern := self.pattern(document.source):
            return self._by_pattern(pattern, document, section)
        return self._by_folder(document, section)

    def pattern(self, source: str) -> str:
        """The pattern of `[permalinks]` for a source; '' without one."""
        for sources, pattern in self._patterns:
            if sources.fullmatch(source):
                return pattern
        return ""

    def _by_pattern(self, pattern: str, document: SourceDocument, section: Section) -> str:
        date = parse_date(document.date) if document.date else None
        if date is None and needs_date(pattern):
            where = Location(f"content/{document.source}")
            message = f'the permalink "{pattern}" needs a date, which this page does not have'
            self._problems.append(Problem(message, where, "Set date or path in its front matter"))
            return self._by_folder(document, section)
        names = section.path.strip("/")
        values = {
            "section": names.partition("/")[0],
            "sections": names,
            "slug": document.slug or slugify(own_name(document)),
            "title": slugify(title_of(document)),
            "filename": slugify(file_stem(document.source)),
        }
        expanded = expand(pattern, values, date)
        return canonical_path(expanded) if expanded else ""

    def _by_folder(self, document: SourceDocument, section: Section) -> str:
        folder, _, name = document.source.rpartition("/")
        if name == "index.md":
            if folder == section.folder and not document.slug:
                return (
                    section.path
                )  # beside an `_index.md`: a collision, which `site_checks` reports
            folder, name = _bundle(folder) if folder != section.folder else (folder, "")
        slug = document.slug or slugify(split_date(name.removesuffix(".md"))[1])
        return f"{self._below(folder, section)}{slug}/" if slug else ""

    def _below(self, folder: str, section: Section) -> str:
        """The path of a folder in a section."""
        path = self._folders.get(folder)
        if path is None:
            slugs = map(slugify, folder[len(section.folder) :].split("/"))
            path = section.path + "".join(f"{slug}/" for slug in slugs if slug)
            self._folders[folder] = path
        return path


def _source_pattern(key: str) -> re.Pattern[str]:
    """The sources that a key of `[permalinks]` matches: those below a folder, or of a glob."""
    is_glob = any(char in key for char in "*?")
    return compile_glob(key if is_glob else f"{key.strip('/')}/**".lstrip("/"))


def _bundle(folder: str) -> tuple[str, str]:
    """The folder of a bundle, split into the folder above and its name."""
    above, _, name = folder.rpartition("/")
    return above, name
