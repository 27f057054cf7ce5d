"""`ssg.asgi:app` in other ASGI servers."""

from __future__ import annotations

import subprocess
import sys
import urllib.request
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.cli.serving import environment
from tests.ports import free_port
from tests.server.test_follow import until
from tests.server_site import build_for_server

SERVERS = {
    "uvicorn": ["uvicorn", "ssg.asgi:app", "--port", "{port}"],
    "granian": ["granian", "--interface", "asgi", "ssg.asgi:app", "--port", "{port}"],
    "hypercorn": ["hypercorn", "ssg.asgi:app", "--bind", "127.0.0.1:{port}"],
}


@pytest.mark.parametrize("name", SERVERS)
def test_a_site_is_served(name: str, tmp_path: Path) -> None:
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed")
    build_for_server(tmp_path)
    port = free_port()
    words = [word.format(port=port) for word in SERVERS[name]]
    variables = {"SSG_DIR": str(tmp_path / "dist"), "SSG_CACHE": str(tmp_path / "cache")}
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", *words],
            cwd=tmp_path, env=environment(**variables), stdout=said, stderr=said,
        )  # fmt: skip
    try:
        until(lambda: _read(port, "/readyz") == b"ready\n")
        assert _read(port, "/about/") == b"About|<p>About</p>\n"
        assert _read(port, "/blog/a/") == b"A|<p>Text of <em>A</em></p>\n"
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def _read(port: int, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as response:
            body: bytes = response.read()
            return body
    except OSError:
        return None
