"""Which documents say something else than they did when the build before read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ssg.content.reading.chunk_reader import ReadChunk
from ssg.content.reading.chunks import Chunk, unpack_documents
from ssg.content.reading.discover import DiscoveredContent
from ssg.content.source.document import SourceDocument

ReplacedChunks = Mapping[tuple[str, ...], ReadChunk]
"""Chunks that were read again, as they were before, by the names of their sources."""


class DocumentEdit(NamedTuple):
    """A document that says something else than it did, with its id."""

    number: int
    before: SourceDocument
    now: SourceDocument


def chunks_before(chunks: Sequence[Chunk], replaced: ReplacedChunks) -> list[Chunk]:
    """All chunks as they were, if nothing but those that are told was read again."""
    return [replaced[one.names].chunk if one.names in replaced else one for one in chunks]


def edits_of(gathered: DiscoveredContent, replaced: ReplacedChunks) -> list[DocumentEdit] | None:
    """The edits; None where a document has come or gone."""
    edits, first = list[DocumentEdit](), 1
    for chunk, found in zip(gathered.chunks, gathered.found, strict=True):
        if found is not None and chunk.names in replaced:
            before = unpack_documents(replaced[chunk.names].facts)
            if [one is None for one in before] != [one is None for one in found]:
                return None
            pairs = zip(filter(None, before), filter(None, found), strict=True)
            numbered = enumerate(pairs, first)
            edits += [
                DocumentEdit(number, was, now) for number, (was, now) in numbered if was != now
            ]
        first += chunk.pages
    return edits


def document_of(gathered: DiscoveredContent, number: int) -> SourceDocument | None:
    """A document by its id; None where the cache does not have it."""
    for chunk, found in zip(gathered.chunks, gathered.found, strict=True):
        if number <= chunk.pages:
            known = gathered.cache.found(chunk) if found is None and gathered.cache else found
            return list(filter(None, known))[number - 1] if known else None
        number -= chunk.pages
    return None
