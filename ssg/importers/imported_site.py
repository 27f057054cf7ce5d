"""What an import makes: values, which only `write` puts on a disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from ssg.model.errors import Location
from ssg.model.pluralize import counted


class ImportTopic(StrEnum):
    """What a finding is about. Their order is that of the report."""

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
    """Something that could not be carried, or not as it was. `where` is in the old site.

    Findings with the same `what` are told of once, with all their places.
    """

    kind: ImportTopic
    what: str
    where: Location | None = None


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file that the import writes. `path` is relative to the new site."""

    path: str
    text: str


@dataclass(frozen=True, slots=True)
class CopiedFile:
    """A file that is carried as it is. `origin` is its path in the old site."""

    path: str
    origin: str


@dataclass(frozen=True, slots=True)
class ImportedRedirect:
    """An old address, and where it leads now."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class ImportedSite:
    """A site of ours. `pages` counts those of the old site that are carried."""

    config: Mapping[str, Any]
    files: tuple[TextFile | CopiedFile, ...] = ()
    redirects: tuple[ImportedRedirect, ...] = ()
    findings: tuple[ImportFinding, ...] = ()
    pages: int = 0


@dataclass(slots=True)
class ImportNotes:
    """Gathers findings on the way."""

    findings: list[ImportFinding] = field(default_factory=list)

    def add(self, kind: ImportTopic, what: str, path: str = "", line: int | None = None) -> None:
        where = Location(path, line) if path else None
        self.findings.append(ImportFinding(kind, what, where))

    def templates(self, folder: str, files: Sequence[str]) -> None:
        """That the templates of a folder, if there are any, were not carried."""
        if files:
            count = counted(len(files), "file")
            self.add(ImportTopic.TEMPLATE, f"{folder}/ was not carried: {count}", folder)
