"""Servers that share a Redis, for tests: in this process, with short leases."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field, replace

from ssg.edge.policy import CacheEntry, etag_of
from ssg.edge.storage.redis.connection import RedisConnection
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.edge.storage.redis.redis_namespace import RedisNamespace
from ssg.edge.storage.redis.redis_store import RedisStore
from ssg.runtime.caching import Caching

QUICK = LeaseTimes(lease=0.6, margin=0.1, beat=0.1, retry=0.1)
MEMORY_BYTES = 1_000_000


@dataclass
class Server:
    """One server: what it has opened, and what it has logged."""

    url: str
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    memory_bytes: int = MEMORY_BYTES
    times: LeaseTimes = QUICK
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        connection = RedisConnection.to(self.url, self.said.append)
        self.store = RedisStore(connection, self.memory_bytes, self.times)
        self.pages: RedisNamespace = self.store.open(self.name)
        self.client = connection.client

    def another(self, url: str = "", name: str = "") -> Server:
        """A server beside this one."""
        return Server(url or self.url, name or self.name, self.memory_bytes, self.times)

    def put(self, path: str = "/a/", body: bytes = b"body", **changes: object) -> None:
        """Store an entry whose content is read now."""
        assert self.pages.reload("/of-no-page/") is None  # gets a lease
        read_at = self.pages.position()
        assert read_at is not None
        self.pages.put(path, replace(entry(body, **changes), read_at=read_at), None)

    def body(self, path: str = "/a/") -> bytes | None:
        """What is stored at a path, as a flight finds it."""
        found = self.pages.reload(path)
        return None if found is None else found.body

    def memory(self, path: str = "/a/") -> bytes | None:
        """What is served at once."""
        found = self.pages.get(path)
        return None if found is None else found.body

    def close(self) -> None:
        """Close it as at the end of a process."""
        self.pages.close()


def entry(
    body: bytes = b"body", status: int = 200, tags: tuple[str, ...] = ("site",)
) -> CacheEntry:
    """An entry that was read nowhere."""
    caching = Caching(60, 9, tags)
    return CacheEntry(status, {"content-type": "text/html"}, body, 12.5, caching, etag_of(body))


def settle(*servers: Server) -> None:
    """Wait until purges need not wait for leases of an earlier Redis."""
    for server in servers:
        assert server.pages.reload("/of-no-page/") is None
    time.sleep(QUICK.end_of_all + 3 * QUICK.beat)
