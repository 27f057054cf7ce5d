"""SQLite as a source: files that change, that are locked, and that nobody writes."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource
from ssg.model.live.query import Query
from ssg.sources.environment import SiteEnvironment
from ssg.sources.sql.sql_source import SqlSource
from tests.sources.sql.conftest import POSTS, Asked, SourceMaker

NOBODY = 65534
ALL = "SELECT slug FROM post ORDER BY id"


@pytest.fixture
def db(sqlite_file: Path, asked_of: SourceMaker) -> Asked:
    return asked_of(f"sqlite:///{sqlite_file}", timeout_seconds=1)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("SELECT 1.5", 1.5),
        ("SELECT 9e999", None),
        ("SELECT 9223372036854775807", 9223372036854775807),
        ("SELECT date('2026-01-31')", "2026-01-31"),
        ("SELECT CAST(x'ff41' AS text)", "\ufffdA"),
        ("SELECT true", 1),
        ("SELECT json_array(1, 'a')", '[1,"a"]'),
        ("SELECT json_array(1, 'a') AS \"x [json]\"", [1, "a"]),
        ("SELECT NULL AS \"x [json]\"", None),
    ],
)  # fmt: skip
def test_a_value_is_what_json_has_for_it(db: Asked, text: str, value: object) -> None:
    ((found,),) = [row.values() for row in db.rows(text)]
    assert found == value


def test_columns_with_json_have_names_without_a_mark(db: Asked) -> None:
    text = """
        SELECT author, json_group_array(slug) AS "slugs [json]" FROM post GROUP BY author
        ORDER BY author
    """
    assert db.rows(text) == [
        {"author": "ana", "slugs": ["hello", "bye"]}, {"author": "bo", "slugs": ["x"]},
    ]  # fmt: skip
    assert db.problem("SELECT '{' AS \"x [json]\"").startswith("queries/q.sql: a column [json] is")
    twice = 'queries/q.sql: two columns have the name "x"; write AS and another name'
    assert db.problem("SELECT 1 AS x, '1' AS \"x [json]\"") == twice


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("SELECT x'00' AS a", 'the column "a" has bytes; write it as text'),
        ("SELECT * FROM none", "SQLITE_ERROR: no such table: none"),
        ("SELECT 1; SELECT 2", "ProgrammingError: You can only execute one statement at a time"),
        ("SELECT ?", "ProgrammingError: "),
        ("SELECT load_extension('x')", "SQLITE_ERROR: not authorized"),
    ],
)
def test_a_query_that_has_no_answer_says_why(db: Asked, text: str, problem: str) -> None:
    assert db.problem(text).startswith(f"queries/q.sql: {problem}")


@pytest.mark.parametrize(
    "text",
    [
        "INSERT INTO post VALUES (9, 'a', 'b', 'c') RETURNING id",
        "DELETE FROM post",
        "CREATE TABLE other (a)",
        "PRAGMA user_version = 7",
        "ATTACH '{}' AS other",
        "VACUUM",
    ],
)
def test_nothing_can_be_written(db: Asked, sqlite_file: Path, text: str) -> None:
    """Builds refuse these statements; if one is asked nevertheless, the file stays as it was."""
    before, names = sqlite_file.read_bytes(), set(sqlite_file.parent.iterdir())
    db.answer(text.format(sqlite_file.with_name("new.db")))
    assert sqlite_file.read_bytes() == before
    assert set(sqlite_file.parent.iterdir()) == names
    assert len(db.rows(ALL)) == 3


def test_a_locked_file_is_waited_for(db: Asked, sqlite_file: Path) -> None:
    with closing(sqlite3.connect(sqlite_file, check_same_thread=False)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        started = time.monotonic()
        problem = "SQLITE_BUSY: database is locked: a writer held it for 1 seconds"
        assert db.problem(ALL) == f"queries/q.sql: {problem}"
        assert 0.8 < time.monotonic() - started < 3
        threading.Timer(0.2, writer.rollback).start()
        assert len(db.rows(ALL)) == 3


def test_rows_are_read_while_a_writer_writes(db: Asked, sqlite_file: Path) -> None:
    """In WAL mode a reader sees what was committed, and never waits."""
    with closing(sqlite3.connect(sqlite_file)) as writer:
        writer.execute("PRAGMA journal_mode = WAL")
        assert len(db.rows(ALL)) == 3
        writer.execute("INSERT INTO post VALUES (4, 'bo', 'new', 'New')")
        assert len(db.rows(ALL)) == 3
        writer.commit()
        assert len(db.rows(ALL)) == 4


def test_many_threads_read_while_a_writer_writes(sqlite_file: Path, asked_of: SourceMaker) -> None:
    db = asked_of(f"sqlite:///{sqlite_file}")
    with closing(sqlite3.connect(sqlite_file)) as writer, ThreadPoolExecutor(16) as threads:
        writer.execute("PRAGMA journal_mode = WAL")
        text = "SELECT count(*) AS n, sum(id) AS s FROM post WHERE author = :user"
        found = [threads.submit(db.rows, text, user="load") for _ in range(400)]
        for number in range(100, 150):
            writer.execute("INSERT INTO post VALUES (?, 'load', 'x', NULL)", (number,))
            writer.commit()
        for future in found:
            (row,) = future.result()
            assert (row["s"] or 0) == sum(range(100, 100 + row["n"]))


def test_a_file_that_is_replaced_is_read_anew(db: Asked, sqlite_file: Path) -> None:
    assert len(db.rows(ALL)) == 3
    other = sqlite_file.with_name("other.db")
    with closing(sqlite3.connect(other)) as connection:
        connection.executescript(POSTS)
        connection.execute("DELETE FROM post WHERE id > 1")
        connection.commit()
    other.replace(sqlite_file)
    assert db.rows(ALL) == [{"slug": "hello"}]


def test_a_file_that_comes_later_is_opened_then(tmp_path: Path, asked_of: SourceMaker) -> None:
    db = asked_of(f"sqlite:///{tmp_path}/later.db")
    missing = "queries/q.sql: cannot open the file of the database"
    assert db.problem(ALL) == missing
    with closing(sqlite3.connect(tmp_path / "later.db")) as connection:
        connection.executescript(POSTS)
    assert len(db.rows(ALL)) == 3
    (tmp_path / "later.db").unlink()
    assert db.problem(ALL) == missing


def test_a_file_that_is_no_database_is_told(tmp_path: Path, asked_of: SourceMaker) -> None:
    (tmp_path / "a.db").write_text("not a database, but a text that is long enough" * 100)
    problem = "queries/q.sql: SQLITE_NOTADB: file is not a database"
    assert asked_of(f"sqlite:///{tmp_path}/a.db").problem(ALL) == problem


def test_a_relative_path_is_below_the_folder_of_the_process(
    sqlite_file: Path, monkeypatch: pytest.MonkeyPatch, asked_of: SourceMaker
) -> None:
    monkeypatch.chdir(sqlite_file.parent)
    assert len(asked_of("sqlite:///blog.db").rows(ALL)) == 3


def test_a_public_path_is_in_messages_and_a_secret_one_is_not() -> None:
    queries = {"q": Query.parse("q", "SELECT 1")}
    environment = SiteEnvironment({"URL": "sqlite:///secret/blog.db"})
    for url, shown in (("sqlite:///no/a.db", "no/a.db"), ("${URL}", "the file of the database")):
        source = SqlSource(DataSource("db", "sql", url), environment, queries)
        problem = f"db: queries/q.sql: cannot open {shown}"
        assert source.ask(DataRequest("db", query="q")).problem == problem


def _answer_without_rights(asked: Asked) -> DataAnswer:
    """What a process is answered that may write nothing."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.getuid() == 0:
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            os.write(writer, pickle.dumps(asked.answer(ALL)))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    os.close(writer)
    with os.fdopen(reader, "rb") as file:
        found: DataAnswer = pickle.load(file)  # noqa: S301 our own
    return found


def test_a_process_that_may_not_write_can_read(asked_of: SourceMaker) -> None:
    folder = Path(tempfile.mkdtemp(prefix="ssg-sqlite-"))  # those of pytest are closed to others
    file = folder / "blog.db"
    rows = DataAnswer(200, b'[{"slug":"hello"},{"slug":"bye"},{"slug":"x"}]')
    db = asked_of(f"sqlite:///{file}")
    try:
        with closing(sqlite3.connect(file)) as writer:
            writer.executescript(POSTS)
            folder.chmod(0o555)
            assert _answer_without_rights(db) == rows
            folder.chmod(0o755)
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("INSERT INTO post SELECT id + 9, 'c', slug, '' FROM post WHERE false")
            writer.commit()
            folder.chmod(0o555)
            assert _answer_without_rights(db) == rows  # the writer has made its files
            folder.chmod(0o755)
        folder.chmod(0o555)
        problem = "SQLITE_READONLY_DIRECTORY: attempt to write a readonly database"
        hint = "in WAL mode the folder must be writable"
        assert _answer_without_rights(db).problem == f"db: queries/q.sql: {problem}; {hint}"
    finally:
        folder.chmod(0o755)
        shutil.rmtree(folder)
