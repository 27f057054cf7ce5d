"""Reading a chunk: files -> documents, and blocks of their texts."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import math
import os
import re
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from ssg.content.build_hooks import BuildHooks
from ssg.content.reading.chunks import BodyLocation, Chunk, pack_diagnostics, pack_documents
from ssg.content.reading.codec import pack
from ssg.content.reading.text_features import features_of
from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.front_matter import FrontMatterError, ParsedSource, parse
from ssg.content.source.json_values import to_json
from ssg.content.source.publication import (
    PUBLISHED_ONLY,
    IncludeOptions,
    left_out,
    publication_times,
)
from ssg.fingerprint.files import UNKNOWN, FileStat, settled_stat
from ssg.model.errors import HookError, Location, Problem
from ssg.model.texts import keep
from ssg.render.markdown.title import plain_title

HASH_BYTES = 16
_NO_DIGEST = bytes(HASH_BYTES)
MAX_BLOCK_BYTES = 256 * 1024
"""Of a block, unless one text alone is longer."""
_TITLE_LINE = re.compile(r"\s*#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")


class ChunkRequest(NamedTuple):
    """A chunk to be read. `hashes` are those of an earlier reading, which may still hold."""

    names: tuple[str, ...]
    cascade: str = ""
    hashes: bytes = b""


class ReadChunk(NamedTuple):
    """A chunk that was read, with the documents in it (`pack_documents`)."""

    chunk: Chunk
    facts: bytes


class SourceBytes(NamedTuple):
    """A source as it is on the disk."""

    data: bytes
    stat: FileStat
    digest: bytes


class OpenedSection(NamedTuple):
    """A source that was read ahead of all others. It counts as it was then."""

    file: SourceBytes
    source: ParsedSource


class HookSource(NamedTuple):
    """A source that no file has: a hook made it."""

    file: SourceBytes
    source: ParsedSource
    hook: Location


@dataclass(frozen=True, slots=True)
class ChunkReader:
    """How the sources of one build are read: call it with an `ChunkRequest`.

    It can be sent to another process, unless there are hooks. `sections` are read already.
    """

    content: Path
    texts: Path
    reader: DocumentReader
    now: dt.datetime
    include: IncludeOptions
    zone: zoneinfo.ZoneInfo
    started_ns: int
    """When the build began to look at the files."""
    sections: Mapping[str, OpenedSection] = field(default_factory=dict)
    made: Mapping[str, HookSource] = field(default_factory=dict)
    """Sources that no file has."""
    hooks: BuildHooks = field(default_factory=BuildHooks)

    def __call__(self, order: ChunkRequest) -> ReadChunk | bytes:
        """What comes of a chunk; its stats alone where nothing but those has changed."""
        diagnostics = Diagnostics()
        files = [self.file(name, diagnostics) for name in order.names]
        stats = pack([file.stat if file else UNKNOWN for file in files])
        hashes = b"".join(file.digest if file else _NO_DIGEST for file in files)
        if hashes == order.hashes:
            return stats
        draft = _Draft(self.texts)
        found: list[SourceDocument | None] = []
        skipped: list[tuple[str, str]] = []
        moments: list[float] = []
        for name, file in zip(order.names, files, strict=True):
            source = self.source(name, file, diagnostics) if file else None
            document = self.reader.read(source, name, diagnostics) if source else None
            if source and document:
                moments += publication_times(document)
                if reason := left_out(document, self.now, self.include, self.zone):
                    skipped.append((name, reason))
                    document = None
                else:
                    document = self._finished(document, source, draft)
            found.append(document)
        draft.end()
        now, facts = self.now.timestamp(), pack_documents(found)
        chunk = Chunk(
            names=order.names,
            stats=stats,
            hashes=hashes,
            since=max((moment for moment in moments if moment <= now), default=-math.inf),
            until=min((moment for moment in moments if moment > now), default=math.inf),
            cascade=order.cascade,
            pages=draft.documents,
            skipped=skipped,
            blocks=draft.blocks,
            bodies=pack(draft.bodies),
            diagnostics=pack_diagnostics(diagnostics.problems, diagnostics.warnings),
            facts=content_hash(facts + pack(skipped)),
        )
        return ReadChunk(chunk, facts)

    def file(self, name: str, diagnostics: Diagnostics) -> SourceBytes | None:
        """A source file, read now unless it is known. What cannot be read is noted, and None."""
        if known := self.made.get(name) or self.sections.get(name):
            return known.file
        return self.on_disk(name, diagnostics)

    def on_disk(self, name: str, diagnostics: Diagnostics) -> SourceBytes | None:
        """As it is now. What cannot be read is noted, and None."""
        try:
            descriptor = os.open(f"{self.content}/{name}", os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                status = os.fstat(descriptor)
                data = os.read(descriptor, status.st_size + 1)
                while len(data) > status.st_size and (more := os.read(descriptor, 2**20)):
                    data += more  # it has grown since
            finally:
                os.close(descriptor)
        except OSError as error:
            where = Location(f"content/{name}")
            diagnostics.problems.append(Problem(f"cannot read it: {error.strerror}", where))
            return None
        digest = content_hash(data)
        return SourceBytes(data, settled_stat(status, self.started_ns), digest)

    def source(self, name: str, file: SourceBytes, diagnostics: Diagnostics) -> ParsedSource | None:
        """Take a file apart, and let hooks have their way with it."""
        if name in self.sections:
            return self.sections[name].source
        try:
            made = self.made.get(name)
            source = made.source if made else parse(file.data, f"content/{name}")
            return self.hooks.page(source, name)
        except HookError as error:
            diagnostics.problems.append(error.problems[0])
        except FrontMatterError as error:
            diagnostics.problems.append(error.problem)
        return None

    def _finished(
        self, document: SourceDocument, source: ParsedSource, draft: _Draft
    ) -> SourceDocument:
        if self.include != PUBLISHED_ONLY:
            document = self._marked(document)
        text, line = source.text, source.text_line
        if not document.title:
            title, text, line = _take_title(source)
            document = document._replace(title=title)
        draft.add(text, line)
        return document

    def _marked(self, document: SourceDocument) -> SourceDocument:
        """A page that only options of this build take in says why it would be left out."""
        reason = left_out(document, self.now, PUBLISHED_ONLY, self.zone)
        if reason is None:
            return document
        return document._replace(front=to_json({**json.loads(document.front), "left_out": reason}))


class _Draft:
    """Blocks in the making."""

    def __init__(self, folder: Path) -> None:
        self.blocks: list[str] = []
        self.bodies: list[BodyLocation] = []
        self._folder = folder
        self.documents = 0
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, text: str, line: int) -> None:
        """Add the text of the next document."""
        number, self.documents = self.documents, self.documents + 1
        if not text:
            return
        data = text.encode()
        if self._size + len(data) > MAX_BLOCK_BYTES:
            self.end()
        words, signs = words_in(text, data), features_of(text)
        place = number, len(self.blocks), self._size, len(data), line, words, signs
        self.bodies.append(place)
        self._parts.append(data)
        self._size += len(data)

    def end(self) -> None:
        """Write what has come together."""
        if self._parts:
            self.blocks.append(keep(b"".join(self._parts), self._folder))
        self._parts, self._size = [], 0


def content_hash(data: bytes) -> bytes:
    """The identity of some content."""
    return hashlib.sha256(data).digest()[:HASH_BYTES]


_WORD = bytes(b"10"[chr(byte).isspace()] for byte in range(128)) + b"1" * 128
_WIDE_BLANKS = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def words_in(text: str, data: bytes) -> int:
    """How many words `text.split()` would give. `data` is the text in UTF-8.

    Each byte is a bit, which is 1 in words: they begin and end where bits change.
    """
    if not text.isascii() and _WIDE_BLANKS.search(text):
        return len(text.split())
    bits = int(data.translate(_WORD) or b"0", 2)
    return (bits ^ bits << 1).bit_count() // 2


def _take_title(source: ParsedSource) -> tuple[str, str, int]:
    """A first heading becomes the title, so that no template shows it twice."""
    match = _TITLE_LINE.match(source.text)
    if match is None:
        return "", source.text, source.text_line
    taken = match.group().count("\n")
    return plain_title(match[1]), source.text[match.end() :], source.text_line + taken
