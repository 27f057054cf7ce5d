"""Values that are written to become SQL: only the declared queries run, and nothing fails.

2,000 values for each database; all are compared with a text, some with a number.
"""

from __future__ import annotations

import json
import random
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ssg.model.live.data_request import DataAnswer
from ssg.sources.sql import sqlite
from tests.examples import examples
from tests.services import PostgresService
from tests.sources.hostile_values import hostile_values
from tests.sources.sql.conftest import SourceMaker

COUNT = examples(2000)
ECHO = "SELECT CAST(:value AS text) AS value, count(*) AS n FROM post WHERE author = :value"
BY_ID = "SELECT slug FROM post WHERE id = :value"
PIECES = (
    "'", "''", '"', "\\", "\\'", "--", "/*", "*/", ";", "$$", "$1", "$2", ":value", "::int", "?",
    "%s", "%(x)s", "@x", "\0", "\x1a", "\u02bc", "\uff07", "\u2019", "é", "中", "\U0001f642",
    "\ud800", "\udfff", "\ufffd", "\r\n", "\t", " OR 1=1", " OR '1'='1", " UNION SELECT 1, 2",
    "; DROP TABLE post", "; SELECT pg_sleep(9)", "'; COPY post TO PROGRAM 'id'; --", "SELECT",
    "'||(SELECT version())||'", "E'\\047'", "U&'\\0027'", "0x27", "1", "-1", "1e9", "NaN", "null",
    "true", "{1,2}", "[1]", "(1,2)", "9" * 30, "ana", "load_extension('x')", "ATTACH 'x' AS y",
)  # fmt: skip


def _values(seed: int) -> Iterator[str]:
    chance = random.Random(seed)  # noqa: S311 chosen at random, not secret
    for value in hostile_values(COUNT // 2, seed):
        yield value
        yield "".join(chance.choices(PIECES, k=chance.randint(1, 6)))


def _is_text(value: str) -> bool:
    return "\0" not in value and not re.search("[\ud800-\udfff]", value)


def _check_text(value: str, answer: DataAnswer) -> None:
    """The value came back as it was, or it cannot be a text of the database."""
    if answer.status == 200:
        ((found, count),) = [row.values() for row in json.loads(answer.body)]
        assert (found, count) == (value, 2 if value == "ana" else 0)
    else:
        assert answer == DataAnswer(404), answer
        assert not _is_text(value)


def _check_number(value: str, answer: DataAnswer) -> None:
    if answer.status == 200 and answer.body != b"[]":
        assert int(value) in {1, 2, 3}
    else:
        assert answer in (DataAnswer(404), DataAnswer(200, b"[]")), answer


def test_sqlite_runs_nothing_but_the_queries(
    sqlite_file: Path, asked_of: SourceMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    traced: set[str] = set()

    def connect(*options: object, **more: object) -> sqlite3.Connection:
        connection = sqlite3.Connection(*options, **more)  # type: ignore[arg-type]  # passed on
        connection.set_trace_callback(lambda text: traced.add(text[:7]))
        return connection

    monkeypatch.setattr(sqlite.sqlite3, "connect", connect)
    before = sqlite_file.read_bytes()
    db = asked_of(f"sqlite:///{sqlite_file}")
    for number, value in enumerate(_values(1)):
        _check_text(value, db.answer(ECHO, value=value))
        if number % 3 == 0:
            _check_number(value, db.answer(BY_ID, value=value))
    assert traced == {"PRAGMA ", "SELECT "}
    assert sqlite_file.read_bytes() == before
    assert [*sqlite_file.parent.iterdir()] == [sqlite_file]


@pytest.mark.postgres
def test_postgresql_runs_nothing_but_the_queries(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    """`pg_stat_statements` counts what the server ran, each kind of statement once."""
    db = asked_of(postgres.url)
    values = list(_values(2))

    def check(number: int) -> None:
        value = values[number]
        _check_text(value, db.answer(ECHO, value=value))
        if number % 3 == 0:
            _check_number(value, db.answer(BY_ID, value=value))

    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        connection.execute("SELECT pg_stat_statements_reset()")
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(check, range(len(values)), chunksize=500))
        found = connection.execute(
            "SELECT query, sum(calls) FROM pg_stat_statements GROUP BY query"
        ).fetchall()
    ours = {db.queries[ECHO].numbered, db.queries[BY_ID].numbered}
    framing = ("BEGIN READ ONLY", "SET LOCAL ", "COMMIT", "ROLLBACK", "SELECT pg_stat_statements_")
    ran = {query for query, _ in found if not query.startswith(framing)}
    assert ran == ours
    counts = dict(found)
    assert COUNT * 0.8 < counts[db.queries[ECHO].numbered] < COUNT
