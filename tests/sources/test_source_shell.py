"""The requests of a round are asked together, in any thread and process."""

from __future__ import annotations

import json
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DataSource, SourceKind
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import SourceShell
from tests.json_api import JsonApi
from tests.sources.conftest import ShellMaker, ask


def _requests(*paths: str) -> list[DataRequest]:
    return [DataRequest("posts", path) for path in paths]


def test_requests_of_a_round_are_asked_together(api: JsonApi, shell_of: ShellMaker) -> None:
    """The API answers none of the three before it has all: so they take as long as the slowest."""
    api.meeting = threading.Barrier(3)
    wanted = _requests("/fault/meet/a", "/fault/meet/b", "/fault/meet/c")
    answers = shell_of().bring([*wanted, *wanted])
    assert [json.loads(answers[one].body)["name"] for one in wanted] == ["a", "b", "c"]
    assert len(api.seen) == 3  # each once


def test_one_request_needs_no_thread(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    before = {thread.name for thread in threading.enumerate()}
    assert ask(shell, "/users/user1").status == 200
    started = {thread.name for thread in threading.enumerate()} - before
    assert not any(name.startswith("ssg-source") for name in started)
    assert shell.bring([]) == {}


def test_a_failure_leaves_the_other_answers(shell_of: ShellMaker) -> None:
    good, bad, none = _requests("/users/user1", "/fault/status/500", "/posts/none/none")
    unknown = DataRequest("nobody", "/x")
    answers = shell_of().bring([good, bad, none, unknown])
    assert answers[good].status == 200
    assert answers[bad] == DataAnswer(500, problem="posts: the source answered 500")
    assert answers[none].is_missing
    assert answers[unknown].problem == "nobody: there is no such source"


def test_many_threads_share_a_shell(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    paths = [f"/posts/user{number % 2 + 1}/post{number % 4 + 1}" for number in range(200)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda path: ask(shell, path), paths))
    for path, answer in zip(paths, found, strict=True):
        user, slug = path.split("/")[2:]
        if (user, slug) in api.posts:
            assert json.loads(answer.body)["slug"] == slug
        else:
            assert answer.is_missing
    assert len({seen.client for seen in api.seen}) <= 9


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there are no forks on Windows")
def test_a_fork_has_connections_of_its_own(api: JsonApi, shell_of: ShellMaker) -> None:
    shell = shell_of()
    shell.bring(_requests("/users/user1", "/users/user2"))  # with connections and threads
    parent = {seen.client for seen in api.seen}
    api.forget()
    child = os.fork()
    if not child:
        answers = shell.bring(_requests("/users/user1", "/users/user2"))
        os._exit(0 if all(one.status == 200 for one in answers.values()) else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert parent.isdisjoint({seen.client for seen in api.seen})
    api.forget()
    assert ask(shell, "/users/user1").status == 200
    assert {seen.client for seen in api.seen} <= parent


def test_no_page_waits_longer_than_a_source_may_take(
    api: JsonApi, shell_of: ShellMaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even if all threads are waiting for it, and never for the threads of another source."""
    monkeypatch.setattr("ssg.sources.source_shell.MAX_THREADS", 2)
    calls: list[str] = []
    shell = shell_of(timeout_seconds=1, observer=lambda request, *_: calls.append(request.path))
    wanted = _requests(*(f"/fault/slow/{number}" for number in range(9)))
    with ThreadPoolExecutor(1) as other:
        started = time.monotonic()
        slow = other.submit(shell.bring, wanted)
        assert shell.bring([DataRequest("a", "/"), DataRequest("b", "/")])
        assert not slow.done()
        answers = slow.result()
    assert time.monotonic() - started < 2.9  # one after the other they would take four
    assert {one.problem for one in answers.values()} == {"posts: no answer within 1 s"}
    shell.close()
    assert sorted(calls)[2:] == sorted(one.path for one in wanted)
    assert len(api.seen) < 9


def test_the_password_of_a_database_may_be_a_word_of_its_texts(
    api: JsonApi, tmp_path: Path
) -> None:
    """What is sent to an API is removed from all answers, this from messages alone."""
    api.add_post("user1", "post1", title="postgres and token-1")
    sources = {
        "api": DataSource("api", url=api.url, headers={"X": "${KEY}"}),
        "db": DataSource("db", SourceKind.SQL, "${DB}"),
    }
    variables = {"KEY": "token-1", "DB": "mysql://postgres:postgres@db/blog"}
    shell = SourceShell(sources, SiteEnvironment.for_site(variables, (), sources.values()), {})
    post, row = DataRequest("api", "/posts/user1/post1"), DataRequest("db", query="postgres")
    answers = shell.bring([post, row])
    shell.close()
    assert json.loads(answers[post].body)["title"] == "postgres and [secret]"
    assert answers[row].problem
    assert "postgres" not in answers[row].problem.removeprefix("db: ")


def test_a_closed_shell_opens_again(shell_of: ShellMaker) -> None:
    shell = shell_of()
    shell.bring(_requests("/users/user1", "/users/user2"))
    shell.close()
    shell.close()
    assert ask(shell, "/users/user1").status == 200


def test_an_observer_is_told_each_request(shell_of: ShellMaker) -> None:
    calls: list[tuple[str, int, bool]] = []
    shell = shell_of(
        observer=lambda request, answer, seconds: calls.append(
            (request.path, answer.status, 0 < seconds < 10)
        )
    )
    shell.bring(_requests("/users/user1", "/fault/status/500"))
    assert sorted(calls) == [("/fault/status/500", 500, True), ("/users/user1", 200, True)]
