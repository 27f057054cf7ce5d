"""Databases with the posts of two authors, and sources that ask them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest, Scalar
from ssg.model.live.data_source import DataSource
from ssg.model.live.query import Query
from ssg.sources.environment import SiteEnvironment
from ssg.sources.sql.sql_source import SqlSource
from tests.services import PostgresService, running_postgres

POSTS = """
CREATE TABLE post (id integer PRIMARY KEY, author text NOT NULL, slug text NOT NULL, title text);
INSERT INTO post VALUES (1, 'ana', 'hello', 'Hello'), (2, 'ana', 'bye', NULL), (3, 'bo', 'x', 'X');
"""
READER = "ssg_reader"
"""A role that may read the tables, as the guide says."""

SourceMaker = Callable[..., "Asked"]


class Asked:
    """A source whose queries are given as texts."""

    def __init__(self, url: str, limits: Mapping[str, Any]) -> None:
        self.queries: dict[str, Query] = {}
        self.size = 8  # of connections to the database, at most
        source = replace(DataSource("db", "sql", "${DATABASE_URL}"), **limits)
        self.client = SqlSource(source, SiteEnvironment({"DATABASE_URL": url}), self.queries)

    def answer(self, text: str, is_draft: bool = False, **values: Scalar) -> DataAnswer:
        """What a query answers."""
        if text not in self.queries:
            self.queries[text] = Query.parse("q", text)
        return self.client.ask(DataRequest("db", "", text, tuple(values.items()), is_draft))

    def rows(self, text: str, is_draft: bool = False, **values: Scalar) -> Any:
        """The rows of a query that has an answer."""
        answer = self.answer(text, is_draft, **values)
        assert (answer.status, answer.problem) == (200, "")
        return json.loads(answer.body)

    def problem(self, text: str, **values: Scalar) -> str:
        """Why a query has no answer, without the name of the source."""
        answer = self.answer(text, **values)
        assert (answer.status, answer.body) == (0, b"")
        return answer.problem.removeprefix("db: ")


@pytest.fixture
def asked_of() -> Iterator[SourceMaker]:
    """Makes sources of a URL, and closes them: `asked_of(url, timeout_seconds=1)`."""
    made: list[Asked] = []

    def make(url: str, **limits: object) -> Asked:
        made.append(Asked(url, limits))
        return made[-1]

    yield make
    for one in made:
        one.client.close()


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresService]:
    """A server with the posts. Tests make no other changes that they leave there."""
    with running_postgres("shared_preload_libraries=pg_stat_statements") as server:
        with closing(psycopg.connect(server.url, autocommit=True)) as connection:
            connection.execute(POSTS)
            connection.execute("CREATE SEQUENCE number")
            connection.execute("CREATE EXTENSION pg_stat_statements")
            connection.execute(f"CREATE ROLE {READER} LOGIN PASSWORD 'a/secret:pass'")
            connection.execute(f"GRANT SELECT ON post TO {READER}")
        yield server


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    """A file with the posts."""
    path = tmp_path / "blog.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(POSTS)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of either database."""
    if request.param == "postgres":
        server: PostgresService = request.getfixturevalue("postgres")
        return server.url
    return f"sqlite:///{request.getfixturevalue('sqlite_file')}"
