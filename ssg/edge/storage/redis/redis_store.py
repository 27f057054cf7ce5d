"""The namespaces of one Redis: a `CacheStore`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

from ssg.edge.storage.disk_cache import WarningLog
from ssg.edge.storage.disk_store import namespace_id
from ssg.edge.storage.memory_cache import MemoryCache
from ssg.edge.storage.redis.connection import RedisConnection
from ssg.edge.storage.redis.entries import scan, unlink
from ssg.edge.storage.redis.follower import TOUCH_SECONDS
from ssg.edge.storage.redis.keys import NAMES, NamespaceKeys
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.storage.redis.redis_namespace import RedisNamespace
from ssg.edge.storage.redis.shared_purge_log import SharedPurgeLog

_UNUSED_SECONDS = 6 * TOUCH_SECONDS
"""A namespace that was used since may be that of another server."""


class RedisStore:
    """Opens the namespace of a build, and removes old builds."""

    def __init__(
        self,
        connection: RedisConnection,
        memory_bytes: int,
        times: LeaseTimes = LeaseTimes(),  # noqa: B008 - a frozen value
        now: Callable[[], float] = time.time,
    ) -> None:
        self._connection = connection
        self._memory_bytes = memory_bytes
        self._times = times
        self._now = now

    @classmethod
    def at(cls, url: str, log: WarningLog, memory_bytes: int) -> RedisStore:
        """The store at a URL. Raises `ConfigError`; a Redis that is away is no error."""
        return cls(RedisConnection.to(url, log), memory_bytes)

    def open(self, name: str) -> RedisNamespace:
        """Open the namespace of a build or of a cache id. Nothing is sent before it is used."""
        return self._open(namespace_id(name))

    def namespaces(self) -> Iterator[RedisNamespace]:
        """Open every namespace."""
        for name, _ in self._by_last_use():
            yield self._open(name)

    def prune(self, keep: int = 3) -> None:
        """Remove all namespaces but those used last, on another thread."""
        threading.Thread(target=self.prune_now, args=(keep,), daemon=True).start()

    def prune_now(self, keep: int) -> None:
        """Remove all namespaces but those used last; none that another server may use."""
        unused_since = self._now() - _UNUSED_SECONDS
        for name, used_at in self._by_last_use()[keep:]:
            if used_at < unused_since:
                self._remove(name)

    def _open(self, namespace: str) -> RedisNamespace:
        keys = NamespaceKeys(namespace)
        log = SharedPurgeLog(self._connection, keys, self._times)
        memory = MemoryCache(self._memory_bytes)
        return RedisNamespace(self._connection, keys, memory, log, self._times, self._now)

    def _by_last_use(self) -> list[tuple[str, float]]:
        found: list[tuple[bytes, float]] = self._connection.attempt(
            lambda client: list(client.zrevrange(NAMES, 0, -1, withscores=True)), []
        )
        return [(name.decode("utf-8", "replace"), float(used_at)) for name, used_at in found]

    def _remove(self, namespace: str) -> None:
        for keys in scan(self._connection, NamespaceKeys(namespace).everything.encode()):
            unlink(self._connection, keys)
        self._connection.attempt(lambda client: client.zrem(NAMES, namespace), 0)
