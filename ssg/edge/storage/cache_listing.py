"""List stored responses without reading their bodies.

Each row of a disk cache has a label beside its value, so that the states of ten thousand pages
are read without their bodies. Labels are not trusted, like everything in a cache folder: a row
whose label cannot be read is left out.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ssg.edge.policy import CacheEntry
from ssg.edge.purge_index import NOWHERE, LogPosition
from ssg.runtime.caching import Caching

_TIMEOUT_SECONDS = 1.0
_ALL = "SELECT key, tag FROM Cache WHERE raw = 1"
_SOME = "SELECT key, tag FROM Cache WHERE raw = 1 AND key IN (SELECT value FROM json_each(?))"


@dataclass(frozen=True, slots=True)
class CacheEntryInfo:
    """A `policy.CacheEntry` without headers and body."""

    path: str
    stored_at: float
    status: int
    body_bytes: int
    caching: Caching = Caching()
    read_at: LogPosition = NOWHERE

    @classmethod
    def of(cls, path: str, entry: CacheEntry) -> CacheEntryInfo:
        """Describe an entry."""
        size = len(entry.body)
        return cls(path, entry.stored_at, entry.status, size, entry.caching, entry.read_at)

    @property
    def expires_at(self) -> float | None:
        """When it stops being fresh (rule 6); None if that is at the next deploy."""
        fresh_seconds = self.caching.fresh_seconds
        return None if fresh_seconds is None else self.stored_at + fresh_seconds


@dataclass(frozen=True, slots=True)
class CacheUsage:
    """How full the cache of a build is. `disk_bytes` includes 404s."""

    pages: int
    pages_limit: int | None
    disk_bytes: int
    disk_limit_bytes: int


def disk_bytes(directory: Path) -> int:
    """Return the size of the files in a folder."""
    try:
        return sum(path.stat().st_size for path in directory.iterdir())
    except OSError:  # no folder, or a file was removed meanwhile
        return 0


def dump_label(entry: CacheEntry) -> str:
    """Serialize the label of an entry."""
    caching, read_at = entry.caching, entry.read_at
    times = entry.stored_at, caching.fresh_seconds, caching.stale_seconds
    known = *times, entry.status, len(entry.body), read_at.generation, read_at.offset
    return json.dumps([*known, " ".join(caching.tags)])


def read_label(path: object, text: object) -> CacheEntryInfo | None:
    """Read a label back; None for a text not written by `dump_label`."""
    try:
        stored_at, fresh, stale, status, size, generation, offset, tags = json.loads(str(text))
        return CacheEntryInfo(
            str(path),
            float(stored_at),
            int(status),
            int(size),
            read_caching(fresh, stale, str(tags).split()),
            LogPosition(str(generation), int(offset)),
        )
    except (ValueError, TypeError, OverflowError):
        return None


def read_caching(fresh: object, stale: object, tags: Iterable[object]) -> Caching:
    """A caching from JSON. Raises TypeError or ValueError."""
    return Caching(_seconds(fresh), _seconds(stale), tuple(map(str, tags)))


def _seconds(value: object) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise TypeError("seconds are a number")


def read_entry_infos(
    directory: Path, paths: Iterable[str] | None = None
) -> Iterator[CacheEntryInfo]:
    """List the entries of a disk cache: those of these paths, or all; none if it is unreadable.

    Nothing is read before the first entry is requested. The connection is a separate one, so it
    cannot disturb the one that serves visitors.
    """
    database = directory / "cache.db"
    try:
        rows = _rows(database, paths) if database.is_file() else []
    except sqlite3.Error:
        rows = []
    for key, tag in rows:
        stored = read_label(key, tag)
        if stored is not None:
            yield stored


def _rows(database: Path, paths: Iterable[str] | None) -> list[tuple[object, object]]:
    uri = f"{database.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(uri, uri=True, timeout=_TIMEOUT_SECONDS)) as connection:
        if paths is None:
            return connection.execute(_ALL).fetchall()
        return connection.execute(_SOME, (json.dumps(list(paths)),)).fetchall()
