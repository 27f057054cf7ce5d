"""`ssg start` as a process."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.serving import ssg
from tests.server.started import started
from tests.server.test_follow import until
from tests.server_site import build_for_server

NOT_IMPORTED = ("ssg.build", "ssg.preview", "ssg.content", "ssg.importers", "rich")


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    build_for_server(root)
    return root


def test_a_folder_is_served_without_its_sources(built: Path, tmp_path: Path) -> None:
    with started(tmp_path, str(built / "dist"), "--access-log", "json") as server:
        _, headers, body = server.get("/about/", {"X-Request-Id": "mine", "X-Forwarded-For": "::9"})
        assert (headers["x-request-id"], body) == ("mine", b"About|<p>About</p>\n")
        assert server.get("/blog/a/")[2] == b"A|<p>Text of <em>A</em></p>\n"
        assert server.get("/blog/a/", method="HEAD")[2] == b""
        assert server.get("/nope/")[0] == 404
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        lines = [json.loads(line) for line in server.out.read_text().splitlines()]
    assert [(line["path"], line["status"], line["source"]) for line in lines] == [
        ("/about/", 200, "file"),
        ("/blog/a/", 200, "miss"),
        ("/blog/a/", 200, "hit"),
        ("/nope/", 404, "nothing"),
    ]
    assert (lines[0]["request_id"], lines[0]["client"]) == ("mine", "127.0.0.1")
    assert lines[1].keys() == {
        "time", "event", "method", "path", "status", "bytes", "seconds", "source", "request_id",
        "client",
    }  # fmt: skip
    assert list((tmp_path / "caches" / "ssg").iterdir())


def test_what_is_wrong_is_told_without_a_traceback(tmp_path: Path) -> None:
    done = ssg(tmp_path, "start", "nowhere", timeout=30)
    assert done.returncode == 1
    assert "nowhere/deploy.toml: error: this is not a build for a server" in done.stderr
    done = ssg(tmp_path, "start", "--port", "x", "--workers", "many", timeout=30)
    assert done.returncode == 1
    assert '--port: "x" is not a number' in done.stderr
    assert '--workers: "many" is not a number' in done.stderr
    assert "Traceback" not in done.stderr


def test_a_server_imports_nothing_of_builds_and_previews() -> None:
    code = "import sys, ssg.asgi, ssg.cli.commands.start; print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    loaded = done.stdout.split()
    assert not [name for name in loaded if name.startswith(NOT_IMPORTED)]


def test_a_proxy_that_is_allowed_says_who_the_client_is(built: Path, tmp_path: Path) -> None:
    words = [str(built / "dist"), "--access-log", "json", "--forwarded-allow-ips", "127.0.0.1"]
    with started(tmp_path, *words) as server:
        _, headers, _ = server.get("/about/", {"X-Forwarded-For": "192.0.2.7", "Host": "evil"})
        assert re.fullmatch("[0-9a-f]{32}", headers["x-request-id"])
        assert server.get("/blog", {"Host": "evil", "X-Forwarded-Host": "evil"})[1]["location"] == (
            "/blog/"
        )
        until(lambda: server.out.read_text().count("\n") == 2)
        assert json.loads(server.out.read_text().splitlines()[0])["client"] == "192.0.2.7"
