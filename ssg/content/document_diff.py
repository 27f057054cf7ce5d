"""Finds the documents that changed since the previous build."""

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
    """A changed document, with its id."""

    number: int
    before: SourceDocument
    now: SourceDocument


def chunks_before(chunks: Sequence[Chunk], replaced: ReplacedChunks) -> list[Chunk]:
    """All chunks of the previous build, if only those in `replaced` were read again."""
    return [replaced[one.names].chunk if one.names in replaced else one for one in chunks]


def edits_of(content: DiscoveredContent, replaced: ReplacedChunks) -> list[DocumentEdit] | None:
    """The edits; None if a document was added or removed."""
    edits, first = list[DocumentEdit](), 1
    for chunk, found in zip(content.chunks, content.documents, strict=True):
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


def document_of(content: DiscoveredContent, number: int) -> SourceDocument | None:
    """A document by its id; None if the cache does not have it."""
    for chunk, found in zip(content.chunks, content.documents, strict=True):
        if number <= chunk.pages:
            known = content.cache.found(chunk) if found is None and content.cache else found
            return list(filter(None, known))[number - 1] if known else None
        number -= chunk.pages
    return None
