"""A pooler between `ssg` and PostgreSQL: each transaction may have another connection."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from tests.services import PostgresService, running_pgbouncer
from tests.sources.sql.conftest import Asked, SourceMaker

pytestmark = [pytest.mark.postgres, pytest.mark.pgbouncer]


@pytest.fixture(params=[("transaction", 2), ("session", 8)])
def db(
    request: pytest.FixtureRequest, postgres: PostgresService, asked_of: SourceMaker
) -> Iterator[Asked]:
    """A source behind a pooler. In session mode each connection needs one of the server."""
    with running_pgbouncer(postgres, *request.param) as pooler:
        db = asked_of(pooler.url, timeout_seconds=2)
        db.size = request.param[1]
        yield db


def test_few_connections_serve_many_threads(db: Asked) -> None:
    text = "SELECT slug, pg_backend_pid() AS pid FROM post WHERE id = :id"
    slugs = {"1": "hello", "2": "bye", "3": "x"}

    def ask(number: int) -> int:
        wanted = str(number % 3 + 1)
        (row,) = db.rows(text, id=wanted)
        assert row["slug"] == slugs[wanted]
        return int(row["pid"])

    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(ask, range(300)))) <= db.size


@pytest.mark.parametrize(
    "text",
    [
        "SELECT set_config('statement_timeout', '0', false)",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SELECT set_config('datestyle', 'German', false)",
    ],
)
def test_settings_that_others_leave_do_not_count(db: Asked, text: str) -> None:
    for _ in range(4):
        db.answer(text)
    assert "25006" in db.problem("DELETE FROM post RETURNING id")
    assert db.rows("SELECT '2026-07-01'::date AS a") == [{"a": "2026-07-01"}]
    assert db.problem("SELECT pg_sleep(30)") == "queries/q.sql: no answer within 2 seconds"


def test_a_changed_table_breaks_no_statement(db: Asked, postgres: PostgresService) -> None:
    text = "SELECT * FROM changing"
    with psycopg.connect(postgres.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE changing AS SELECT 1 AS a")
        try:
            for _ in range(10):
                assert db.rows(text) == [{"a": 1}]
            connection.execute("ALTER TABLE changing ADD COLUMN b int")
            assert db.rows(text) == [{"a": 1, "b": None}]
        finally:
            connection.execute("DROP TABLE changing")
