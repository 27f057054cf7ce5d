"""A secret that is planted in a source, and looked for in every byte that leaves it."""

from __future__ import annotations

import logging
import pickle
from base64 import b64encode
from pathlib import Path

import pytest

from ssg.model.live.data_request import DataRequest
from ssg.sources.recorded import RecordingShell
from tests.json_api import JsonApi
from tests.sources.conftest import ShellMaker

CANARY = "canary/7f3a+b2"
FAULTS = [
    "echo", "status/401", "status/503", "redirect/x", "huge/2000000", "bomb/2000000", "html",
    "break-head", "break-body", "not-http", "gzip/short", "brotli", "slow", "drip-head",
]  # fmt: skip


@pytest.mark.parametrize("encoding", ["plain", "basic"])
def test_a_secret_reaches_nobody(
    api: JsonApi,
    shell_of: ShellMaker,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    encoding: str,
) -> None:
    """Not even if the source sends it back, as `/fault/echo` does."""
    caplog.set_level(logging.DEBUG)
    secret = CANARY if encoding == "plain" else b64encode(f"user:{CANARY}".encode()).decode()
    header = "Bearer ${KEY}" if encoding == "plain" else "Basic ${KEY}"
    left: list[bytes] = []
    shell = shell_of(
        {"KEY": secret},
        observer=lambda *call: left.append(pickle.dumps(call)),
        headers={"Authorization": header, "X-Key": "${KEY}"},
        timeout_seconds=1,
    )
    requests = [DataRequest("posts", f"/fault/{fault}") for fault in FAULTS]
    requests += [DataRequest("posts", "//elsewhere"), DataRequest("posts", "/users/user1")]
    answers = RecordingShell(shell.bring, tmp_path).bring(requests)
    assert api.seen[0].headers["x-key"] == secret  # it was sent
    assert b"[secret]" in answers[requests[0]].body  # and came back
    left += [pickle.dumps(answers), repr(answers).encode(), caplog.text.encode()]
    left += [path.read_bytes() for path in tmp_path.rglob("*.json")]
    assert len(left) == len(requests) + 3 + 4
    assert all(secret.encode() not in one for one in left)
    assert all(secret[4:12].encode() not in one for one in left)
    assert secret not in repr(vars(shell))


@pytest.mark.parametrize(
    "value", [CANARY + "\n", CANARY + "\r\nX: y", CANARY + "ü", "\x00" + CANARY]
)
def test_a_secret_that_cannot_be_sent_is_not_shown(
    api: JsonApi, shell_of: ShellMaker, value: str
) -> None:
    shell = shell_of({"KEY": value}, headers={"X-Key": "${KEY}"})
    (answer,) = shell.bring([DataRequest("posts", "/users/user1")]).values()
    assert answer.problem
    assert CANARY not in answer.problem
    assert api.seen == []


def test_a_secret_in_an_address_is_not_shown(shell_of: ShellMaker) -> None:
    for url in (f"https://user:{CANARY}@127.0.0.1:1/", f"ftp://{CANARY}", f"http://[{CANARY}"):
        (answer,) = shell_of(url=url).bring([DataRequest("posts", "/x")]).values()
        assert answer.problem.startswith("posts: its url ")
        assert CANARY not in answer.problem
