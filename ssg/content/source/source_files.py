"""The files of the content folder, sorted into documents and assets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.walk import FileEntry
from ssg.model.errors import Location, Problem

OTHER_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
"""Other usual suffixes of Markdown files, in lower case."""


@dataclass(frozen=True, slots=True)
class SkippedSource:
    """A source that this build leaves out."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class ContentFolder:
    """Everything in the content folder. Ids of documents count from 1, in this order."""

    reader: DocumentReader
    documents: list[SourceDocument] = field(default_factory=list)
    assets: list[FileEntry] = field(default_factory=list)
    skipped: list[SkippedSource] = field(default_factory=list)


def sort_entries(
    entries: Iterable[FileEntry], diagnostics: Diagnostics
) -> tuple[list[str], list[FileEntry]]:
    """The paths of Markdown files, and all other files."""
    pages: list[str] = []
    assets: list[FileEntry] = []
    for entry in entries:
        if entry.is_source:
            pages.append(entry.relative)
        elif entry.relative.lower().endswith(OTHER_SUFFIXES):
            diagnostics.warnings.append(_not_a_page(entry))
        else:
            assets.append(entry)
    return pages, assets


def _not_a_page(entry: FileEntry) -> Problem:
    """Published as an asset, such a file could make a draft public."""
    message = "a Markdown file is a page only if its name ends in .md; this one is left out"
    return Problem(message, Location(f"content/{entry.relative}"), "Rename it")


def folders_left_out(sources: ContentFolder) -> frozenset[str]:
    """Folders whose `_index.md` this build leaves out, so that they are not sections."""
    return frozenset(
        skipped.source.rpartition("/")[0]
        for skipped in sources.skipped
        if skipped.source.endswith("/_index.md")
    )


def bundles(documents: list[SourceDocument]) -> Iterator[tuple[str, int]]:
    """The folders of page bundles (`blog/trip`), each with the id of its page."""
    for number, document in enumerate(documents, 1):
        if document.source.endswith("/index.md"):
            yield document.source.removesuffix("/index.md"), number
