"""Markdown files -> documents; what is left out of this build, and why."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ssg.content.document import Document, Notes, Reader
from ssg.content.front_matter import FrontMatterError, Source, parse
from ssg.content.tree import Entry, walk
from ssg.model.errors import Location, Problem
from ssg.model.settings import SiteSettings

_TITLE_LINE = re.compile(r"\s*#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Include:
    """Which pages a build takes in that it would leave out."""

    drafts: bool = False
    future: bool = False
    expired: bool = False


NOTHING_MORE = Include()


@dataclass(frozen=True, slots=True)
class Skipped:
    """A source that this build leaves out."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True)
class Sources:
    """All that lies in the content folder. A document's id is its place in `documents`, from 1."""

    documents: list[Document] = field(default_factory=list)
    assets: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_sources(
    root: Path,
    settings: SiteSettings,
    now: dt.datetime,
    include: Include,
    database: sqlite3.Connection,
    digest: hashlib.blake2b,
    notes: Notes,
) -> Sources:
    """Read `content/`. Texts go to the database at once, so memory holds only the facts."""
    reader, sources = Reader(settings), Sources()
    for entry in walk(root / "content", notes.problems, "content"):
        if not entry.relative.endswith(".md"):
            sources.assets.append(entry)
            continue
        try:
            data = entry.path.read_bytes()
        except OSError as error:
            where = Location(f"content/{entry.relative}")
            notes.problems.append(Problem(f"cannot read it: {error.strerror}", where))
            continue
        digest.update(entry.relative.encode() + b"\0" + data)
        try:
            source = parse(data, f"content/{entry.relative}")
        except FrontMatterError as error:
            notes.problems.append(error.problem)
            continue
        document = reader.read(source, entry.relative, notes)
        if reason := left_out(document, now, include):
            sources.skipped.append(Skipped(document.source, reason))
            continue
        if include != NOTHING_MORE and (reason := left_out(document, now, NOTHING_MORE)):
            document = replace(document, front={**document.front, "left_out": reason})
        text, line = source.text, source.text_line
        if not document.title:
            title, text, line = _take_title(source)
            document = replace(document, title=title)
        sources.documents.append(document)
        if text:
            row = (len(sources.documents), text, line)
            database.execute("INSERT INTO body VALUES (?, ?, ?)", row)
    return sources


def left_out(document: Document, now: dt.datetime, include: Include) -> str | None:
    """Why this build leaves a page out, or None."""
    if document.draft and not include.drafts:
        return "draft"
    begins = document.publish_date or document.date
    if begins and begins > now and not include.future:
        return f"to be published on {begins:%Y-%m-%d %H:%M %Z}"
    if document.expiry_date and document.expiry_date <= now and not include.expired:
        return f"expired on {document.expiry_date:%Y-%m-%d %H:%M %Z}"
    return None


def _take_title(source: Source) -> tuple[str, str, int]:
    """A first heading becomes the title, so that no template shows it twice."""
    match = _TITLE_LINE.match(source.text)
    if match is None:
        return "", source.text, source.text_line
    taken = match.group().count("\n")
    return match[1], source.text[match.end() :], source.text_line + taken


def bundles(documents: list[Document]) -> Iterator[tuple[str, int]]:
    """Folders that are a page with its files, with the page's id: `blog/trip`."""
    for number, document in enumerate(documents, 1):
        folder, _, name = document.source.rpartition("/")
        if name == "index.md" and folder:
            yield folder, number
