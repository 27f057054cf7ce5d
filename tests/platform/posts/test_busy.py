"""A database that is locked for too long is no error that people see."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from blog import database
from blog.posts import writing
from tests.platform.client import RunningApi, running_api
from tests.platform.posts.writer import Writer, log_in


@contextmanager
def _locked(api: RunningApi) -> Iterator[None]:
    """Another program writes to the file."""
    path = api.platform.settings.database_url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.execute("ROLLBACK")
        connection.close()


def test_who_waits_too_long_is_told_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "SQLITE_WAIT_SECONDS", 0.1)
    with running_api(tmp_path) as api:
        ana = log_in(api, "ana")
        post = ana.create()
        with _locked(api):
            draft = {"title": "T", "text": "X", "revision": post["revision"]}
            answer = ana.send("PUT", f"/api/me/posts/{post['id']}/draft", draft)
            assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
            assert "busy" in answer.json()["error"]
            assert ana.get(f"/api/me/posts/{post['id']}").json() == post
        assert ana.save(post, text="X")["text"] == "X"


def test_who_waits_a_moment_does_not_notice(api: RunningApi, ana: Writer) -> None:
    post = ana.create()
    with _locked(api):
        saved: list[str] = []
        thread = threading.Thread(target=lambda: saved.append(ana.save(post, text="X")["text"]))
        thread.start()
        thread.join(0.3)
        assert saved == []
    thread.join(20)
    assert saved == ["X"]


def test_an_account_has_a_limit_of_posts(ana: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "MAX_POSTS", 1)
    ana.create()
    answer = ana.send("POST", "/api/me/posts", {"title": "T", "text": ""})
    assert (answer.status_code, answer.json()["error"]) == (409, "An account has at most 1 posts.")
