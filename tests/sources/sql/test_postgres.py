"""PostgreSQL as a source: values, errors, and that nothing can be written."""

from __future__ import annotations

import json
import shutil
import subprocess
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from ssg.model.live.data_request import DataAnswer
from ssg.sources.sql.database import Limits
from ssg.sources.sql.postgres import _Connector
from ssg.sources.sql.postgres_values import iso_text
from tests.services import PostgresService, running_postgres
from tests.sources.sql.conftest import READER, Asked, SourceMaker

pytestmark = pytest.mark.postgres
ID = "6f9619ff-8b86-d011-b42d-00c04fc964ff"


@pytest.fixture
def db(postgres: PostgresService, asked_of: SourceMaker) -> Asked:
    return asked_of(postgres.url)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("true", True), ("NULL", None), ("1::smallint", 1), ("2::bigint ^ 40", 2.0**40),
        ("9223372036854775807::bigint", 2**63 - 1), ("0.1::real", 0.1), ("1e308::float8", 1e308),
        ("'NaN'::float8", None), ("'-infinity'::float8", None), ("'NaN'::numeric", None),
        ("9.90::numeric(8,2)", 9.9), ("7::numeric", 7), ("9.90::numeric(8,2)::text", "9.90"),
        ("12345678901234567.89", "12345678901234567.89"),
        ("'a'::char(3)", "a  "), ("'n'::name", "n"), ("'é'::text COLLATE \"C\"", "é"),
        ("'2026-01-31'::date", "2026-01-31"), ("'infinity'::date", None),
        ("'0044-03-15 BC'::date", "0044-03-15 BC"), ("'12026-01-31'::date", "12026-01-31"),
        ("'07:30'::time", "07:30:00"), ("'07:30:00.25+05:30'::timetz", "07:30:00.25+05:30"),
        ("'07:30+02'::timetz", "07:30:00+02:00"),
        ("'2026-01-31 07:30:00.123456'::timestamp", "2026-01-31T07:30:00.123456"),
        ("'-infinity'::timestamptz", None),
        ("'1 year 2 days 3.5 seconds'::interval", "P1Y2DT3.5S"),
        (f"'{ID.upper()}'::uuid", ID), ("'::1'::inet", "::1"), ("'10.0.0.0/8'::cidr", "10.0.0.0/8"),
        ("'{\"b\": [1.5, null], \"a\": \"\u2028\"}'::jsonb", {"a": "\u2028", "b": [1.5, None]}),
        ("'[1e999]'::json", [None]),
        ("'\"\\ud800\"'::json", "?"),
        ("ARRAY[1, NULL, 3]", [1, None, 3]), ("ARRAY[[1, 2], [3, 4]]", [[1, 2], [3, 4]]),
        ("'{}'::text[]", []), ("ARRAY['2026-01-31'::date]", ["2026-01-31"]),
        ("ARRAY['a,\"b'::text]", ['a,"b']), ("ARRAY['{\"a\": 1}'::jsonb]", [{"a": 1}]),
        ("'[2026-01-01,2026-02-01)'::daterange", "[2026-01-01,2026-02-01)"),
        ("int4multirange(int4range(1, 3))", "{[1,3)}"),
        ("'(1,2)'::point", "(1,2)"), ("'5.00'::money", "$5.00"), ("B'101'", "101"),
        ("to_tsvector('simple', 'a b')", "'a':1 'b':2"), ("'<a/>'::xml", "<a/>"),
        ("ROW(1, 'a')", ["1", "a"]), ("to_jsonb(ROW(1, 'a'))", {"f1": 1, "f2": "a"}),
    ],
)  # fmt: skip
def test_a_value_is_what_json_has_for_it(db: Asked, value: str, expected: Any) -> None:
    assert db.rows(f"SELECT {value} AS a") == [{"a": expected}]


@pytest.mark.parametrize(
    ("zone", "offset"),
    [("UTC", "+00:00"), ("Europe/Paris", "+02:00"), ("Asia/Kolkata", "+05:30"),
     ("America/St_Johns", "-02:30")],
)  # fmt: skip
def test_a_time_has_the_offset_of_the_session(
    postgres: PostgresService, asked_of: SourceMaker, zone: str, offset: str
) -> None:
    db = asked_of(f"{postgres.url}?options=-c%20timezone%3D{quote(zone, safe='')}")
    ((found,),) = [one.values() for one in db.rows("SELECT '2026-07-01 12:00+00'::timestamptz")]
    assert found.endswith(offset)
    assert datetime.fromisoformat(found) == datetime.fromisoformat("2026-07-01T12:00+00:00")


def test_the_style_of_dates_does_not_count(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    db = asked_of(f"{postgres.url}?options=-c%20datestyle%3DGerman%20-c%20intervalstyle%3Dpostgres")
    text = "SELECT '2026-07-01'::date AS a, '2026-07-01 12:00'::timestamp AS b, '1 day'::interval c"
    assert db.rows(text) == [{"a": "2026-07-01", "b": "2026-07-01T12:00:00", "c": "P1D"}]


@pytest.mark.parametrize("text", ["", "x", "2026-07-01 BC", "infinity", "12026-07-01 12:00:00+00"])
def test_a_time_without_a_form_in_iso_8601_is_as_postgresql_writes_it(text: str) -> None:
    assert iso_text(text) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT '\\x00'::bytea AS a", ': the column "a" has bytes; write it as text'),
        ("SELECT *\nFROM none", ':2:6: 42P01: relation "none" does not exist'),
        ("SELECT 1 FROM post\nWHERE slug = :user AND author = :user\n  AND none", ":3:7: 42703: "),
        ("SELECT 1 FROM post WHERE :user IS NULL", ": 42P18: could not determine data"),
        ("SELECT 1 FROM post WHERE :user IS NULL", "; write its type, as in :name::text"),
        ("SELECT 1; SELECT 2", ": 42601: cannot insert multiple commands into a prepared"),
        ("SELECT 1 / 0", ": 22012: division by zero"),
        ("SELECT repeat('[', 50000)::json", ": 54001: stack depth limit exceeded"),
        ("SELECT (repeat('[', 3000) || repeat(']', 3000))::jsonb", ": JSON that is nested too"),
    ],
)  # fmt: skip
def test_a_query_that_has_no_answer_says_why(db: Asked, text: str, problem: str) -> None:
    assert problem in db.problem(text, user="ana")
    assert db.rows("SELECT 1 AS a") == [{"a": 1}]


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO post VALUES (9, 'a', 'b', 'c') RETURNING id",
        "DELETE FROM post",
        "WITH gone AS (DELETE FROM post RETURNING id) SELECT * FROM gone",
        "CREATE TABLE other (a int)",
        "SELECT id INTO other FROM post",
        "SELECT id FROM post FOR UPDATE",
        "TRUNCATE post",
        "SELECT nextval('number')",
        "DO $$BEGIN DELETE FROM post; END$$",
        "CALL nothing()",
    ],
)
def test_nothing_can_be_written(db: Asked, text: str) -> None:
    """Builds refuse most of these; if one is asked nevertheless, the transaction only reads."""
    problem = db.problem(text)
    assert "25006" in problem or "42883: procedure nothing() does not exist" in problem
    assert db.rows("SELECT count(*) AS n FROM post") == [{"n": 3}]


@pytest.mark.parametrize(
    "text",
    [
        "SELECT set_config('transaction_read_only', 'off', true)",
        "SELECT set_config('default_transaction_read_only', 'off', false)",
        "SELECT set_config('statement_timeout', '0', false)",
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE",
        "COMMIT",
        "ROLLBACK",
    ],
)
def test_no_statement_takes_the_limits_from_the_next(
    postgres: PostgresService, asked_of: SourceMaker, text: str
) -> None:
    db = asked_of(postgres.url, timeout_seconds=1)
    db.answer(text)
    assert "25006" in db.problem("DELETE FROM post RETURNING id")
    assert db.problem("SELECT pg_sleep(30)") == "queries/q.sql: no answer within 1 seconds"


def test_a_role_that_may_only_read_is_enough(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    password = quote("a/secret:pass", safe="")
    db = asked_of(f"postgresql://{READER}:{password}@127.0.0.1:{postgres.port}/postgres")
    assert db.rows("SELECT title FROM post WHERE id = :id", id="1") == [{"title": "Hello"}]
    assert "42501: permission denied" in db.problem("SELECT * FROM pg_authid")


@pytest.mark.parametrize(
    ("text", "values", "is_missing"),
    [
        ("SELECT 1 FROM post WHERE id = :v", "x", True),
        ("SELECT 1 FROM post WHERE id = :v", "99999999999", True),
        ("SELECT 1 FROM post WHERE id = :v::int", "1.5", True),
        ("SELECT 1 WHERE now() > :v", "2026-99-99", True),
        ("SELECT 1 WHERE now() > :v", "tomorrow at noon", True),
        ("SELECT 1 WHERE gen_random_uuid() = :v", "no-uuid", True),
        ("SELECT 1 WHERE '{}'::jsonb = :v", "{", True),
        ("SELECT 1 WHERE '{1}'::int[] = :v", "{x", True),
        ("SELECT 1 WHERE '::1'::inet = :v", "x", True),
        ("SELECT 1 WHERE true = :v", "perhaps", True),
        ("SELECT 1 FROM post LIMIT :v", "all", True),
        ("SELECT 1 FROM post WHERE slug = :v", "a\0b", True),
        ("SELECT title::int FROM post WHERE slug = :v", "hello", False),
        ("SELECT (slug || :v)::int FROM post", "x", False),
    ],
)
def test_only_values_of_visitors_make_a_page_missing(
    db: Asked, text: str, values: str, is_missing: bool
) -> None:
    """A mistake in what is stored must not look like a page that does not exist."""
    answer = db.answer(text, v=values)
    assert (answer == DataAnswer(404)) == is_missing
    assert is_missing or answer.problem.startswith("db: queries/q.sql: 22P02: invalid input syntax")


def test_no_message_contains_a_part_of_the_url(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    port = postgres.port
    refused = {
        f"postgresql://{READER}:canary-secret@127.0.0.1:{port}/postgres": "password authentication",
        f"postgresql://canary-user:x@127.0.0.1:{port}/postgres": "password authentication failed",
        f"postgresql://postgres:{postgres.password}@127.0.0.1:{port}/canary-base": "does not exist",
        "postgresql://u:canary-secret@127.0.0.1:1/canary-base": "Connection refused",
        "postgresql://u:canary-secret@canary-host.invalid/x": "",
    }
    for url, reason in refused.items():
        problem = asked_of(url, timeout_seconds=2).problem("SELECT 1")
        assert problem.startswith("queries/q.sql: cannot connect: ")
        assert reason in problem
        assert "canary" not in problem
        assert READER not in problem
        assert postgres.password not in problem


def test_a_database_in_another_encoding_has_no_row_for_what_it_cannot_write(
    postgres: PostgresService, asked_of: SourceMaker
) -> None:
    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        connection.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    db = asked_of(postgres.url.removesuffix("postgres") + "latin")
    assert db.rows("SELECT :v::text AS a", v="é") == [{"a": "é"}]
    assert db.answer("SELECT :v::text AS a", v="中") == DataAnswer(404)


def test_a_url_may_set_options_of_connections(postgres: PostgresService) -> None:
    limits = Limits.starting_now(5, 1000)
    plain = _Connector(postgres.url).open(limits)
    own = _Connector(f"{postgres.url}?keepalives_idle=7&application_name=blog").open(limits)
    with closing(plain), closing(own):
        found = [one.info.get_parameters() for one in (plain, own)]
        assert [one["keepalives_idle"] for one in found] == ["30", "7"]
        row = own.execute(
            "SELECT application_name FROM pg_stat_activity WHERE pid = $1", [plain.info.backend_pid]
        ).fetchone()
        assert row == ("ssg",)
        assert found[1]["application_name"] == "blog"


def test_connections_are_encrypted_if_the_url_says_so(
    tmp_path: Path, asked_of: SourceMaker
) -> None:
    """And they are used again: what TLS sends on its own is not taken for the end."""
    with running_postgres() as server:
        assert server.process is not None
        data = server.folder / "data"
        made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
        made += ["-subj", "/CN=localhost", "-keyout", f"{data}/server.key"]
        subprocess.run([*made, "-out", f"{data}/server.crt"], check=True, capture_output=True)
        for name in ("server.key", "server.crt"):
            (data / name).chmod(0o600)
            shutil.chown(data / name, data.owner(), data.group())
        with closing(psycopg.connect(server.url, autocommit=True)) as connection:
            connection.execute("ALTER SYSTEM SET ssl = on")
            connection.execute("SELECT pg_reload_conf()")
        db = asked_of(f"{server.url}?sslmode=require")
        text = "SELECT pid, ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        found = [json.dumps(db.rows(text)) for _ in range(5)]
        assert '"ssl": true' in found[0]
        assert len(set(found)) == 1
