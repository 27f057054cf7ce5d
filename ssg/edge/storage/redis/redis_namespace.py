"""The cached responses of one build in Redis, and in memory: a `CacheNamespace`.

What is in memory is served while the lease holds (`shared_purge_log`); everything else waits for
Redis, in the thread of a render.
"""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager

from ssg.edge.policy import CacheEntry
from ssg.edge.purge_index import (
    EVERYTHING_LINE,
    LogPosition,
    TagChanges,
    path_line,
    tag_line,
)
from ssg.edge.storage.cache_listing import CacheEntryInfo
from ssg.edge.storage.memory_cache import MemoryCache
from ssg.edge.storage.redis.connection import Client, RedisConnection
from ssg.edge.storage.redis.entries import RedisEntries
from ssg.edge.storage.redis.follower import Follower
from ssg.edge.storage.redis.keys import NamespaceKeys
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.storage.redis.lease_locks import LeaseLocks
from ssg.edge.storage.redis.shared_purge_log import SharedPurgeLog

COUNT_SECONDS = 10.0
"""The number of pages may be so old."""


class RedisNamespace:
    """One namespace of a Redis."""

    is_remote = True

    def __init__(
        self,
        connection: RedisConnection,
        keys: NamespaceKeys,
        memory: MemoryCache,
        log: SharedPurgeLog,
        times: LeaseTimes,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._memory = memory
        self._log = log
        self._entries = RedisEntries(connection, keys)
        self._locks = LeaseLocks(connection, keys, log)
        self._follower = Follower(connection, keys, log, times, now)
        self._counted: tuple[float, int] | None = None
        weakref.finalize(self, self._follower.stop)

    def get(self, path: str) -> CacheEntry | None:
        """Return the entry of a path, fresh or expired, from memory; never waits."""
        log = self._log
        if not log.has_lease():
            self._follower.ensure()
            return None
        entry = self._memory.get(path)
        if entry is None or not log.index.is_valid(path, entry.read_at, entry.caching.tags):
            return None
        log.counts["hits"] += 1
        return entry

    def reload(self, path: str) -> CacheEntry | None:
        """Return the entry of a path from Redis, where other servers store theirs."""
        if not self._is_ready():
            return None
        entry = self._entries.get(path)
        if entry is not None and self._log.is_behind(entry.read_at):
            self._log.beat()
        if entry is None and self._connection.is_away:
            return self.get(path)
        if entry is None or not self._counts(path, entry):
            self._memory.delete(path)
            return None
        self._memory.put(path, entry)
        return entry

    def position(self, build_id: str = "") -> LogPosition | None:
        """The position of the log as of which content is read now; None without a lease."""
        return self._log.position(build_id)

    def is_valid(self, path: str, entry: CacheEntry) -> bool:
        """Whether no purge that has returned by now concerns an entry."""
        return self._is_ready() and self._counts(path, entry)

    def lock(self, path: str, limit_seconds: float) -> AbstractContextManager[bool]:
        """Be the only server that renders a path; waits at most this long for another one."""
        self._follower.ensure()  # it renews the lock
        return self._locks.held(path, limit_seconds)

    def count_render(self) -> None:
        """Count a render."""
        self._log.count("renders")

    def put_in_memory(self, path: str, entry: CacheEntry) -> bool:
        """Keep an entry in memory; returns whether it was kept."""
        return self._memory.put(path, entry)

    def put(self, path: str, entry: CacheEntry, previous: CacheEntry | None) -> None:  # noqa: ARG002 - of the protocol: both places are known
        """Store an entry."""
        self._memory.put(path, entry)
        if self._entries.put(path, entry):
            self._log.count("stores")

    def page_count(self) -> int:
        """Return the number of stored pages, of the last seconds; purged ones count, too."""
        now = self._log.clock()
        if self._counted is None or now - self._counted[0] > COUNT_SECONDS:
            self._counted = now, self._entries.count()
        return self._counted[1]

    def entry_infos(self, paths: Iterable[str] | None = None) -> Iterator[CacheEntryInfo]:
        """List the valid entries of these paths, or all pages, without 404s and bodies."""
        if not self._is_ready():
            return
        wanted = None if paths is None else list(paths)
        newest = self._memory.entry_infos(wanted)
        for info in newest.values():
            if self._counts(info.path, info):
                yield info
        for info in self._entries.infos(wanted, missing=False):
            if info.path not in newest and self._counts(info.path, info):
                yield info

    def disk_bytes(self) -> tuple[int, int]:
        """Return the memory that Redis uses, for everything in it, and its limit; 0: none."""
        return self._connection.attempt(_memory_of, (0, 0))

    def paths(self) -> list[str]:
        """Return the paths of all entries, 404s included."""
        return self._entries.paths()

    def purge(self, paths: Iterable[str]) -> int:
        """Forget the entries of the pages at these paths, on all servers."""
        return self._purge(map(path_line, paths))

    def purge_tags(self, tags: Iterable[str]) -> int:
        """Forget the entries with one of these tags, on all servers."""
        return self._purge(map(tag_line, tags))

    def clear(self) -> int:
        """Forget every entry, on all servers."""
        return self._purge([EVERYTHING_LINE])

    def deploy(self, build_id: str, changes: TagChanges | None) -> None:
        """Forget the entries that a build changes, at the latest when Redis is back."""
        self._log.deploy(build_id, changes)

    def deployed_build(self) -> str:
        """The name of the build that was deployed last; empty if none is known."""
        return self._log.deployed_build()

    def tag_table(self, build_id: str) -> bytes | None:
        """The tag table of a build, if it is that of `put_tag_table`."""
        key = self._keys.table
        table = self._connection.attempt(lambda client: client.hget(key, build_id), None)
        return table if isinstance(table, bytes) else None

    def put_tag_table(self, build_id: str, table: bytes) -> None:
        """Keep the tag table of the build deployed last, and no other one."""

        def put(client: Client) -> None:
            pipeline = client.pipeline(transaction=True)
            pipeline.delete(self._keys.table)
            pipeline.hset(self._keys.table, build_id, table)
            pipeline.execute()

        self._connection.attempt(put, None)

    def counters(self) -> dict[str, int]:
        """What all servers have done with this namespace, a second ago."""
        found: dict[bytes, bytes] = self._connection.attempt(
            lambda client: dict(client.hgetall(self._keys.counters)), {}
        )
        return {name.decode(): int(count) for name, count in found.items()}

    def delete_invalid(self) -> int:
        """Delete the entries that were purged; returns the number of those in Redis."""
        if not self._is_ready():
            return 0
        self._memory.keep(self._counts)
        deleted = 0
        for missing in (False, True):
            infos = self._entries.infos(None, missing=missing)
            paths = [each.path for each in infos if not self._counts(each.path, each)]
            if self._log.has_lease():  # without it, nothing counts
                self._entries.delete(paths)
                deleted += len(paths)
        return deleted

    def close(self) -> None:
        """End the thread, and give up the lease."""
        self._follower.stop()

    def _purge(self, lines: Iterable[bytes]) -> int:
        self._log.purge(lines)
        self._log.count("purges")
        before = len(self._memory.entry_infos(None))
        self._memory.keep(self._counts)
        return before - len(self._memory.entry_infos(None))

    def _is_ready(self) -> bool:
        self._follower.ensure()
        return self._log.ensure_lease()

    def _counts(self, path: str, stored: CacheEntry | CacheEntryInfo) -> bool:
        return self._log.is_valid(path, stored.read_at, stored.caching.tags)


def _memory_of(client: Client) -> tuple[int, int]:
    found = client.info("memory")
    return int(found.get("used_memory", 0)), int(found.get("maxmemory", 0))
