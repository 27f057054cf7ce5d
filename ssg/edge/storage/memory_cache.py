"""Cached responses in memory, in front of those on disk."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable

from ssg.edge.policy import CacheEntry
from ssg.edge.storage.cache_listing import CacheEntryInfo


class MemoryCache:
    """A least-recently-used cache, bounded in bytes. Safe between threads."""

    def __init__(self, limit_bytes: int) -> None:
        self._limit_bytes = limit_bytes
        self._entries: OrderedDict[str, CacheEntry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, or None."""
        with self._lock:
            entry = self._entries.get(path)
            if entry is not None:
                self._entries.move_to_end(path)
            return entry

    def put(self, path: str, entry: CacheEntry) -> bool:
        """Keep an entry, and evict those not used for longest.

        404s are not kept, nor are variants of pictures, which are files. Returns whether it was
        kept.
        """
        with self._lock:
            self._drop(path)
            if entry.status == 404 or entry.headers.get("content-type", "").startswith("image/"):
                return False
            self._entries[path] = entry
            self._bytes += _size_bytes(path, entry)
            while self._bytes > self._limit_bytes:
                self._drop(next(iter(self._entries)))
            return path in self._entries

    def entry_infos(self, paths: Iterable[str] | None) -> dict[str, CacheEntryInfo]:
        """List the entries of these paths, or all, without their bodies."""
        with self._lock:
            held = self._entries
            names = held if paths is None else [path for path in paths if path in held]
            return {path: CacheEntryInfo.of(path, held[path]) for path in names}

    def delete(self, path: str) -> None:
        """Delete the entry of a path."""
        with self._lock:
            self._drop(path)

    def keep(self, is_valid: Callable[[str, CacheEntry], bool]) -> None:
        """Delete the entries that are not valid."""
        with self._lock:
            for path in [p for p, entry in self._entries.items() if not is_valid(p, entry)]:
                self._drop(path)

    def _drop(self, path: str) -> None:
        entry = self._entries.pop(path, None)
        if entry is not None:
            self._bytes -= _size_bytes(path, entry)


def _size_bytes(path: str, entry: CacheEntry) -> int:
    bodies = len(entry.body) + sum(map(len, entry.encoded.values()))
    return bodies + len(path) + 1024  # 1 KB for headers and objects
