"""Chunks: runs of consecutive sources that are read together, and the results of reading them.

The texts of a chunk make one block, or a few. A result goes from one process to another, and into
the cache, as plain values (`content.reading.codec`).
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple
from typing import Any, NamedTuple

from ssg.content.reading.codec import pack, unpack
from ssg.content.source.document import SectionOptions, SourceDocument
from ssg.model.errors import Location, Problem
from ssg.model.page import DeferOverride
from ssg.model.settings import MenuEntry

SOURCES_PER_CHUNK = 32
"""The average number of sources in a chunk: enough for their texts to compress well."""

BodyLocation = tuple[int, int, int, int, int, int, int, int]
"""A document's number in the chunk, that of its block, start, length and line there, and number
of words, features (`content.reading.text_features`) and hash of its text."""


def chunks_of(names: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Divide sources, in their order.

    The end of a chunk depends only on the name of its last source. So a chunk stays the same when
    sources are added to others or removed from them.
    """
    chunk: list[str] = []
    for name in names:
        chunk.append(name)
        if zlib.crc32(name.encode()) % SOURCES_PER_CHUNK == 0:
            yield tuple(chunk)
            chunk = []
    if chunk:
        yield tuple(chunk)


class Chunk(NamedTuple):
    """The result of reading a chunk, except for its documents."""

    names: tuple[str, ...]
    stats: bytes
    """A `FileStat` for each source."""
    hashes: bytes
    """The hashes of the contents of the sources, concatenated."""
    since: float
    until: float
    """The span of time in which the build leaves out these sources and no others."""
    cascade: str
    """A hash of the cascades that its sources inherit."""
    pages: int
    """How many documents it has."""
    skipped: Sequence[tuple[str, str]]
    """Sources that are left out, and the reasons."""
    blocks: Sequence[str]
    """The digest of each block."""
    bodies: bytes
    """A `BodyLocation` for each document with a text."""
    diagnostics: bytes
    """Problems and warnings."""
    facts: bytes
    """A hash of the facts of its documents."""


ChunkDocuments = Sequence[SourceDocument | None]
"""The documents of a chunk; None for a source that is left out or cannot be read."""


def pack_diagnostics(problems: Iterable[Problem], warnings: Iterable[Problem]) -> bytes:
    return pack([[_plain_problem(one) for one in some] for some in (problems, warnings)])


def unpack_diagnostics(data: bytes) -> tuple[list[Problem], list[Problem]]:
    """Problems and warnings."""
    problems, warnings = ([_problem(*one) for one in some] for some in unpack(data))
    return problems, warnings


def pack_documents(found: ChunkDocuments) -> bytes:
    return pack([_plain(document) if document else None for document in found])


def unpack_documents(data: bytes) -> ChunkDocuments:
    return [_document(values) if values else None for values in unpack(data)]


def _plain(document: SourceDocument) -> tuple[Any, ...]:
    """The last three fields, which few documents have, are values of their own."""
    *facts, menus, defer_override, section = document
    return (
        *facts,
        tuple(map(astuple, menus)),
        defer_override.values if defer_override else None,
        astuple(section) if section else None,
    )


def _document(values: tuple[Any, ...]) -> SourceDocument:
    document = SourceDocument._make(values)
    menus, defer_override, section = values[-3:]
    if menus or defer_override or section:
        return document._replace(
            menus=tuple(MenuEntry(*entry) for entry in menus),
            defer_override=DeferOverride(*defer_override) if defer_override else None,
            section=SectionOptions(*section) if section else None,
        )
    return document


def _plain_problem(problem: Problem) -> tuple[Any, ...]:
    return problem.message, astuple(problem.where) if problem.where else None, problem.hint


def _problem(message: str, where: tuple[Any, ...] | None, hint: str | None) -> Problem:
    return Problem(message, Location(*where) if where else None, hint)
