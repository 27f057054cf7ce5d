"""Cached responses on disk, a namespace for each build.

    <directory>/locks                                     who renders which page (ssg.edge.shared)
    <directory>/<hash of the build id>/purged             when a path was last forgotten
                                      /pages/cache.db     2xx and redirects
                                      /missing/cache.db   404s: a shelf of their own, so that a
                                                          crawler of dead links evicts no page

A cache folder is writable by others sooner or later, so nothing in it is trusted: values are
JSON and bytes, a pickle is never loaded, no file that a row names is opened or removed. What
cannot be read makes the shelf empty, and is said in the log; it never fails a request.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import diskcache

from ssg.edge.cache_listing import Stored, disk_bytes, label, read_shelf
from ssg.edge.memory_cache import Front
from ssg.edge.policy import Entry
from ssg.edge.process_lock import Locks, Purges

Log = Callable[[str], None]
Claim = Callable[[str, float], AbstractContextManager[bool]]

_MODE_RAW = 1  # the value stands in the row itself
_LENGTH = struct.Struct(">I")


class ForeignRowError(ValueError):
    """A row that this module has not written."""


class PlainDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Text keys and bytes values inside SQLite rows; everything else is refused."""

    def put(self, key: object) -> tuple[str, bool]:
        """A key as it stands in its row."""
        if not isinstance(key, str):
            raise TypeError(f"a key is text, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """A key read back. A row that is not `raw` holds a pickle."""
        if not raw or not isinstance(key, str):
            raise ForeignRowError("a key that is not text")
        return key

    def store(
        self,
        value: object,
        read: bool,
        key: object = None,  # noqa: ARG002 - diskcache's signature
    ) -> tuple[int, int, None, sqlite3.Binary]:
        """A value as it stands in its row: size on disk outside, mode, no file, bytes."""
        if read or not isinstance(value, bytes):
            raise TypeError(f"a value is bytes, not {type(value).__name__}")
        return 0, _MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """A value read back. Any other mode would open a file or load a pickle."""
        if mode != _MODE_RAW or filename is not None or read or not isinstance(value, bytes):
            raise ForeignRowError("a value that is not plain bytes")
        return value

    def remove(self, file_path: object) -> None:
        """Nothing: no row of ours has a file, and a planted name must not delete one."""


def dump_entry(entry: Entry) -> bytes:
    """An entry as bytes: the length of the head, the head as JSON, the body."""
    head = json.dumps(
        {
            "status": entry.status,
            "headers": dict(entry.headers),
            "stored_at": entry.stored_at,
            "ttl_seconds": entry.ttl_seconds,
            "etag": entry.etag,
        }
    ).encode()
    return _LENGTH.pack(len(head)) + head + entry.body


def load_entry(data: bytes) -> Entry:
    """An entry read back; `ForeignRowError` for anything that `dump_entry` does not write."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        start = _LENGTH.size + length
        head = json.loads(data[_LENGTH.size : start])
        ttl = head["ttl_seconds"]
        return Entry(
            status=int(head["status"]),
            headers={str(name): str(value) for name, value in head["headers"].items()},
            body=data[start:],
            stored_at=float(head["stored_at"]),
            ttl_seconds=None if ttl is None else int(ttl),
            etag=str(head["etag"]),
        )
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForeignRowError("an entry that cannot be read") from error


class Shelf:
    """One diskcache folder of entries. When the disk fails, it is empty and goes on."""

    def __init__(self, directory: Path, size_limit_bytes: int, log: Log) -> None:
        self.size_limit_bytes = size_limit_bytes
        self._directory = directory
        self._log = log
        self._lock = threading.Lock()
        self._is_full = False
        self._cache = self._open()
        if self._cache is None:
            self._cache = self._reopen()

    def get(self, path: str) -> Entry | None:
        """The entry of a path, expired or not."""
        cache = self._cache
        if cache is None:
            return None
        try:
            data = cache.get(path)
            return None if data is None else load_entry(data)
        except Exception as error:  # a broken cache has many ways to fail; none may reach a visitor
            self._empty(cache, error)
            return None

    def put(self, path: str, entry: Entry) -> None:
        """Store an entry: one transaction; the oldest entries leave when the shelf is full."""
        cache = self._cache
        if cache is None:
            return
        try:
            cache.set(path, dump_entry(entry), tag=label(entry))
        except Exception as error:  # as above
            self._empty(cache, error)

    def delete(self, path: str) -> None:
        """Forget a path."""
        cache = self._cache
        if cache is None:
            return
        try:
            cache.delete(path)
        except Exception as error:  # as above
            self._empty(cache, error)

    def clear(self) -> None:
        """Forget everything."""
        cache = self._cache
        if cache is None:
            return
        try:
            cache.clear()
        except Exception as error:  # as above
            self._empty(cache, error)

    def paths(self) -> list[str]:
        """The paths of all entries."""
        cache = self._cache
        if cache is None:
            return []
        try:
            return list(cache.iterkeys())
        except Exception as error:  # as above
            self._empty(cache, error)
            return []

    def stored(self, paths: Iterable[str] | None = None) -> Iterator[Stored]:
        """What is held of these paths, or all of it, without the bodies."""
        return read_shelf(self._directory, paths)

    def disk_bytes(self) -> int:
        """What it takes on disk."""
        return disk_bytes(self._directory)

    def __len__(self) -> int:
        cache = self._cache
        if cache is None:
            return 0
        try:
            size: int = len(cache)
            return size
        except Exception as error:  # as above
            self._empty(cache, error)
            return 0

    def close(self) -> None:
        """Close this thread's connection; the others close with their threads."""
        if self._cache is not None:
            self._cache.close()

    def _empty(self, broken: object, error: Exception) -> None:
        """Start again with an empty folder. Only the first thread to see the damage does."""
        if _is_busy(error):
            self._log(f"{self._directory}: the cache is busy")
            return
        if _code(error) == sqlite3.SQLITE_FULL:  # nothing is damaged, and what is stored stays
            if not self._is_full:
                self._log(f"{self._directory}: the disk is full; pages are served and not stored")
            self._is_full = True
            return
        with self._lock:
            if self._cache is broken:
                self._log(f"{self._directory}: the cache cannot be read ({error}); it is emptied")
                self._cache = self._reopen()

    def _reopen(self) -> diskcache.Cache | None:
        shutil.rmtree(self._directory, ignore_errors=True)
        return self._open()

    def _open(self) -> diskcache.Cache | None:
        try:
            return diskcache.Cache(
                str(self._directory),
                timeout=2,
                disk=PlainDisk,
                size_limit=self.size_limit_bytes,
                eviction_policy="least-recently-stored",  # a read writes nothing
                statistics=0,
                tag_index=0,
                sqlite_journal_mode="wal",
                sqlite_synchronous=0,  # a crash may lose the cache, never a page
            )
        except Exception as error:  # a planted database fails in many ways
            self._log(f"{self._directory}: the cache cannot be opened ({error})")
            return None


def _is_busy(error: Exception) -> bool:
    """Whether another process holds the database, which is no damage."""
    return isinstance(error, diskcache.Timeout) or _code(error) == sqlite3.SQLITE_BUSY


def _code(error: Exception) -> int | None:
    return getattr(error, "sqlite_errorcode", None)


class Namespace:
    """The cached responses of one build."""

    def __init__(
        self, pages: Shelf, missing: Shelf, front: Front, purges: Purges, claim: Claim
    ) -> None:
        self._pages = pages
        self._missing = missing
        self._front = front
        self._purges = purges
        self._claim = claim

    def get(self, path: str) -> Entry | None:
        """The entry of a path, expired or not: from memory, else from disk."""
        if self._purges.have_come():
            self._front.clear()
        return self._front.get(path) or self.reload(path)

    def reload(self, path: str) -> Entry | None:
        """The entry of a path from disk, where other processes store theirs."""
        entry = self._pages.get(path) or self._missing.get(path)
        if entry is not None:
            self._front.put(path, entry)
        return entry

    def claim(self, path: str, limit_seconds: float) -> AbstractContextManager[bool]:
        """Be the only process that renders a path; wait for another one no longer than this."""
        return self._claim(path, limit_seconds)

    def remember(self, path: str, entry: Entry) -> bool:
        """Keep an entry in memory; says whether it is there."""
        return self._front.put(path, entry)

    def put(self, path: str, entry: Entry, previous: Entry | None) -> None:
        """Store an entry in place of `previous`, which may stand on the other shelf."""
        self._front.put(path, entry)
        home, other = self._shelves(entry)
        home.put(path, entry)
        if previous is not None and self._shelves(previous)[0] is other:
            other.delete(path)

    def page_count(self) -> int:
        """How many pages are stored; 404s are not counted."""
        return len(self._pages)

    def stored(self, paths: Iterable[str] | None = None) -> Iterator[Stored]:
        """What is stored of these paths, or every page of the build; 404s are left out.

        What has just been rendered is in memory already, and on its way to the disk.
        """
        if self._purges.have_come():
            self._front.clear()
        wanted = None if paths is None else list(paths)
        newest = self._front.stored(wanted)
        yield from newest.values()
        yield from (each for each in self._pages.stored(wanted) if each.path not in newest)

    def disk_bytes(self) -> tuple[int, int]:
        """What the build takes on disk, 404s included, and may take."""
        shelves = self._pages, self._missing
        used = sum(shelf.disk_bytes() for shelf in shelves)
        return used, sum(shelf.size_limit_bytes for shelf in shelves)

    def paths(self) -> list[str]:
        """The paths of all entries on disk, 404s too."""
        return [*self._pages.paths(), *self._missing.paths()]

    def purge(self, path: str) -> None:
        """Forget a path."""
        self._pages.delete(path)
        self._missing.delete(path)
        self._front.delete(path)
        self._purges.note()

    def clear(self) -> None:
        """Forget every path."""
        self._pages.clear()
        self._missing.clear()
        self._front.clear()
        self._purges.note()

    def close(self) -> None:
        """Close the connections of this thread."""
        self._pages.close()
        self._missing.close()

    def _shelves(self, entry: Entry) -> tuple[Shelf, Shelf]:
        is_missing = entry.status == 404
        return (self._missing, self._pages) if is_missing else (self._pages, self._missing)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much may be kept, in bytes. A namespace has its own."""

    pages: int = 512 * 1024 * 1024
    missing: int = 16 * 1024 * 1024
    memory: int = 32 * 1024 * 1024


DEFAULT_SIZES: Final = Sizes()


class Store:
    """The cache folder: opens the namespace of a build, and forgets old builds."""

    def __init__(self, directory: Path, log: Log, sizes: Sizes = DEFAULT_SIZES) -> None:
        self._directory = directory
        self._log = log
        self._sizes = sizes
        self._locks = Locks(directory / "locks")

    def open(self, build_id: str) -> Namespace:
        """The namespace of a build; what it held when the build was last served is still there."""
        directory = self._path(build_id)
        namespace = self._open(directory)
        if directory.is_dir():
            os.utime(directory)  # the order of use, for `prune`
        return namespace

    def namespaces(self) -> Iterator[Namespace]:
        """The namespace of each build that something is kept of, whichever that is."""
        for shelf in sorted(self._directory.glob("*/pages")):
            yield self._open(shelf.parent)

    def _open(self, directory: Path) -> Namespace:
        sizes = self._sizes
        return Namespace(
            Shelf(directory / "pages", sizes.pages, self._log),
            Shelf(directory / "missing", sizes.missing, self._log),
            Front(sizes.memory),
            Purges(directory / "purged"),
            lambda path, seconds: self._locks.held(f"{directory.name} {path}", seconds),
        )

    def prune(self, keep: int = 3) -> None:
        """Remove all but the builds opened last; those few answer a roll-back (rule 9)."""
        if not self._directory.is_dir():
            return
        builds = [path for path in self._directory.iterdir() if path.is_dir()]
        builds.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in builds[keep:]:
            shutil.rmtree(path, ignore_errors=True)

    def _path(self, build_id: str) -> Path:
        """A folder name for any build id."""
        return self._directory / hashlib.sha256(build_id.encode()).hexdigest()[:32]
