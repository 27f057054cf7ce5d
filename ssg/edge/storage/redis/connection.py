"""The connection to Redis: short timeouts, and no attempts while it is away but the follower's.

What Redis does wrong fails no request. It is said once when Redis goes away, and once when it is
back; an error that does not end the connection is said once for each kind of error.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.exceptions import AuthenticationError, ResponseError
from redis.retry import Retry

from ssg.edge.storage.disk_cache import WarningLog
from ssg.edge.storage.redis.outage import LinkState
from ssg.model.errors import ConfigError, Problem

Client = Any
"""`redis.Redis`, whose methods return one type for `await` and for calls that wait."""
T = TypeVar("T")

_TIMEOUT_SECONDS = 0.8


class RedisConnection:
    """Runs operations on Redis. Safe between threads."""

    def __init__(
        self,
        client: Client,
        where: str,
        log: WarningLog,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.client = client
        self.where = where
        self._log = log
        self._clock = clock
        self.new_process()

    @classmethod
    def to(cls, url: str, log: WarningLog) -> RedisConnection:
        """The connection to the Redis of a URL. Nothing is sent before the first operation."""
        try:
            client = redis.Redis.from_url(
                url,
                socket_timeout=_TIMEOUT_SECONDS,
                socket_connect_timeout=_TIMEOUT_SECONDS,
                retry=Retry(NoBackoff(), 0),
                protocol=2,
            )
        except ValueError as error:
            hint = "Write it as redis://[[USER]:PASSWORD@]HOST[:PORT][/NUMBER]"
            raise ConfigError(Problem(f"{_place(url)}: {error}", hint=hint)) from error
        return cls(client, f"Redis at {_place(url)}", log)

    @property
    def is_away(self) -> bool:
        """Whether Redis has failed, and the follower has not reached it since."""
        return self._state.is_away

    def attempt(self, operation: Callable[[Client], T], fallback: T) -> T:
        """Run an operation, unless Redis is away."""
        state = self._state
        if state.is_away:
            return fallback
        try:
            return operation(self.client)
        except ResponseError as error:
            self._say_once(error)
        except Exception as error:  # a server that is not Redis fails in many ways
            self._failed(error, state.contacts)
        return fallback

    def contact(self, operation: Callable[[Client], T]) -> T | None:
        """Run an operation even if Redis is away; None if it fails, whatever the reason."""
        contacts = self._state.contacts
        try:
            result = operation(self.client)
        except Exception as error:  # as in `attempt`; without these operations nothing works
            self._failed(error, contacts)
            return None
        if self._state.is_away:
            self._answered()
        return result

    def new_process(self) -> None:
        """Begin anew in a copy of the process, whose locks may be held by threads it lacks."""
        self._state = LinkState()
        self._lock = threading.Lock()
        self._said: set[str] = set()

    def close(self) -> None:
        """Close all connections; the next operation opens one."""
        self.client.close()

    def _failed(self, error: Exception, began_at_contact: int) -> None:
        with self._lock:
            before, now = self._state, self._clock()
            self._state = before.failed(began_at_contact, now)
            is_news = self._state is not before
        if is_news:
            self.client.connection_pool.disconnect(inuse_connections=False)
            reason = "it refuses the user or password" if _is_refusal(error) else _text(error)
            self._log(
                f"{self.where} is away ({reason}): "
                "this server renders pages alone, and stores none, until it is back"
            )

    def _answered(self) -> None:
        with self._lock:
            before, now = self._state, self._clock()
            self._state = before.answered()
        if before.away_since is not None:
            self._log(f"{self.where} is back after {now - before.away_since:.1f} s")

    def _say_once(self, error: Exception) -> None:
        kind = _text(error).partition(" ")[0]
        if kind not in self._said:
            self._said.add(kind)
            self._log(f"{self.where} refuses an operation ({_text(error)}): pages are served")


def _is_refusal(error: Exception) -> bool:
    return isinstance(error, AuthenticationError)


def _text(error: Exception) -> str:
    return str(error) or type(error).__name__


def _place(url: str) -> str:
    """The machine or the socket of a URL, without user and password."""
    parts = urlsplit(url)
    named = parts.path if parts.scheme == "unix" else parts.netloc.rpartition("@")[2]
    return named or "localhost"
