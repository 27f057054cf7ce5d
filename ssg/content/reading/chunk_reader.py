"""Reads chunks: files become documents, and blocks of their texts."""

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
TEXT_HASH_BYTES = 6
"""An integer of SQLite of this size. Two texts of a site seldom have the same one: 1 in 10^14."""
_NO_DIGEST = bytes(HASH_BYTES)
MAX_BLOCK_BYTES = 256 * 1024
"""The size limit of a block, unless one text alone is longer."""
_TITLE_LINE = re.compile(r"\s*#[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*(?:\n|$)")


class ChunkRequest(NamedTuple):
    """A chunk to read. `hashes` are those of the previous build; they may still be the same."""

    names: tuple[str, ...]
    cascade: str = ""
    hashes: bytes = b""


class ReadChunk(NamedTuple):
    """A chunk that was read, with its documents as `pack_documents` gives them."""

    chunk: Chunk
    facts: bytes


class SourceBytes(NamedTuple):
    """The contents of a source file."""

    data: bytes
    stat: FileStat
    digest: bytes


class OpenedSection(NamedTuple):
    """The source of a section, which was read before all others and is not read again."""

    file: SourceBytes
    source: ParsedSource


class HookSource(NamedTuple):
    """A source without a file: a hook made it."""

    file: SourceBytes
    source: ParsedSource
    hook: Location


@dataclass(frozen=True, slots=True)
class ChunkReader:
    """Reads the chunks of one build: call it with a `ChunkRequest`.

    It can be sent to another process, unless there are hooks. `sections` have been read already.
    """

    content: Path
    texts: Path
    reader: DocumentReader
    now: dt.datetime
    include: IncludeOptions
    zone: zoneinfo.ZoneInfo
    started_ns: int
    """When the build began to examine the files."""
    sections: Mapping[str, OpenedSection] = field(default_factory=dict)
    hook_sources: Mapping[str, HookSource] = field(default_factory=dict)
    """Sources that hooks have made."""
    hooks: BuildHooks = field(default_factory=BuildHooks)

    def __call__(self, request: ChunkRequest) -> ReadChunk | bytes:
        """Read a chunk; returns only its stats if its contents are the same as before."""
        diagnostics = Diagnostics()
        files = [self.file(name, diagnostics) for name in request.names]
        stats = pack([file.stat if file else UNKNOWN for file in files])
        hashes = b"".join(file.digest if file else _NO_DIGEST for file in files)
        if hashes == request.hashes:
            return stats
        writer = _BlockWriter(self.texts)
        found: list[SourceDocument | None] = []
        skipped: list[tuple[str, str]] = []
        moments: list[float] = []
        for name, file in zip(request.names, files, strict=True):
            source = self.source(name, file, diagnostics) if file else None
            document = self.reader.read(source, name, diagnostics) if source else None
            if source and document:
                moments += publication_times(document)
                if reason := left_out(document, self.now, self.include, self.zone):
                    skipped.append((name, reason))
                    document = None
                else:
                    document = self._finished(document, source, writer)
            found.append(document)
        writer.write_block()
        now, facts = self.now.timestamp(), pack_documents(found)
        chunk = Chunk(
            names=request.names,
            stats=stats,
            hashes=hashes,
            since=max((moment for moment in moments if moment <= now), default=-math.inf),
            until=min((moment for moment in moments if moment > now), default=math.inf),
            cascade=request.cascade,
            pages=writer.documents,
            skipped=skipped,
            blocks=writer.blocks,
            bodies=pack(writer.bodies),
            diagnostics=pack_diagnostics(diagnostics.problems, diagnostics.warnings),
            facts=content_hash(facts + pack(skipped)),
        )
        return ReadChunk(chunk, facts)

    def file(self, name: str, diagnostics: Diagnostics) -> SourceBytes | None:
        """A source, from a hook or a file. Reports a file that cannot be read, and returns None."""
        if known := self.hook_sources.get(name) or self.sections.get(name):
            return known.file
        return self.on_disk(name, diagnostics)

    def on_disk(self, name: str, diagnostics: Diagnostics) -> SourceBytes | None:
        """Read a source file. Reports a file that cannot be read, and returns None."""
        try:
            descriptor = os.open(f"{self.content}/{name}", os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                status = os.fstat(descriptor)
                data = os.read(descriptor, status.st_size + 1)
                while len(data) > status.st_size and (more := os.read(descriptor, 2**20)):
                    data += more  # the file has grown
            finally:
                os.close(descriptor)
        except OSError as error:
            where = Location(f"content/{name}")
            diagnostics.problems.append(Problem(f"cannot read it: {error.strerror}", where))
            return None
        digest = content_hash(data)
        return SourceBytes(data, settled_stat(status, self.started_ns), digest)

    def source(self, name: str, file: SourceBytes, diagnostics: Diagnostics) -> ParsedSource | None:
        """Parse a file, and call the hooks for pages."""
        if name in self.sections:
            return self.sections[name].source
        try:
            made = self.hook_sources.get(name)
            source = made.source if made else parse(file.data, f"content/{name}")
            return self.hooks.page(source, name)
        except HookError as error:
            diagnostics.problems.append(error.problems[0])
        except FrontMatterError as error:
            diagnostics.problems.append(error.problem)
        return None

    def _finished(
        self, document: SourceDocument, source: ParsedSource, writer: _BlockWriter
    ) -> SourceDocument:
        if self.include != PUBLISHED_ONLY:
            document = self._marked(document)
        text, line = source.text, source.text_line
        if not document.title:
            title, text, line = _take_title(source)
            document = document._replace(title=title)
        writer.add(text, line)
        return document

    def _marked(self, document: SourceDocument) -> SourceDocument:
        """Note the reason in a page that is only published because of options of this build."""
        reason = left_out(document, self.now, PUBLISHED_ONLY, self.zone)
        if reason is None:
            return document
        return document._replace(front=to_json({**json.loads(document.front), "left_out": reason}))


class _BlockWriter:
    """Collects texts, and writes them as blocks."""

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
            self.write_block()
        words, features = words_in(text, data), features_of(text)
        start = len(self.blocks), self._size, len(data)
        self.bodies.append((number, *start, line, words, features, text_hash(data)))
        self._parts.append(data)
        self._size += len(data)

    def write_block(self) -> None:
        """Write the block that has been collected."""
        if self._parts:
            self.blocks.append(keep(b"".join(self._parts), self._folder))
        self._parts, self._size = [], 0


def content_hash(data: bytes) -> bytes:
    """The identity of some content."""
    return hashlib.sha256(data).digest()[:HASH_BYTES]


def text_hash(data: bytes) -> int:
    """The identity of a text, so that builds can compare texts without their blocks."""
    return int.from_bytes(content_hash(data)[:TEXT_HASH_BYTES], "big")


_WORD = bytes(b"10"[chr(byte).isspace()] for byte in range(128)) + b"1" * 128
_WIDE_BLANKS = re.compile("[\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]")


def words_in(text: str, data: bytes) -> int:
    """The number of words that `text.split()` would give. `data` is the text in UTF-8.

    Each byte becomes a bit, which is 1 in words. Words begin and end where bits change.
    """
    if not text.isascii() and _WIDE_BLANKS.search(text):
        return len(text.split())
    bits = int(data.translate(_WORD) or b"0", 2)
    return (bits ^ bits << 1).bit_count() // 2


def _take_title(source: ParsedSource) -> tuple[str, str, int]:
    """Take a first heading out of a text as its title, so that templates do not show it twice."""
    match = _TITLE_LINE.match(source.text)
    if match is None:
        return "", source.text, source.text_line
    taken = match.group().count("\n")
    return plain_title(match[1]), source.text[match.end() :], source.text_line + taken
