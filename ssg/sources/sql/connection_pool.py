"""A pool of connections, at most so many at once.

A connection is opened when it is needed and no other is idle. It is opened by the thread that needs
it: so a database that is away is an error at once, with its reason, and no thread of the pool is
there before a server forks. Requests beyond the size wait for a connection, as long as they may.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from ssg.sources.sql.database import Limits, QueryError

POOL_SIZE = 8
"""The largest number of connections of a process to one database."""
MAX_IDLE_SECONDS = 60.0
"""Networks forget connections that are silent for some minutes, and do not say so."""
MAX_AGE_SECONDS = 3600.0
"""An older connection is replaced: servers move, and keep memory for each connection."""

_Connection = TypeVar("_Connection")


class Connector(Protocol[_Connection]):
    """Opens and closes the connections of a pool."""

    def open(self, limits: Limits) -> _Connection:
        """Open a connection. Raises QueryError."""
        ...

    def close(self, connection: _Connection) -> None:
        """Close a connection, broken ones as well."""
        ...

    def is_usable(self, connection: _Connection) -> bool:
        """Whether an idle connection can be used. It asks nothing of the database."""
        ...


@dataclass(frozen=True, slots=True)
class _Idle(Generic[_Connection]):
    connection: _Connection
    opened: float
    since: float


class ConnectionPool(Generic[_Connection]):
    """A pool. The connection that was used last is used first."""

    def __init__(self, connector: Connector[_Connection], size: int = POOL_SIZE) -> None:
        self._connector = connector
        self._size = size
        self._places = threading.BoundedSemaphore(size)
        self._idle: deque[_Idle[_Connection]] = deque()
        self._is_closed = False

    @contextmanager
    def connection(self, limits: Limits) -> Iterator[_Connection]:
        """A connection that nobody else uses. Raises QueryError."""
        if not self._places.acquire(timeout=limits.seconds_left):
            seconds = f"{limits.seconds:g} seconds"
            raise QueryError(f"all {self._size} connections were in use for {seconds}")
        try:
            connection, opened = self._take() or (self._connector.open(limits), time.monotonic())
            try:
                yield connection
            finally:
                self._give_back(connection, opened)
        finally:
            self._places.release()

    def clear(self) -> None:
        """Close all idle connections."""
        while one := self._pop(newest=False):
            self._connector.close(one.connection)

    def close(self) -> None:
        """Close all connections; those in use when they are given back."""
        self._is_closed = True
        self.clear()

    def _take(self) -> tuple[_Connection, float] | None:
        now = time.monotonic()
        while self._idle and self._idle[0].since < now - MAX_IDLE_SECONDS:
            self._drop(self._pop(newest=False))
        while one := self._pop(newest=True):
            if now - one.opened < MAX_AGE_SECONDS and self._connector.is_usable(one.connection):
                return one.connection, one.opened
            self._drop(one)
        return None

    def _give_back(self, connection: _Connection, opened: float) -> None:
        if self._is_closed or not self._connector.is_usable(connection):
            self._connector.close(connection)
        else:
            self._idle.append(_Idle(connection, opened, time.monotonic()))

    def _pop(self, *, newest: bool) -> _Idle[_Connection] | None:
        try:
            return self._idle.pop() if newest else self._idle.popleft()
        except IndexError:  # another thread was faster
            return None

    def _drop(self, one: _Idle[_Connection] | None) -> None:
        if one:
            self._connector.close(one.connection)
