"""What is the same for PostgreSQL and SQLite."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.model.live.query import Query
from ssg.sources.data_client import SourceError
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import SourceShell
from ssg.sources.sql.sql_source import SqlSource, open_database, sqlite_path
from tests.sources.sql.conftest import SourceMaker

POST = "SELECT id, title FROM post WHERE author = :user AND slug = :slug"


def test_rows_are_a_list_of_objects(url: str, asked_of: SourceMaker) -> None:
    db = asked_of(url)
    assert db.rows("SELECT slug, title FROM post ORDER BY id") == [
        {"slug": "hello", "title": "Hello"},
        {"slug": "bye", "title": None},
        {"slug": "x", "title": "X"},
    ]
    assert db.rows(POST, user="ana", slug="hello") == [{"id": 1, "title": "Hello"}]
    assert db.answer(POST, user="ana", slug="x") == DataAnswer(200, b"[]")


def test_json_is_utf8_and_compact(url: str, asked_of: SourceMaker) -> None:
    answer = asked_of(url).answer("SELECT 'é\u2028\"' AS a, 1 AS b")
    assert answer.body == '[{"a":"é\u2028\\"","b":1}]'.encode()


def test_signs_of_other_formats_are_left_alone(url: str, asked_of: SourceMaker) -> None:
    text = "SELECT slug, '%s {x} %(a)s $2 ?' AS a FROM post WHERE slug LIKE 'h%' OR slug = :slug"
    assert asked_of(url).rows(text, slug="none") == [{"slug": "hello", "a": "%s {x} %(a)s $2 ?"}]


def test_one_parameter_may_be_used_twice(url: str, asked_of: SourceMaker) -> None:
    text = "SELECT count(*) AS n FROM post WHERE author = :user OR title = :user"
    assert asked_of(url).rows(text, user="X") == [{"n": 1}]


@pytest.mark.parametrize("value", ["2", 2, "02", " 2"])
def test_texts_are_compared_with_numbers(url: str, asked_of: SourceMaker, value: str | int) -> None:
    assert asked_of(url).rows("SELECT slug FROM post WHERE id = :id", id=value) == [{"slug": "bye"}]


@pytest.mark.parametrize(
    "value",
    ["x", "", "1.5", "1e400", "9" * 30, "0x10000000000000000000", "\0", "1\0", "\ud800", "٣"],
)
def test_a_value_that_no_row_can_have_is_a_missing_page(
    url: str, asked_of: SourceMaker, value: str
) -> None:
    answer = asked_of(url).answer("SELECT slug FROM post WHERE id = :id", id=value)
    assert answer in (DataAnswer(404), DataAnswer(200, b"[]"))


def test_limits_are_numbers(url: str, asked_of: SourceMaker) -> None:
    text = "SELECT id FROM post ORDER BY id LIMIT :limit OFFSET :offset"
    assert asked_of(url).rows(text, limit=1, offset=1) == [{"id": 2}]
    assert asked_of(url).rows(text, limit="1", offset="1") == [{"id": 2}]


def test_none_is_null_and_drafts_are_known(url: str, asked_of: SourceMaker) -> None:
    db = asked_of(url)
    assert db.rows("SELECT 1 AS a WHERE CAST(:x AS text) IS NULL", x=None) == [{"a": 1}]
    drafts = "SELECT slug FROM post WHERE title IS NOT NULL OR CAST(:draft AS boolean) ORDER BY id"
    assert [one["slug"] for one in db.rows(drafts)] == ["hello", "x"]
    assert [one["slug"] for one in db.rows(drafts, is_draft=True)] == ["hello", "bye", "x"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT 1 AS a, 2 AS a", 'two columns have the name "a"; write AS and another name'),
        ("SELECT :none", ":none has no value"),
    ],
)
def test_a_query_that_has_no_answer_says_why(
    url: str, asked_of: SourceMaker, text: str, problem: str
) -> None:
    assert asked_of(url).problem(text) == f"queries/q.sql: {problem}"


def test_only_queries_of_the_site_are_asked(url: str, asked_of: SourceMaker) -> None:
    answer = asked_of(url).client.ask(DataRequest("db", query="SELECT 1"))
    assert answer.problem == "db: there is no queries/SELECT 1.sql"


def test_an_answer_has_a_largest_size(url: str, asked_of: SourceMaker) -> None:
    many = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000) "
        "SELECT i FROM n"
    )
    if url.startswith("postgres"):
        many = "SELECT generate_series(1, 100000000) AS i"
    db = asked_of(url, max_bytes=1000)
    large = "the answer is larger than 1,000 bytes (max_bytes)"
    assert db.problem(many) == f"queries/q.sql: {large}"
    assert len(db.answer(f"{many} LIMIT 90").body) == 1 + 9 * 8 + 81 * 9
    assert db.problem(f"{many} LIMIT 120") == f"queries/q.sql: {large}"


def test_a_query_that_takes_too_long_is_ended(url: str, asked_of: SourceMaker) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    if url.startswith("postgres"):
        endless = "SELECT pg_sleep(60)"
    db = asked_of(url, timeout_seconds=1)
    assert db.problem(endless) == "queries/q.sql: no answer within 1 seconds"
    assert db.rows("SELECT 1 AS a") == [{"a": 1}]


def test_a_shell_asks_databases(url: str) -> None:
    queries = {"post": Query.parse("post", POST)}
    sources = {"db": DataSource("db", "sql", "${DATABASE_URL}"), "no": DataSource("no", "sql", "x")}
    shell = SourceShell(sources, SiteEnvironment({"DATABASE_URL": url}), queries)
    values = (("user", "bo"), ("slug", "x"))
    found = DataRequest("db", query="post", values=values)
    broken = DataRequest("no", query="post", values=values)
    answers = shell.bring([found, broken])
    shell.close()
    assert answers[found] == DataAnswer(200, b'[{"id":3,"title":"X"}]')
    url_problem = "the URL begins neither with postgresql:// nor with sqlite:///"
    assert answers[broken] == DataAnswer(0, problem=f"no: {url_problem}")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("mysql://a/b", "the URL begins neither with postgresql:// nor with sqlite:///"),
        ("", "the URL begins neither with postgresql:// nor with sqlite:///"),
        ("sqlite://", "the URL of an SQLite file is written"),
        ("sqlite:///", "the URL of an SQLite file is written"),
        ("sqlite:///:memory:", "the URL of an SQLite file is written"),
        ("sqlite://data/blog.db", "the URL of an SQLite file is written"),
        ("sqlite:///a.db?mode=rwc", "the URL of an SQLite file is written"),
        ("postgresql://u:pass@h/d?nonsense=1", "the URL is not one of PostgreSQL"),
        ("postgresql://u:pass@[h/d", "the URL is not one of PostgreSQL"),
    ],
)
def test_a_url_that_cannot_be_used_is_told_without_it(url: str, problem: str) -> None:
    with pytest.raises(SourceError) as caught:
        open_database(url)
    assert str(caught.value).startswith(problem)
    assert "pass" not in str(caught.value)


def test_a_missing_variable_is_named() -> None:
    source = DataSource("db", "sql", "${DATABASE_URL}")
    with pytest.raises(SourceError, match="needs a value of the variable DATABASE_URL"):
        SqlSource(source, SiteEnvironment(), {})


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:///data/blog.db", "data/blog.db"),
        ("sqlite:////var/lib/blog.db", "/var/lib/blog.db"),
        ("sqlite:///my%20blog.db", "my blog.db"),
    ],
)
def test_the_path_of_a_file_is_relative_or_absolute(url: str, path: str) -> None:
    assert sqlite_path(url) == Path(path)


def test_without_psycopg_postgres_is_an_error_that_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in [
        one for one in sys.modules if one.startswith(("psycopg", "ssg.sources.sql.postg"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(SourceError, match=r"pip install 'ssg\[postgres\]'"):
        open_database("postgresql:///blog")
