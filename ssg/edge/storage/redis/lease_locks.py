"""Locks of paths with a lease: one server renders a page, and a dead one frees the others.

A lock ends by itself soon after its holder has stopped beating. The token says whose it is, so
that a holder whose lock has ended does not release that of the next one.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from ssg.edge.storage.redis import scripts
from ssg.edge.storage.redis.connection import RedisConnection
from ssg.edge.storage.redis.keys import NamespaceKeys
from ssg.edge.storage.redis.shared_purge_log import LOCK_MILLISECONDS, SharedPurgeLog

_FIRST_WAIT_SECONDS = 0.002
_MAX_WAIT_SECONDS = 0.05


class LeaseLocks:
    """The locks of one namespace. The beats of the log renew those that are held."""

    def __init__(
        self, connection: RedisConnection, keys: NamespaceKeys, log: SharedPurgeLog
    ) -> None:
        self._connection = connection
        self._keys = keys
        self._log = log
        self._release_script = connection.client.register_script(scripts.RELEASE)

    @contextlib.contextmanager
    def held(self, path: str, limit_seconds: float) -> Iterator[bool]:
        """Wait for the lock of a path, and hold it; yields whether it is held.

        After `limit_seconds`, or if Redis is away, the block runs without the lock.
        """
        key, token = self._keys.lock(path), secrets.token_hex(8)
        is_held = self._wait(key, token, limit_seconds)
        if is_held:
            self._log.locks[key] = token
        try:
            yield is_held
        finally:
            if is_held:
                self._log.locks.pop(key, None)
                self._connection.attempt(lambda _: self._release_script([key], [token]), 0)

    def _wait(self, key: bytes, token: str, limit_seconds: float) -> bool:
        log, wait_seconds = self._log, _FIRST_WAIT_SECONDS
        deadline = log.clock() + limit_seconds
        while (is_held := self._try(key, token)) is False:
            if log.clock() >= deadline:
                return False
            log.sleep(wait_seconds)
            wait_seconds = min(wait_seconds * 2, _MAX_WAIT_SECONDS)
        return bool(is_held)

    def _try(self, key: bytes, token: str) -> bool | None:
        """Try to lock; returns whether it is locked, and None if Redis does not answer."""
        return self._connection.attempt(
            lambda client: bool(client.set(key, token, nx=True, px=LOCK_MILLISECONDS)), None
        )
