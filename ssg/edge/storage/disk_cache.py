"""Cached responses in one folder on disk.

Other programs may write to a cache folder, so nothing in it is trusted. Values are JSON and
bytes; a pickle is never loaded, and no file that a row names is opened or removed. A cache that
cannot be read is emptied, with a warning in the log; it never fails a request.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple
from functools import partial
from pathlib import Path
from typing import TypeVar

import diskcache

from ssg.edge.policy import CacheEntry
from ssg.edge.purge_index import LogPosition
from ssg.edge.storage.cache_listing import (
    CacheEntryInfo,
    disk_bytes,
    dump_label,
    read_caching,
    read_entry_infos,
)

WarningLog = Callable[[str], None]
T = TypeVar("T")

_MODE_RAW = 1  # the value is in the row itself
_DELETED_AT_ONCE = 500
_LENGTH = struct.Struct(">I")


class ForeignRowError(ValueError):
    """A row that this module did not write."""


class PlainDisk(diskcache.Disk):  # type: ignore[misc]  # diskcache has no types
    """Store text keys and bytes values inside SQLite rows; refuse everything else."""

    def put(self, key: object) -> tuple[str, bool]:
        """Convert a key to its column value."""
        if not isinstance(key, str):
            raise TypeError(f"a key is text, not {type(key).__name__}")
        return key, True

    def get(self, key: object, raw: object) -> str:
        """Convert a column value back to a key. A row that is not `raw` contains a pickle."""
        if not raw or not isinstance(key, str):
            raise ForeignRowError("a key that is not text")
        return key

    def store(
        self,
        value: object,
        read: bool,
        key: object = None,  # noqa: ARG002 - diskcache's signature
    ) -> tuple[int, int, None, sqlite3.Binary]:
        """Convert a value to its columns: file size (0), mode, file name (none), bytes."""
        if read or not isinstance(value, bytes):
            raise TypeError(f"a value is bytes, not {type(value).__name__}")
        return 0, _MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: object, filename: object, value: object, read: bool) -> bytes:
        """Convert columns back to a value. Any other mode would open a file or load a pickle."""
        if mode != _MODE_RAW or filename is not None or read or not isinstance(value, bytes):
            raise ForeignRowError("a value that is not plain bytes")
        return value

    def remove(self, file_path: object) -> None:
        """Do nothing: our rows have no files, and a forged file name must not delete one."""


def dump_entry(entry: CacheEntry) -> bytes:
    """Serialize an entry: the length of the head, the head as JSON, the body in each encoding."""
    head = json.dumps(
        {
            "status": entry.status,
            "headers": dict(entry.headers),
            "stored_at": entry.stored_at,
            "caching": astuple(entry.caching),
            "etag": entry.etag,
            "read_at": astuple(entry.read_at),
            "body_bytes": len(entry.body),
            "encoded_bytes": {name: len(body) for name, body in entry.encoded.items()},
        }
    ).encode()
    return b"".join([_LENGTH.pack(len(head)), head, entry.body, *entry.encoded.values()])


def load_entry(data: bytes) -> CacheEntry:
    """Read an entry back. Raises `ForeignRowError` for bytes not written by `dump_entry`."""
    try:
        (length,) = _LENGTH.unpack_from(data)
        start = _LENGTH.size + length
        head = json.loads(data[_LENGTH.size : start])
        fresh, stale, tags = head["caching"]
        generation, offset = head["read_at"]
        sizes = {"": int(head["body_bytes"]), **head["encoded_bytes"]}
        bodies = _split(data, start, sizes)
        return CacheEntry(
            status=int(head["status"]),
            headers={str(name): str(value) for name, value in head["headers"].items()},
            body=bodies.pop(""),
            stored_at=float(head["stored_at"]),
            caching=read_caching(fresh, stale, tags),
            etag=str(head["etag"]),
            read_at=LogPosition(str(generation), int(offset)),
            encoded=bodies,
        )
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ForeignRowError("an entry that cannot be read") from error


def _split(data: bytes, start: int, sizes: Mapping[str, int]) -> dict[str, bytes]:
    """Cut data into parts of these sizes, which must be all of it."""
    parts = {}
    for name, size in sizes.items():
        parts[name], start = data[start : start + size], start + size
    if start != len(data) or min(sizes.values()) < 0:
        raise ForeignRowError("bodies that are not as long as the head says")
    return parts


class DiskCache:
    """One diskcache folder of entries. When the disk fails, it behaves as an empty cache."""

    def __init__(self, directory: Path, size_limit_bytes: int, log: WarningLog) -> None:
        self.size_limit_bytes = size_limit_bytes
        self._directory = directory
        self._log = log
        self._lock = threading.Lock()
        self._is_full = False
        self._cache = self._open()
        if self._cache is None:
            self._cache = self._reopen()

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, fresh or expired."""

        def read(cache: diskcache.Cache) -> CacheEntry | None:
            data = cache.get(path)
            return None if data is None else load_entry(data)

        return self._attempt(read, None)

    def put(self, path: str, entry: CacheEntry) -> None:
        """Store an entry in one transaction; a full cache evicts its oldest entries."""
        self._attempt(lambda cache: cache.set(path, dump_entry(entry), tag=dump_label(entry)), None)

    def delete(self, *paths: str) -> None:
        """Delete the entries of paths."""
        for begin in range(0, len(paths), _DELETED_AT_ONCE):
            self._attempt(partial(_delete, paths[begin : begin + _DELETED_AT_ONCE]), None)

    def clear(self) -> None:
        """Delete every entry."""
        self._attempt(lambda cache: cache.clear(), None)

    def paths(self) -> list[str]:
        """Return the paths of all entries."""
        return self._attempt(lambda cache: list(cache.iterkeys()), [])

    def entry_infos(self, paths: Iterable[str] | None = None) -> Iterator[CacheEntryInfo]:
        """List the entries of these paths, or all, without their bodies."""
        return read_entry_infos(self._directory, paths)

    def disk_bytes(self) -> int:
        """Return the size of the folder's files."""
        return disk_bytes(self._directory)

    def __len__(self) -> int:
        return self._attempt(len, 0)

    def close(self) -> None:
        """Close the connection of this thread; other connections close with their threads."""
        if self._cache is not None:
            self._cache.close()

    def _attempt(self, operation: Callable[[diskcache.Cache], T], fallback: T) -> T:
        """Run an operation; a broken cache fails in many ways, and no request may notice."""
        cache = self._cache
        if cache is None:
            return fallback
        try:
            return operation(cache)
        except Exception as error:
            self._recover(cache, error)
            return fallback

    def _recover(self, broken: object, error: Exception) -> None:
        """Empty a damaged cache; only the first thread that finds the damage does so."""
        if _is_busy(error):
            self._log(f"{self._directory}: the cache is busy")
            return
        if _error_code(error) == sqlite3.SQLITE_FULL:  # not damage: stored entries stay readable
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
        except Exception as error:  # a forged database fails in many ways
            self._log(f"{self._directory}: the cache cannot be opened ({error})")
            return None


def _delete(paths: Sequence[str], cache: diskcache.Cache) -> None:
    """Delete entries in one transaction; other processes wait for it."""
    with cache.transact():
        for path in paths:
            cache.delete(path)


def _is_busy(error: Exception) -> bool:
    """Whether another process holds the database, which is not damage."""
    return isinstance(error, diskcache.Timeout) or _error_code(error) == sqlite3.SQLITE_BUSY


def _error_code(error: Exception) -> int | None:
    return getattr(error, "sqlite_errorcode", None)
