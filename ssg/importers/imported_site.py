"""The result of an import, as values. Only `write_site` writes files."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location
from ssg.model.pluralize import counted


class Topic(StrEnum):
    """What a finding is about, in the order of the report."""

    SETTING = "setting"
    PLUGIN = "plugin"
    TEMPLATE = "template"
    SHORTCODE = "shortcode"
    CODE = "code in texts"
    MARKUP = "markup"
    FRONT_MATTER = "front matter"
    LINK = "link"
    ADDRESS = "address"
    LANGUAGE = "language"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class ImportFinding:
    """Something that could not be imported, or not as it was. `where` is in the old site.

    The report lists findings with the same `what` once, with all their places.
    """

    topic: Topic
    what: str
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that the import writes. `path` is relative to the new site."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file that the import copies unchanged. `origin` is its path in the old site."""

    path: str
    origin: str


ImportedFile = TextFile | CopiedFile


@dataclass(frozen=True, slots=True)
class ImportedRedirect:
    """An old address and its target in the new site."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ImportedSite:
    """The new site. `pages` is the number of pages of the old site in it."""

    config: Mapping[str, Any]
    files: tuple[ImportedFile, ...] = ()
    redirects: tuple[ImportedRedirect, ...] = ()
    findings: tuple[ImportFinding, ...] = ()
    pages: int = 0


@dataclass(slots=True)
class ImportNotes:
    """Collects the findings of an import."""

    findings: list[ImportFinding] = field(default_factory=list)

    def add(self, topic: Topic, what: str, path: str = "", line: int | None = None) -> None:
        where = Location(path, line) if path else None
        self.findings.append(ImportFinding(topic, what, where))

    def not_imported(self, topic: Topic, what: str, path: str, line: int | None = None) -> None:
        self.add(topic, f"{what} was not imported", path, line)

    def unknown_settings(self, values: Iterable[str], known: Container[str], path: str) -> None:
        """Add a finding for each setting that ssg has no use for, and that is not `known`."""
        for name in values:
            if name.lower() not in known and name not in known:
                self.not_imported(Topic.SETTING, f"the setting {name}", path)

    def unknown_format(self, path: str) -> None:
        """Add a finding for a text in a markup language that ssg cannot read."""
        what = f"left out, ssg does not read texts in {path.rpartition('.')[2]}"
        self.add(Topic.FILE, what, path)

    def templates(self, tree: SourceTree, folders: Iterable[str], root: str = "") -> None:
        """Add a finding for each folder of templates. Those of shortcodes do not count."""
        for folder in folders:
            files = [name for name in tree.below(root + folder) if "shortcodes/" not in name]
            if files:
                count = counted(len(files), "file")
                self.add(Topic.TEMPLATE, f"{folder}/ was not imported: {count}", folder)
