"""Recordings: what was brought is brought again, without a network."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.sources.recorded import RecordingShell, ReplayShell, recording_name
from tests.json_api import json_api
from tests.sources.conftest import ShellMaker

POST = DataRequest("posts", "/posts/ana/hello?limit=5")


def _record(folder: Path, request: DataRequest, answer: DataAnswer) -> DataAnswer:
    """Record an answer, and replay it."""

    def bring(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
        return dict.fromkeys(requests, answer)

    assert RecordingShell(bring, folder).bring([request]) == {request: answer}
    return ReplayShell(folder).bring([request])[request]


def test_a_recording_can_be_read_by_people(tmp_path: Path) -> None:
    body = b'{"title":"Gr\\u00fc\\u00dfe","n":[1,2.5,null]}'
    replayed = _record(tmp_path, POST, DataAnswer(200, body))
    assert json.loads(replayed.body) == json.loads(body)
    (path,) = tmp_path.rglob("*.json")
    assert path.relative_to(tmp_path).as_posix() == recording_name(POST)
    assert recording_name(POST) == "posts/posts-ana-hello-limit=5.0ad51ec0146c.json"
    assert json.loads(path.read_text("utf-8")) == {
        "source": "posts",
        "path": "/posts/ana/hello?limit=5",
        "status": 200,
        "json": {"title": "Grüße", "n": [1, 2.5, None]},
    }
    assert '"title": "Grüße"' in path.read_text("utf-8")


@pytest.mark.parametrize(
    "answer",
    [
        DataAnswer(404),
        DataAnswer(204),
        DataAnswer(200, b"<p>not JSON</p>"),
        DataAnswer(200, b"\xff\x00"),
        DataAnswer(200, b"1e999"),
        DataAnswer(200, b'"\\ud800"'),
        DataAnswer(200, b"[" * 100_000),
        DataAnswer(200, b"null"),
        DataAnswer(200, b'{"title": "x", "json": 1}'),
    ],
    ids=lambda answer: f"{answer.status}-{answer.body[:12]!r}",
)
def test_every_answer_is_replayed(tmp_path: Path, answer: DataAnswer) -> None:
    assert _record(tmp_path, POST, answer) == answer


def test_a_failure_leaves_the_last_good_answer(tmp_path: Path) -> None:
    good = DataAnswer(200, b"1")
    _record(tmp_path, POST, good)
    assert _record(tmp_path, POST, DataAnswer(503, problem="posts: it is down")) == good


def test_a_request_without_a_recording_is_named(tmp_path: Path) -> None:
    answer = ReplayShell(tmp_path).bring([POST])[POST]
    assert answer.problem == (
        f"posts: /posts/ana/hello?limit=5: there is no recording {tmp_path / recording_name(POST)}"
    )


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"status": "x"}', '{"status": 200, "base64": "?"}']
)
def test_a_damaged_recording_is_named(tmp_path: Path, text: str) -> None:
    _record(tmp_path, POST, DataAnswer(200, b"1"))
    (tmp_path / recording_name(POST)).write_text(text)
    assert "is damaged" in ReplayShell(tmp_path).bring([POST])[POST].problem


def test_requests_have_files_of_their_own() -> None:
    requests = [
        POST,
        DataRequest("posts", POST.path, is_draft=True),
        DataRequest("other", POST.path),
        DataRequest("posts", "/posts/ana-hello?limit=5"),
        DataRequest("db", query="post", values=(("user", "ana"), ("n", 1))),
        DataRequest("db", query="post", values=(("user", "ana"), ("n", "1"))),
        DataRequest("db", query="post-ana-1"),
        DataRequest("posts", ""),
        DataRequest("posts", "/" + "x" * 3000),
    ]
    names = [recording_name(one) for one in requests]
    assert len({name.lower() for name in names}) == len(requests)
    assert names[4].startswith("db/post-ana-1.")
    assert max(map(len, names)) < 150


@given(st.text(), st.text())
def test_no_request_leaves_the_folder(source: str, path: str) -> None:
    name = recording_name(DataRequest(source, path))
    assert len(Path(name).parts) == 2
    assert ".." not in Path(name).parts
    assert name.isascii()
    assert "\\" not in name


def test_a_site_works_without_its_api(tmp_path: Path, shell_of: ShellMaker) -> None:
    requests = [DataRequest("posts", f"/posts/user1/post{n}") for n in (1, 2, 3)]
    with json_api(posts=4, users=2) as api:
        brought = RecordingShell(shell_of(url=f"{api.url}/v1").bring, tmp_path).bring(requests)
    replayed = ReplayShell(tmp_path).bring(requests)
    assert [one.status for one in replayed.values()] == [200, 404, 200]
    assert [one.body and json.loads(one.body) for one in replayed.values()] == [
        one.body and json.loads(one.body) for one in brought.values()
    ]
