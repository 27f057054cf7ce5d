"""PostgreSQL that restarts, hangs, ends connections or has none left."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg
import pytest

from ssg.model.live.query import Query
from ssg.sources.sql.database import Limits, QueryError
from ssg.sources.sql.postgres import PostgresDatabase
from tests.services import PostgresService, running_postgres, wait_until
from tests.sources.sql.conftest import POSTS, Asked, SourceMaker

pytestmark = pytest.mark.postgres
POST = "SELECT title FROM post WHERE slug = :slug"
PID = "SELECT pg_backend_pid() AS pid"


@pytest.fixture
def server() -> Iterator[PostgresService]:
    """A server of the test's own, which may end it."""
    with running_postgres("max_connections=20") as own:
        with closing(psycopg.connect(own.url, autocommit=True)) as connection:
            connection.execute(POSTS)
        yield own


def _end(server: PostgresService, pid: int) -> None:
    with closing(psycopg.connect(server.url, autocommit=True)) as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])


def test_connections_are_used_again(postgres: PostgresService, asked_of: SourceMaker) -> None:
    db = asked_of(postgres.url)
    assert len({db.rows(PID)[0]["pid"] for _ in range(10)}) == 1


def test_a_connection_that_was_ended_while_it_was_idle_is_replaced(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(postgres.url)
    ((pid,),) = [row.values() for row in db.rows(PID)]
    _end(postgres, pid)
    assert db.rows(PID)[0]["pid"] != pid


def test_a_query_whose_connection_is_ended_is_asked_once_more(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(postgres.url)
    ((pid,),) = [row.values() for row in db.rows(PID)]
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(db.rows, "SELECT pg_sleep(1)::text, pg_backend_pid() AS pid")
        time.sleep(0.3)
        _end(postgres, pid)
        assert slow.result()[0]["pid"] != pid


def test_a_query_whose_connections_always_end_is_asked_twice(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(postgres.url)
    ends = "SELECT pg_terminate_backend(pg_backend_pid(), 5000)"
    assert "57P01: terminating connection due to administrator command" in db.problem(ends)
    assert db.rows("SELECT 1 AS a") == [{"a": 1}]


def test_a_server_that_restarts_under_load_is_found_again(
    server: PostgresService, asked_of: SourceMaker
) -> None:
    """While it is away, requests fail at once, and say why; then all have an answer again."""
    db = asked_of(server.url)
    stop, problems, good = threading.Event(), [], []

    def work(_: int) -> None:
        while not stop.is_set():
            started = time.monotonic()
            answer = db.answer(POST, slug="hello")
            (problems if answer.problem else good).append(answer.problem)
            assert time.monotonic() - started < 3
            time.sleep(0.002)

    with ThreadPoolExecutor(12) as threads:
        workers = [threads.submit(work, number) for number in range(12)]
        time.sleep(0.5)
        assert problems == []
        server.stop()
        time.sleep(0.5)
        server.start()
        time.sleep(0.5)
        count = len(problems)
        time.sleep(0.5)
        stop.set()
        for worker in workers:
            worker.result()
    assert len(problems) == count > 0
    assert len(good) > 100
    reasons = ("cannot connect: ", "57P01: ", "57P02: ", "server closed the connection")
    assert [one for one in problems if not any(reason in one for reason in reasons)] == []


def test_a_server_that_is_killed_is_found_again(
    server: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(server.url)
    assert db.rows(POST, slug="x") == [{"title": "X"}]
    server.kill()
    is_away = lambda: "cannot connect: " in db.answer(POST, slug="x").problem  # noqa: E731 short
    assert wait_until(is_away, 5)  # its processes end one after another
    server.start()
    assert db.rows(POST, slug="x") == [{"title": "X"}]


def test_a_server_that_hangs_takes_no_longer_than_the_limit(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    """The server itself ends slow queries, but not if it does nothing at all."""
    db = asked_of(postgres.url, timeout_seconds=1)
    ((pid,),) = [row.values() for row in db.rows(PID)]
    os.kill(pid, signal.SIGSTOP)
    try:
        started = time.monotonic()
        assert db.problem(POST, slug="x") == "queries/q.sql: no answer within 1 seconds"
        assert 1 <= time.monotonic() - started < 4
        assert db.rows(POST, slug="x") == [{"title": "X"}]  # with another connection
    finally:
        os.kill(pid, signal.SIGCONT)


def _ask(database: PostgresDatabase, text: str, seconds: float = 5) -> bytes:
    return database.answer(Query.parse("q", text), {}, Limits.starting_now(seconds, 1000))


def test_a_process_has_no_more_connections_than_its_pool(postgres: PostgresService) -> None:
    database = PostgresDatabase(f"{postgres.url}?application_name=pool", pool_size=2)
    count = (
        "SELECT count(*) AS n FROM pg_stat_activity, pg_sleep(0.01) WHERE application_name = 'pool'"
    )
    with ThreadPoolExecutor(10) as threads:
        found = list(threads.map(lambda _: _ask(database, count), range(40)))
    assert {*found} <= {b'[{"n":1}]', b'[{"n":2}]'}
    database.close()


def test_requests_that_find_no_connection_say_so(postgres: PostgresService) -> None:
    database = PostgresDatabase(postgres.url, pool_size=1)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(_ask, database, "SELECT pg_sleep(1)")
        time.sleep(0.2)
        with pytest.raises(QueryError, match=r"all 1 connections were in use for 0\.3 seconds"):
            _ask(database, "SELECT 1 AS a", 0.3)
        assert slow.result()
    assert _ask(database, "SELECT 1 AS a") == b'[{"a":1}]'
    database.close()


def test_a_server_without_free_connections_is_a_problem_of_the_request(
    server: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(server.url)
    others = []
    try:
        while len(others) < 25:
            others.append(psycopg.connect(server.url))
    except psycopg.OperationalError:
        assert "too many clients" in db.problem(POST, slug="x")
    finally:
        for one in others:
            one.close()
    time.sleep(0.2)
    assert db.rows(POST, slug="x") == [{"title": "X"}]


def test_a_closed_source_has_no_connection(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(f"{postgres.url}?application_name=closed")
    db.rows("SELECT 1 AS a")
    db.client.close()
    text = "SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'closed'"
    other = asked_of(postgres.url)
    deadline = time.monotonic() + 5
    while other.rows(text) != [{"n": 0}]:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_no_transaction_is_left_open(postgres: PostgresService, asked_of: SourceMaker) -> None:
    db = asked_of(f"{postgres.url}?application_name=ours")
    for text in ("SELECT 1 AS a", "SELECT 1 / 0", "SELECT 1 AS a, 2 AS a", "SELECT '\\x'::bytea"):
        db.answer(text)
    db.answer("SELECT generate_series(1, 10000000)")
    text = "SELECT state, pid FROM pg_stat_activity WHERE application_name = 'ours'"
    other: Asked = asked_of(postgres.url)
    assert {row["state"] for row in other.rows(text)} <= {"idle"}
