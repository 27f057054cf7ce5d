"""Entries in Redis: for each path a hash with the entry and its label.

Values are not trusted: bytes that `dump_entry` has not written are deleted. Entries have an expiry,
so that Redis may evict them (`maxmemory-policy volatile-lru`) and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice

from ssg.edge.policy import CacheEntry
from ssg.edge.storage.cache_listing import CacheEntryInfo, dump_label, read_label
from ssg.edge.storage.disk_cache import ForeignRowError, dump_entry, load_entry
from ssg.edge.storage.redis import scripts
from ssg.edge.storage.redis.connection import Client, RedisConnection
from ssg.edge.storage.redis.keys import NamespaceKeys

PAGE_SECONDS = 30 * 24 * 3600
MISSING_SECONDS = 120
"""404s are fresh for a minute. They expire soon, so that dead links do not fill Redis."""
_STEP = 500


class RedisEntries:
    """The entries of one namespace. What cannot be read or written is not there."""

    def __init__(self, connection: RedisConnection, keys: NamespaceKeys) -> None:
        self._connection = connection
        self._keys = keys
        register = connection.client.register_script
        self._find_script, self._put_script = register(scripts.FIND), register(scripts.PUT)

    def get(self, path: str) -> CacheEntry | None:
        """The entry of a path: a page, or else a 404."""
        keys = self._both(path)
        data = self._connection.attempt(lambda _: self._find_script(keys), None)
        try:
            return None if data is None else load_entry(data)
        except (ForeignRowError, RecursionError):
            self.delete([path])
            return None

    def put(self, path: str, entry: CacheEntry) -> bool:
        """Store an entry; returns whether it is stored."""
        page, missing = self._both(path)
        is_missing = entry.status == 404
        keys = (missing, page) if is_missing else (page, missing)
        seconds = MISSING_SECONDS if is_missing else PAGE_SECONDS
        values = [dump_entry(entry), dump_label(entry), seconds]
        return self._connection.attempt(lambda _: bool(self._put_script(keys, values)), False)

    def delete(self, paths: Iterable[str]) -> None:
        """Delete the entries of paths."""
        for some in _in_steps(key for path in paths for key in self._both(path)):
            unlink(self._connection, some)

    def infos(self, paths: Iterable[str] | None, *, missing: bool) -> Iterator[CacheEntryInfo]:
        """List the pages or the 404s of these paths, or all, without bodies.

        Redis is asked in steps between which it answers others: a list of all is never one moment.
        """
        for keys in self._keys_of(paths, missing=missing):
            labels: list[object] = self._connection.attempt(partial(_labels, keys), [])
            for key, label in zip(keys, labels, strict=False):
                path = self._keys.path_of(key, missing=missing)
                if path is not None and isinstance(label, bytes):
                    info = read_label(path, label.decode("utf-8", "replace"))
                    yield from [info] if info is not None else []

    def count(self) -> int:
        """The number of pages, 404s excluded."""
        return len({key for keys in self._keys_of(None, missing=False) for key in keys})

    def paths(self) -> list[str]:
        """The paths of all entries."""
        paths = {
            self._keys.path_of(key, missing=missing)
            for missing in (False, True)
            for keys in self._keys_of(None, missing=missing)
            for key in keys
        }
        return sorted(path for path in paths if path is not None)

    def _both(self, path: str) -> tuple[bytes, bytes]:
        page, missing = (self._keys.entry(path, missing=flag) for flag in (False, True))
        return page, missing

    def _keys_of(self, paths: Iterable[str] | None, *, missing: bool) -> Iterator[list[bytes]]:
        if paths is not None:
            return _in_steps(self._keys.entry(path, missing=missing) for path in paths)
        return scan(self._connection, self._keys.entry("*", missing=missing))


def scan(connection: RedisConnection, pattern: bytes) -> Iterator[list[bytes]]:
    """The keys that match a pattern, in steps; ends early if Redis goes away."""
    cursor, keys = 0, list[bytes]()
    while True:
        cursor, keys = connection.attempt(partial(_scan_step, cursor, pattern), (0, keys[:0]))
        yield keys
        if cursor == 0:
            return


def unlink(connection: RedisConnection, keys: Sequence[bytes]) -> None:
    """Delete keys; Redis frees their memory in the background."""
    if keys:
        connection.attempt(lambda client: client.unlink(*keys), 0)


def _scan_step(cursor: int, pattern: bytes, client: Client) -> tuple[int, list[bytes]]:
    following, found = client.scan(cursor, match=pattern, count=_STEP)
    return int(following), list(found)


def _labels(keys: Sequence[bytes], client: Client) -> list[object]:
    pipeline = client.pipeline(transaction=False)
    for key in keys:
        pipeline.hget(key, "label")
    return list(pipeline.execute(raise_on_error=False)) if keys else []


def _in_steps(keys: Iterable[bytes]) -> Iterator[list[bytes]]:
    remaining = iter(keys)
    while some := list(islice(remaining, _STEP)):
        yield some
