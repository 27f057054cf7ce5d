"""Reads a watched content folder again: only the sources that changed.

The system tells a running preview which files were written. If all of them are sources that existed
before, no folder is walked and no other file is examined.
"""

from __future__ import annotations

import datetime as dt
import os
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.content.reading.chunk_reader import ChunkRequest, ReadChunk
from ssg.content.reading.chunks import Chunk
from ssg.content.reading.discover import DiscoveredContent
from ssg.content.reading.source_cache import SourceCache
from ssg.content.source.document import Diagnostics


@dataclass(frozen=True, slots=True)
class WatchedContent:
    """The content folder of the previous build, and the files that changed since.

    `changed` are the real paths of all changed files.
    """

    before: DiscoveredContent
    changed: frozenset[str]


def without_documents(content: DiscoveredContent) -> DiscoveredContent:
    """A content folder without its documents, to keep in memory."""
    return replace(content, documents=[None] * len(content.chunks), cache=None)


def rediscover(
    watched: WatchedContent, now: dt.datetime, diagnostics: Diagnostics, cache: SourceCache | None
) -> DiscoveredContent | None:
    """The content folder as it is now; None if all of it must be examined."""
    before = watched.before
    stale = _stale(watched)
    if stale is None or before.has_links or not _are_valid(before.chunks, now.timestamp()):
        return None
    diagnostics.warnings.extend(before.warnings)
    chunk_reader = replace(before.chunk_reader, now=now, started_ns=time.time_ns())
    again = replace(before, chunk_reader=chunk_reader, chunks=[], documents=[], cache=cache)
    for number, known in enumerate(before.chunks):
        result: Chunk | ReadChunk | bytes = known
        if number in stale:
            result = chunk_reader(ChunkRequest(known.names, known.cascade, known.hashes))
        again.add(known, result, diagnostics)
    return again


def _are_valid(chunks: Iterable[Chunk], now: float) -> bool:
    return all(chunk.since <= now < chunk.until for chunk in chunks)


def _stale(watched: WatchedContent) -> Mapping[int, Chunk] | None:
    """The chunks with changed sources; None if files were added or removed, or sections changed."""
    before = watched.before
    names = frozenset(_below(before.chunk_reader.content, watched.changed))
    if not names:
        return {}
    stale = {n: chunk for n, chunk in enumerate(before.chunks) if not names.isdisjoint(chunk.names)}
    sources = names.intersection(name for chunk in stale.values() for name in chunk.names)
    files = {asset.relative for asset in before.assets}
    for name in names:
        is_file = _is_file(before.chunk_reader.content / name)
        if name in sources or name in files:
            if not is_file or name in before.chunk_reader.sections:
                return None
        elif is_file is not None or _has_files_below(name, before, files):
            return None
    return stale


def _below(content: Path, changed: Iterable[str]) -> Iterator[str]:
    root = content.resolve()
    for path in map(Path, changed):
        if path.is_relative_to(root):
            yield path.relative_to(root).as_posix()


def _is_file(place: Path) -> bool | None:
    """None if nothing exists there, as when an editor has renamed its temporary file."""
    try:
        return stat.S_ISREG(os.lstat(place).st_mode)
    except OSError:
        return None


def _has_files_below(folder: str, before: DiscoveredContent, files: Iterable[str]) -> bool:
    """Whether a removed folder contained files."""
    prefix = f"{folder}/"
    names = (name for chunk in before.chunks for name in chunk.names)
    return any(name.startswith(prefix) for some in (names, files) for name in some)
