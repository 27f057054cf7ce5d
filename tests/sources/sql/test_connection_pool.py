"""A pool: no more connections than its size, the last one first, broken ones never."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from ssg.sources.sql import connection_pool
from ssg.sources.sql.connection_pool import ConnectionPool
from ssg.sources.sql.database import Limits, QueryError


class Connections:
    """Opens numbers as connections."""

    def __init__(self) -> None:
        self.opened = 0
        self.closed: list[int] = []
        self.broken: set[int] = set()
        self.refuses = False
        self._lock = threading.Lock()

    def open(self, limits: Limits) -> int:  # noqa: ARG002 as a Connector
        if self.refuses:
            raise QueryError("cannot connect: refused")
        with self._lock:
            self.opened += 1
            return self.opened

    def close(self, connection: int) -> None:
        self.closed.append(connection)

    def is_usable(self, connection: int) -> bool:
        return connection not in self.broken


def _limits(seconds: float = 5) -> Limits:
    return Limits.starting_now(seconds, 1000)


@pytest.fixture
def connections() -> Connections:
    return Connections()


def test_a_connection_is_used_again(connections: Connections) -> None:
    pool = ConnectionPool(connections, 3)
    for _ in range(5):
        with pool.connection(_limits()) as one:
            assert one == 1
    with pool.connection(_limits()) as one, pool.connection(_limits()) as two:
        assert (one, two) == (1, 2)
    with pool.connection(_limits()) as one:
        assert one == 1  # the last that was given back
    assert connections.closed == []


def test_many_threads_share_few_connections(connections: Connections) -> None:
    pool = ConnectionPool(connections, 3)
    used: set[int] = set()
    lock = threading.Lock()

    def work(_: int) -> None:
        with pool.connection(_limits()) as one:
            with lock:
                assert one not in used
                used.add(one)
            time.sleep(0.001)
            with lock:
                used.remove(one)

    with ThreadPoolExecutor(16) as threads:
        list(threads.map(work, range(200)))
    assert connections.opened <= 3


def test_a_request_that_finds_no_connection_waits_as_long_as_it_may(
    connections: Connections,
) -> None:
    pool = ConnectionPool(connections, 1)
    started = time.monotonic()
    with (
        pool.connection(_limits()),
        pytest.raises(QueryError) as caught,
        pool.connection(_limits(0.2)),
    ):
        pass
    assert str(caught.value) == "all 1 connections were in use for 0.2 seconds"
    assert 0.15 < time.monotonic() - started < 2
    with pool.connection(_limits(0.2)) as one:
        assert one == 1


def test_a_connection_that_broke_is_replaced(connections: Connections) -> None:
    pool = ConnectionPool(connections, 2)
    with pool.connection(_limits()):
        pass
    connections.broken.add(1)  # while it was idle
    with pytest.raises(ZeroDivisionError), pool.connection(_limits()) as one:
        assert one == 2
        connections.broken.add(2)  # while it was used
        raise ZeroDivisionError
    assert connections.closed == [1, 2]
    with pool.connection(_limits()) as one:
        assert one == 3


def test_a_refused_connection_takes_no_place(connections: Connections) -> None:
    pool = ConnectionPool(connections, 1)
    connections.refuses = True
    for _ in range(3):
        with pytest.raises(QueryError, match="refused"), pool.connection(_limits()):
            pass
    connections.refuses = False
    with pool.connection(_limits(0.1)) as one:
        assert one == 1


@pytest.mark.parametrize("limit", ["MAX_IDLE_SECONDS", "MAX_AGE_SECONDS"])
def test_an_old_connection_is_closed(
    connections: Connections, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    pool = ConnectionPool(connections, 2)
    with pool.connection(_limits()), pool.connection(_limits()):
        pass
    monkeypatch.setattr(connection_pool, limit, 0.0)
    time.sleep(0.01)
    with pool.connection(_limits()) as one:
        assert one == 3
    assert sorted(connections.closed) == [1, 2]


@pytest.mark.parametrize("end", [ConnectionPool.clear, ConnectionPool.close])
def test_a_closed_pool_has_no_idle_connection(
    connections: Connections, end: Callable[[ConnectionPool[int]], None]
) -> None:
    pool = ConnectionPool(connections, 2)
    with pool.connection(_limits()) as one:
        with pool.connection(_limits()):
            pass
        end(pool)
        assert connections.closed == [2]
    assert (one in connections.closed) == (end is ConnectionPool.close)
