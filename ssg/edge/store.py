"""The cache folder: cached responses on disk and in memory, a namespace for each build.

Theory of operation. A build id names a namespace, so a new build starts with an empty cache, and
an old build that is deployed again finds its own responses (rule 9). Only the builds opened last
are kept. A namespace has two disk caches, because a crawler that follows dead links must not
evict pages: one holds 2xx and redirects, the other holds 404s. Both evict the entry stored
longest ago when they are full. A memory cache is in front of them; 404s are not kept in it.

Several processes may use one folder. A lock for each path lets one of them render it
(`process_lock`), and the modification time of `purged` tells the others to drop their memory.

    <directory>/locks                                     locks of paths that are being rendered
    <directory>/<hash of the build id>/purged             modified when a path was last purged
                                      /pages/cache.db     2xx and redirects
                                      /missing/cache.db   404s
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ssg.edge.cache_listing import CacheEntryInfo
from ssg.edge.disk_cache import DiskCache, WarningLog
from ssg.edge.memory_cache import MemoryCache
from ssg.edge.policy import CacheEntry
from ssg.edge.process_lock import ProcessLocks, PurgeMarker

AcquireLock = Callable[[str, float], AbstractContextManager[bool]]


class CacheNamespace:
    """The cached responses of one build."""

    def __init__(
        self,
        pages: DiskCache,
        missing: DiskCache,
        memory: MemoryCache,
        purge_marker: PurgeMarker,
        acquire_lock: AcquireLock,
    ) -> None:
        self._pages = pages
        self._missing = missing
        self._memory = memory
        self._purge_marker = purge_marker
        self._acquire_lock = acquire_lock

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, fresh or expired, from memory or else from disk."""
        if self._purge_marker.has_changed():
            self._memory.clear()
        return self._memory.get(path) or self.reload(path)

    def reload(self, path: str) -> CacheEntry | None:
        """Return the entry of a path from disk, where other processes store theirs."""
        entry = self._pages.get(path) or self._missing.get(path)
        if entry is not None:
            self._memory.put(path, entry)
        return entry

    def lock(self, path: str, limit_seconds: float) -> AbstractContextManager[bool]:
        """Be the only process that renders a path; wait at most this long for another one."""
        return self._acquire_lock(path, limit_seconds)

    def put_in_memory(self, path: str, entry: CacheEntry) -> bool:
        """Keep an entry in memory; returns whether it was kept."""
        return self._memory.put(path, entry)

    def put(self, path: str, entry: CacheEntry, previous: CacheEntry | None) -> None:
        """Replace `previous`, which may be in the other disk cache, by an entry."""
        self._memory.put(path, entry)
        home, other = self._home_and_other(entry)
        home.put(path, entry)
        if previous is not None and self._home_and_other(previous)[0] is other:
            other.delete(path)

    def page_count(self) -> int:
        """Return the number of stored pages; 404s are not counted."""
        return len(self._pages)

    def entry_infos(self, paths: Iterable[str] | None = None) -> Iterator[CacheEntryInfo]:
        """List the entries of these paths, or all pages of the build, without 404s and bodies.

        A page that was just rendered is in memory before it is on disk.
        """
        if self._purge_marker.has_changed():
            self._memory.clear()
        wanted = None if paths is None else list(paths)
        newest = self._memory.entry_infos(wanted)
        yield from newest.values()
        yield from (each for each in self._pages.entry_infos(wanted) if each.path not in newest)

    def disk_bytes(self) -> tuple[int, int]:
        """Return the size of the build's cache on disk, 404s included, and its limit."""
        caches = self._pages, self._missing
        used = sum(cache.disk_bytes() for cache in caches)
        return used, sum(cache.size_limit_bytes for cache in caches)

    def paths(self) -> list[str]:
        """Return the paths of all entries on disk, 404s included."""
        return [*self._pages.paths(), *self._missing.paths()]

    def purge(self, path: str) -> None:
        """Delete the entry of a path."""
        self._pages.delete(path)
        self._missing.delete(path)
        self._memory.delete(path)
        self._purge_marker.touch()

    def clear(self) -> None:
        """Delete every entry."""
        self._pages.clear()
        self._missing.clear()
        self._memory.clear()
        self._purge_marker.touch()

    def close(self) -> None:
        """Close the connections of this thread."""
        self._pages.close()
        self._missing.close()

    def _home_and_other(self, entry: CacheEntry) -> tuple[DiskCache, DiskCache]:
        is_missing = entry.status == 404
        return (self._missing, self._pages) if is_missing else (self._pages, self._missing)


@dataclass(frozen=True, slots=True)
class CacheSizes:
    """Size limits of one namespace, in bytes."""

    pages: int = 512 * 1024 * 1024
    missing: int = 16 * 1024 * 1024
    memory: int = 32 * 1024 * 1024


DEFAULT_SIZES: Final = CacheSizes()


class CacheStore:
    """The cache folder: opens the namespace of a build, and removes old builds."""

    def __init__(self, directory: Path, log: WarningLog, sizes: CacheSizes = DEFAULT_SIZES) -> None:
        self._directory = directory
        self._log = log
        self._sizes = sizes
        self._locks = ProcessLocks(directory / "locks")

    def open(self, build_id: str) -> CacheNamespace:
        """Open the namespace of a build, with the entries that it had when it was last served."""
        directory = self._path(build_id)
        namespace = self._open(directory)
        if directory.is_dir():
            os.utime(directory)  # `prune` goes by the time of last use
        return namespace

    def namespaces(self) -> Iterator[CacheNamespace]:
        """Open the namespace of every build in the folder."""
        for pages in sorted(self._directory.glob("*/pages")):
            yield self._open(pages.parent)

    def _open(self, directory: Path) -> CacheNamespace:
        sizes = self._sizes
        return CacheNamespace(
            DiskCache(directory / "pages", sizes.pages, self._log),
            DiskCache(directory / "missing", sizes.missing, self._log),
            MemoryCache(sizes.memory),
            PurgeMarker(directory / "purged"),
            lambda path, seconds: self._locks.held(f"{directory.name} {path}", seconds),
        )

    def prune(self, keep: int = 3) -> None:
        """Remove all builds but those opened last, which a rollback may need (rule 9)."""
        if not self._directory.is_dir():
            return
        builds = [path for path in self._directory.iterdir() if path.is_dir()]
        builds.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in builds[keep:]:
            shutil.rmtree(path, ignore_errors=True)

    def _path(self, build_id: str) -> Path:
        """Return the folder of a build id, which may contain any character."""
        return self._directory / hashlib.sha256(build_id.encode()).hexdigest()[:32]
