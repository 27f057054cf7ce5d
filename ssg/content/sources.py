"""Markdown files -> documents; what is left out of this build, and why."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from ssg.config.load import Project
from ssg.content.build_hooks import BuildHooks
from ssg.content.cascade import Cascades, read_layers
from ssg.content.document import Document, Notes, Reader
from ssg.content.front_matter import FrontMatterError, Source, parse
from ssg.content.tree import Entry, walk
from ssg.model.errors import HookError, Location, Problem
from ssg.render.markdown_title import plain_title

_TITLE_LINE = re.compile(r"\s*#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")

OTHER_SUFFIXES = (".md", ".markdown", ".mdown", ".mkd", ".mkdn")
"""Names that other generators, and other people, give to Markdown files, in lower case."""


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

    reader: Reader
    documents: list[Document] = field(default_factory=list)
    assets: list[Entry] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)


def read_sources(
    project: Project,
    now: dt.datetime,
    include: Include,
    database: sqlite3.Connection,
    digest: hashlib.blake2b,
    notes: Notes,
    hooks: BuildHooks | None = None,
) -> Sources:
    """Read `content/`. Texts go to the database at once, so memory holds only the facts.

    Files of sections are read first: they hand down front matter to what is below them, even
    where they are left out themselves.
    """
    entries = list(walk(project.root / "content", notes.problems, "content"))
    files = _Files(digest, notes, hooks or BuildHooks())
    indexes = {e.relative: files.read(e) for e in entries if _is_section_file(e)}
    cascades = Cascades(
        {
            relative.rpartition("/")[0]: read_layers(source, notes.problems)
            for relative, source in indexes.items()
            if source
        }
    )
    reader = Reader(project.settings.site, cascades, project.settings.collections)
    reader.check(notes)
    sources = Sources(reader)
    for entry in entries:
        if not entry.relative.endswith(".md"):
            if entry.relative.lower().endswith(OTHER_SUFFIXES):
                notes.warnings.append(_not_a_page(entry))
            else:
                sources.assets.append(entry)
            continue
        found = indexes[entry.relative] if entry.relative in indexes else files.read(entry)
        if found is None:
            continue
        document = reader.read(found, entry.relative, notes)
        if reason := left_out(document, now, include):
            sources.skipped.append(Skipped(document.source, reason))
            continue
        if include != NOTHING_MORE and (reason := left_out(document, now, NOTHING_MORE)):
            document = replace(document, front={**document.front, "left_out": reason})
        text, line = found.text, found.text_line
        if not document.title:
            title, text, line = _take_title(found)
            document = replace(document, title=title)
        sources.documents.append(document)
        if text:
            row = (len(sources.documents), text, line)
            database.execute("INSERT INTO body VALUES (?, ?, ?)", row)
    return sources


def _is_section_file(entry: Entry) -> bool:
    return entry.relative.rpartition("/")[2] == "_index.md"


class _Files:
    """Reads source files. What cannot be read is noted, and None."""

    def __init__(self, digest: hashlib.blake2b, notes: Notes, hooks: BuildHooks) -> None:
        self._digest = digest
        self._notes = notes
        self._hooks = hooks

    def read(self, entry: Entry) -> Source | None:
        name = f"content/{entry.relative}"
        try:
            data = entry.path.read_bytes()
            self._digest.update(entry.relative.encode() + b"\0" + data)
            return self._through_hooks(parse(data, name), entry.relative)
        except HookError as error:
            problem = error.problems[0]
        except OSError as error:
            problem = Problem(f"cannot read it: {error.strerror}", Location(name))
        except FrontMatterError as error:
            problem = error.problem
        self._notes.problems.append(problem)
        return None

    def _through_hooks(self, source: Source, relative: str) -> Source:
        found = self._hooks.page(source, relative)
        if found is not source:
            self._digest.update(repr(found.values).encode())
        return found


def _not_a_page(entry: Entry) -> Problem:
    """Published as it stands, such a file could show the world a draft."""
    message = "a Markdown file is a page only if its name ends in .md; this one is left out"
    return Problem(message, Location(f"content/{entry.relative}"), "Rename it")


def left_out(document: Document, now: dt.datetime, include: Include) -> str | None:
    """Why this build leaves a page out, or None."""
    if document.withheld and not include.drafts:
        return document.withheld
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
    return plain_title(match[1]), source.text[match.end() :], source.text_line + taken


def folders_left_out(sources: Sources) -> frozenset[str]:
    """Folders whose `_index.md` this build leaves out: a list in its place would show them."""
    return frozenset(
        skipped.source.rpartition("/")[0]
        for skipped in sources.skipped
        if skipped.source.endswith("/_index.md")
    )


def bundles(documents: list[Document]) -> Iterator[tuple[str, int]]:
    """Folders that are a page with its files, with the page's id: `blog/trip`."""
    for number, document in enumerate(documents, 1):
        folder, _, name = document.source.rpartition("/")
        if name == "index.md" and folder:
            yield folder, number
