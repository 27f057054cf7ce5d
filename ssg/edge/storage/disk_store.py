"""The cache folder: cached responses on disk and in memory, in namespaces.

Theory of operation. A build id names a namespace, so a new build starts with an empty cache, and
an old build that is deployed again finds its own responses (rule 9). Builds that keep the cache
share one namespace instead. Only the namespaces opened last are kept. A namespace has two disk
caches, because a crawler that follows dead links must not evict pages: one holds 2xx and redirects,
the other holds 404s. Both evict the entry stored longest ago when they are full. A memory cache is
in front of them; 404s are not kept in it.

Several processes may use one folder. A lock for each path lets one of them render it
(`process_lock`). A log of purges says which responses are valid, in memory and on disk
(`purge_log`); a purge also deletes those that it finds.

    <directory>/variants                       variants of pictures, which no build owns
    <directory>/locks                          locks of paths that are being rendered
    <directory>/<format>-<hash>/purges         what was purged
                               /tags           the tag table of the build deployed last
                               /pages/cache.db     2xx and redirects
                               /missing/cache.db   404s

The format is in the name of the folder: responses in another format are not read.
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

from ssg.edge.policy import CacheEntry
from ssg.edge.purge_index import LogPosition, TagChanges
from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.edge.storage.disk_cache import DiskCache, WarningLog
from ssg.edge.storage.memory_cache import MemoryCache
from ssg.edge.storage.process_lock import ProcessLocks
from ssg.edge.storage.purge_log import PurgeLog
from ssg.edge.storage.tag_table_file import TagTableFile

_FORMAT = 3
"""A change of what entries or labels contain gets another number."""

VARIANTS_FOLDER = "variants"
"""In a cache folder: variants of pictures."""

AcquireLock = Callable[[str, float], AbstractContextManager[bool]]


class DiskNamespace:
    """The responses of one build, or of builds that share them: a `CacheNamespace` in a folder."""

    is_remote = False

    def __init__(
        self,
        pages: DiskCache,
        missing: DiskCache,
        memory: MemoryCache,
        purges: PurgeLog,
        tables: TagTableFile,
        acquire_lock: AcquireLock,
    ) -> None:
        self._pages = pages
        self._missing = missing
        self._memory = memory
        self._purges = purges
        self._tables = tables
        self._acquire_lock = acquire_lock

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, fresh or expired, from memory or else from disk."""
        self._purges.refresh()
        entry = self._memory.get(path)
        if entry is not None and self._counts(path, entry):
            return entry
        return self.reload(path)

    def reload(self, path: str) -> CacheEntry | None:
        """Return the entry of a path from disk, where other processes store theirs."""
        entry = self._pages.get(path) or self._missing.get(path)
        self._purges.refresh()  # the entry may be newer than what was read of the log
        if entry is None or not self._counts(path, entry):
            self._memory.delete(path)
            return None
        self._memory.put(path, entry)
        return entry

    def position(self, build_id: str = "") -> LogPosition | None:
        """The position of the purge log as of which content of a build is read now."""
        return self._purges.position(build_id)

    def is_valid(self, path: str, entry: CacheEntry) -> bool:
        """Whether nothing that was purged by now concerns an entry."""
        self._purges.refresh()
        return self._counts(path, entry)

    def lock(self, path: str, limit_seconds: float) -> AbstractContextManager[bool]:
        """Be the only process that renders a path; wait at most this long for another one."""
        return self._acquire_lock(path, limit_seconds)

    def count_render(self) -> None:
        """Count nothing: the servers of one machine have logs."""

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
        """List the valid entries of these paths, or all pages, without 404s and bodies.

        A page that was just rendered is in memory before it is on disk.
        """
        self._purges.refresh()
        wanted = None if paths is None else list(paths)
        newest = self._memory.entry_infos(wanted)
        on_disk = (each for each in self._pages.entry_infos(wanted) if each.path not in newest)
        yield from (each for each in (*newest.values(), *on_disk) if self._counts(each.path, each))

    def disk_bytes(self) -> tuple[int, int]:
        """Return the size of the cache on disk, 404s included, and its limit."""
        caches = self._pages, self._missing
        used = sum(cache.disk_bytes() for cache in caches)
        return used, sum(cache.size_limit_bytes for cache in caches)

    def paths(self) -> list[str]:
        """Return the paths of all entries on disk, 404s included."""
        return [*self._pages.paths(), *self._missing.paths()]

    def purge(self, paths: Iterable[str]) -> int:
        """Forget the entries of the pages at these paths; returns the number of them."""
        self._purges.purge_paths(paths)
        return self.delete_invalid()

    def purge_tags(self, tags: Iterable[str]) -> int:
        """Forget the entries with one of these tags; returns the number of them."""
        self._purges.purge_tags(tags)
        return self.delete_invalid()

    def clear(self) -> int:
        """Forget every entry; returns the number of them."""
        self._purges.purge_everything()
        return self.delete_invalid()

    def deploy(self, build_id: str, changes: TagChanges | None) -> None:
        """Forget the entries that a build changes. From now on, other builds are outdated."""
        self._purges.deploy(build_id, changes)

    def deployed_build(self) -> str:
        """The name of the build that was deployed last; empty if none is known."""
        return self._purges.deployed_build()

    def tag_table(self, build_id: str) -> bytes | None:
        """The tag table of a build, if it is that of `put_tag_table`."""
        return self._tables.read(build_id)

    def put_tag_table(self, build_id: str, table: bytes) -> None:
        """Keep the tag table of the build deployed last, and no other one."""
        self._tables.write(build_id, table)

    def delete_invalid(self) -> int:
        """Delete the entries that were purged; returns the number of those on disk."""
        self._purges.refresh()
        self._memory.keep(self._counts)
        deleted = 0
        for cache in (self._pages, self._missing):
            infos = cache.entry_infos()
            paths = [each.path for each in infos if not self._counts(each.path, each)]
            cache.delete(*paths)
            deleted += len(paths)
        return deleted

    def close(self) -> None:
        """Close the connections of this thread."""
        self._pages.close()
        self._missing.close()
        self._purges.close()

    def _counts(self, path: str, stored: CacheEntry | CacheEntryInfo) -> bool:
        return self._purges.is_valid(path, stored.read_at, stored.caching.tags)

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


class DiskStore:
    """The cache folder: opens the namespace of a build, and removes old builds."""

    def __init__(self, directory: Path, log: WarningLog, sizes: CacheSizes = DEFAULT_SIZES) -> None:
        self._directory = directory
        self._log = log
        self._sizes = sizes
        self._locks = ProcessLocks(directory / "locks")

    def open(self, name: str) -> DiskNamespace:
        """Open the namespace of a build or of a cache id, with the entries that it had."""
        directory = self._path(name)
        namespace = self._open(directory)
        if directory.is_dir():
            os.utime(directory)  # `prune` goes by the time of last use
        return namespace

    def namespaces(self) -> Iterator[DiskNamespace]:
        """Open every namespace in the folder."""
        for pages in sorted(self._directory.glob(f"{_FORMAT}-*/pages")):
            yield self._open(pages.parent)

    def _open(self, directory: Path) -> DiskNamespace:
        sizes = self._sizes
        return DiskNamespace(
            DiskCache(directory / "pages", sizes.pages, self._log),
            DiskCache(directory / "missing", sizes.missing, self._log),
            MemoryCache(sizes.memory),
            PurgeLog(directory / "purges", self._log),
            TagTableFile(directory / "tags"),
            lambda path, seconds: self._locks.held(f"{directory.name} {path}", seconds),
        )

    def prune(self, keep: int = 3) -> None:
        """Remove all namespaces but those opened last, which a rollback may need (rule 9)."""
        if not self._directory.is_dir():
            return
        folders = (path for path in self._directory.iterdir() if path.name != VARIANTS_FOLDER)
        builds = [path for path in folders if path.is_dir()]
        builds.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for path in builds[keep:]:
            shutil.rmtree(path, ignore_errors=True)

    def _path(self, name: str) -> Path:
        return self._directory / namespace_id(name)


def namespace_id(name: str) -> str:
    """The id of a namespace, whose name may contain any character; also names the format."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return f"{_FORMAT}-{digest[:32]}"
