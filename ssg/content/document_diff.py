"""Which documents say something else than they did when the build before read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from ssg.content.reading.chunks import Chunk, unpack_documents
from ssg.content.reading.discover import Gathered
from ssg.content.reading.read_chunk import Read
from ssg.content.source.document import SourceDocument

Replaced = Mapping[tuple[str, ...], Read]
"""Chunks that were read again, as they were before, by the names of their sources."""


class Edit(NamedTuple):
    """A document that says something else than it did, with its id."""

    number: int
    before: SourceDocument
    now: SourceDocument


def chunks_before(chunks: Sequence[Chunk], replaced: Replaced) -> list[Chunk]:
    """All chunks as they were, if nothing but those that are told was read again."""
    return [replaced[one.names].chunk if one.names in replaced else one for one in chunks]


def edits_of(gathered: Gathered, replaced: Replaced) -> list[Edit] | None:
    """The edits; None where a document has come or gone."""
    edits, first = list[Edit](), 1
    for chunk, found in zip(gathered.chunks, gathered.found, strict=True):
        if found is not None and chunk.names in replaced:
            before = unpack_documents(replaced[chunk.names].facts)
            if [one is None for one in before] != [one is None for one in found]:
                return None
            pairs = zip(filter(None, before), filter(None, found), strict=True)
            numbered = enumerate(pairs, first)
            edits += [Edit(number, was, now) for number, (was, now) in numbered if was != now]
        first += chunk.pages
    return edits


def document_of(gathered: Gathered, number: int) -> SourceDocument | None:
    """A document by its id; None where the cache does not have it."""
    for chunk, found in zip(gathered.chunks, gathered.found, strict=True):
        if number <= chunk.pages:
            known = gathered.cache.found(chunk) if found is None and gathered.cache else found
            return list(filter(None, known))[number - 1] if known else None
        number -= chunk.pages
    return None
