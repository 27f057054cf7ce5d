"""Accounts in both databases, when several requests come at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from blog.accounts.commands import set_password
from tests.platform.client import PASSWORD, RunningApi, running_api
from tests.services import running_postgres

AT_ONCE = 6


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
)
def api(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningApi]:
    folder = tmp_path_factory.mktemp("accounts")
    with ExitStack() as stack:
        changes: dict[str, Any] = {}
        if request.param == "postgresql":
            changes["database_url"] = stack.enter_context(running_postgres()).url
        yield stack.enter_context(running_api(folder, **changes))


def _at_once(requests: list[Callable[[], Any]]) -> list[Any]:
    with ThreadPoolExecutor(len(requests)) as pool:
        return [future.result(60) for future in [pool.submit(one) for one in requests]]


def test_an_account_from_its_beginning_to_its_end(api: RunningApi) -> None:
    ana = api.author("ana")
    assert ana.send("PATCH", "/api/me", {"name": "Ana Lima"}).json()["name"] == "Ana Lima"
    post = ana.send("POST", "/api/me/posts", {"title": "T", "text": "T", "tags": ["sea"]}).json()
    ana.send("POST", f"/api/me/posts/{post['id']}/publish", {"revision": post["revision"]})
    value = {"old": PASSWORD, "new": "a wholly new password"}
    assert ana.send("PUT", "/api/me/password", value).status_code == 200
    assert api.visitor().log_in("ana").status_code == 401
    other = api.visitor()
    assert other.log_in("ana", value["new"]).status_code == 200
    assert ana.send("DELETE", "/api/me", {"password": value["new"]}).status_code == 204
    assert other.get("/api/me").status_code == 401
    assert other.get("/api/users/ana").status_code == 404
    for text in ["a\0b", "ana\0"]:
        assert other.log_in(text).status_code == 401


def test_of_several_who_want_one_name_at_once_one_gets_it(api: RunningApi) -> None:
    visitors = [api.visitor() for _ in range(AT_ONCE)]
    names = ["claudio", "c1audio", "ciaudi0"] * (AT_ONCE // 3)

    def sign_up(index: int) -> int:
        value = {"user": names[index], "password": PASSWORD}
        return visitors[index].send("POST", "/api/accounts", value).status_code

    answers = _at_once([partial(sign_up, index) for index in range(AT_ONCE)])
    assert sorted(answers) == [201] + [422] * (AT_ONCE - 1)


def test_no_session_begins_while_the_password_changes(api: RunningApi) -> None:
    """Each log-in ends before the change, and its session with it, or is refused after it."""
    api.author("greta")
    visitors = [api.visitor() for _ in range(AT_ONCE)]

    def log_in(index: int) -> int:
        return visitors[index].log_in("greta").status_code

    def change() -> int:
        set_password(api.platform, "greta", "a wholly new password")
        return 200

    answers = _at_once([*[partial(log_in, index) for index in range(AT_ONCE)], change])
    assert set(answers[:-1]) <= {200, 401, 409}
    assert {visitor.get("/api/me").status_code for visitor in visitors} == {401}


def test_an_account_that_ends_while_it_writes_has_no_posts(api: RunningApi) -> None:
    hugo = api.author("hugo")
    browsers = [api.visitor() for _ in range(AT_ONCE)]
    for browser in browsers:
        assert browser.log_in("hugo").status_code == 200

    def write(index: int) -> int:
        value = {"title": f"Post {index}", "text": "T"}
        return browsers[index].send("POST", "/api/me/posts", value).status_code

    def end() -> int:
        return hugo.send("DELETE", "/api/me", {"password": PASSWORD}).status_code

    answers = _at_once([*[partial(write, index) for index in range(AT_ONCE)], end])
    assert answers[-1] == 204
    assert set(answers[:-1]) <= {201, 401, 403}
    with api.platform.database.reading() as connection:
        query = "SELECT p.id FROM post p JOIN account a ON a.id = p.author WHERE a.name = 'hugo'"
        assert connection.rows(query) == []
