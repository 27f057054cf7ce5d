"""Paths that sources list: which are stored, which are left out, and what is an error."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from ssg.build.live.known_paths import KnownPaths, store_known_paths
from ssg.build.live.path_list import PathSources
from ssg.config.load import load
from ssg.model import database
from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.rounds import BringData
from tests.conftest import write

CONFIG = """
[sources.api]
url = "https://api.example"
[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
where = { user = "[a-z]+" }
paths = { source = "api", path = "PATH", params = { user = "user", slug = "at.slug" }, MORE}
"""
HELLO = {"user": "ana", "at": {"slug": "hello"}}
WHERE = "ssg.toml:8:1: "


class Api:
    """Answers by path; notes what was asked."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self._answers = answers
        self.asked: list[str] = []

    def bring(self, requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        found = {}
        for one in requests:
            self.asked.append(one.path)
            answer = self._answers.get(one.path, DataAnswer(404))
            is_made = isinstance(answer, DataAnswer)
            found[one] = answer if is_made else DataAnswer(200, json.dumps(answer).encode())
        return found


Store = Callable[..., tuple[KnownPaths, list[tuple[Any, ...]]]]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    def ask(
        bring: BringData, path: str = "/list", more: str = "critical = 2"
    ) -> tuple[KnownPaths, list[tuple[Any, ...]]]:
        write(
            tmp_path,
            {"ssg.toml": CONFIG.replace("PATH", path).replace("MORE", more or "critical = 2")},
        )
        project = load(tmp_path, environment={})
        connection = database.create(tmp_path / "site.db")
        sources = PathSources(bring, {"api": "https://api.example/v1/"})
        found = store_known_paths(connection, project, frozenset(), sources)
        rows = connection.execute("SELECT * FROM live_path ORDER BY number").fetchall()
        connection.close()
        (tmp_path / "site.db").unlink()
        return found, rows

    return ask


def test_rows_of_a_list(store: Store) -> None:
    items = [
        {**HELLO, "at": {"slug": 7, "date": "2026-01-02"}},
        {**HELLO, "at": {"slug": "what?", "date": 0}},
        {**HELLO, "at": {"slug": "last", "date": "2026-01-02T10:00:00+02:00"}},
    ]
    found, rows = store(Api({"/list": items}).bring, more='updated = "at.date", critical = 2')
    assert (found.problems, found.warnings) == ([], [])
    assert rows == [
        ("/ana/7/", 1, "", "2026-01-02T00:00:00+00:00", 1, 0),
        ("/ana/what?/", 1, "", "1970-01-01T00:00:00+00:00", 0, 1),  # no file can have this name
        ("/ana/last/", 1, "", "2026-01-02T10:00:00+02:00", 0, 2),
    ]


def test_a_path_that_comes_twice_is_known_once(store: Store) -> None:
    found, rows = store(Api({"/list": [HELLO] * 3}).bring)
    assert [row[0] for row in rows] == ["/ana/hello/"]
    assert [str(one) for one in found.warnings] == [
        f"{WHERE}/ana/hello/ is left out: the list has it twice, and 1 more path for the same "
        "reason"
    ]


@pytest.mark.parametrize(
    ("item", "message"),
    [
        ({}, "user is missing, not a text"),
        ("ana", "user is missing, not a text"),
        ({"user": True, "at": {"slug": "a"}}, "user is true or false, not a text"),
        ({"user": "", "at": {"slug": "a"}}, "user is empty, not a text"),
        ({**HELLO, "at": {"slug": ["a"]}}, "at.slug is a list, not a text"),
        ({**HELLO, "at": {"slug": ".."}}, "at.slug is '..', which cannot be a part of a path"),
        ({**HELLO, "at": {"slug": "a/b"}}, "at.slug is 'a/b', which cannot be a part of a path"),
        (
            {**HELLO, "at": {"slug": "a\x00"}},
            "at.slug is 'a\\x00', which cannot be a part of a path",
        ),
        (
            {**HELLO, "at": {"slug": "x" * 201}},
            f"at.slug is '{'x' * 40}…', which cannot be a part of a path",
        ),
        ({**HELLO, "date": "soon"}, "date is a text that is not a date"),
        ({**HELLO, "date": True}, "date is true or false that is not a date"),
    ],
)
def test_values_that_no_path_can_have_are_errors(store: Store, item: Any, message: str) -> None:
    found, _ = store(Api({"/list": [HELLO, item]}).bring, more='updated = "date"')
    assert [str(one) for one in found.problems] == [f"{WHERE}api: /list: item 2: {message}"]


def test_many_errors_are_counted(store: Store) -> None:
    found, _ = store(Api({"/list": [{}] * 500}).bring)
    assert [str(one) for one in found.problems] == [
        f"{WHERE}api: /list: item 1: user is missing, not a text, and 499 more items for the same "
        "reason"
    ]
    found, _ = store(Api({"/list": [{"user": f"/{n}"} for n in range(500)]}).bring)
    assert len(found.problems) == 11
    assert str(found.problems[-1]) == f"{WHERE}/{{user}}/{{slug}}/: 490 more items cannot be used"


@pytest.mark.parametrize(
    ("answer", "more", "message"),
    [
        (DataAnswer(404), "", "the source has no such list"),
        (DataAnswer(503), "", "api answered 503"),
        (DataAnswer(0, problem="api took longer than 5 s"), "", "api took longer than 5 s"),
        (DataAnswer(200, b"<html>"), "", "the answer is not JSON: Expecting value: line 1 "
         "column 1 (char 0)"),
        ({"a": 1}, "", "the answer is a table, not a list"),
        ({"a": 1}, 'items = "b"', "b is missing, not a list"),
        ({"b": [], "next": 1.5}, 'items = "b", next = "next"', "next is a number, not a text"),
        ({"b": [], "next": "https://evil.example/"}, 'items = "b", next = "next"',
         "next is 'https://evil.example/', neither a path, which begins with one slash, nor a "
         "query or a URL of the source"),
        ({"b": [], "next": "https://api.example/v1.evil/"}, 'items = "b", next = "next"',
         "next is 'https://api.example/v1.evil/', neither a path, which begins with one slash, "
         "nor a query or a URL of the source"),
        ({"b": [], "next": "//evil.example/"}, 'items = "b", next = "next"',
         "next is '//evil.example/', neither a path, which begins with one slash, nor a query or "
         "a URL of the source"),
        ({"b": [], "next": "/list"}, 'items = "b", next = "next"', "the list does not end: this "
         "part comes again"),
    ],
)  # fmt: skip
def test_answers_that_are_no_list(store: Store, answer: Any, more: str, message: str) -> None:
    found, _ = store(Api({"/list": answer}).bring, more=more)
    assert [str(one) for one in found.problems] == [f"{WHERE}api: /list: {message}"]


@pytest.mark.parametrize(
    ("following", "asked"),
    [
        ("?page=2", "/list?page=2"),
        ("/other?page=2", "/other?page=2"),
        ("https://api.example/v1/list?page=2", "/list?page=2"),
    ],
)
def test_an_answer_names_the_path_of_the_next_part(
    store: Store, following: str, asked: str
) -> None:
    other = {"user": "ben", "at": {"slug": "x"}}
    api = Api({"/list?a=1": {"is": [HELLO], "next": following}, asked: {"is": [other]}})
    _, rows = store(api.bring, "/list?a=1", 'items = "is", next = "next"')
    assert [row[0] for row in rows] == ["/ana/hello/", "/ben/x/"]
    assert api.asked == ["/list?a=1", asked]
