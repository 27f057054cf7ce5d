"""Metrics of one process and of several."""

from __future__ import annotations

import os
import signal
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from ssg.model.errors import ConfigError
from ssg.server import metrics
from tests.ports import free_port
from tests.server.started import started
from tests.server.test_follow import until
from tests.server.test_workers import workers_of
from tests.server_site import build_for_server

pytest.importorskip("prometheus_client")


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    build_for_server(root)
    return root / "dist"


def numbers(port: int) -> dict[str, float]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as response:
        lines = response.read().decode().splitlines()
    rows = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def can_read(port: int) -> bool:
    try:
        return bool(numbers(port)) or True
    except OSError:
        return False


@pytest.mark.parametrize("workers", [1, 2])
def test_requests_renders_and_the_cache_are_counted(
    dist: Path, tmp_path: Path, workers: int
) -> None:
    port = free_port()
    words = [str(dist), "--workers", str(workers), "--metrics-port", str(port)]
    with started(tmp_path, *words) as server:
        until(lambda: can_read(port))
        assert server.get("/blog/a/")[0] == 200
        until(lambda: "hit" in server.get("/blog/a/")[1]["cache-status"])
        for _ in range(5):
            assert server.get("/about/")[0] == 200
        assert server.get("/nope/")[0] == 404
        found = numbers(port)
        assert found['ssg_requests_total{source="file",status="2xx"}'] == 5
        assert found['ssg_requests_total{source="miss",status="2xx"}'] == 1
        assert found['ssg_requests_total{source="nothing",status="4xx"}'] == 1
        assert found['ssg_request_seconds_count{source="file"}'] == 5
        assert found['ssg_render_seconds_count{verdict="stored"}'] == 1
        until(lambda: numbers(port).get("ssg_workers") == workers)
        until(lambda: numbers(port)["ssg_cache_pages"] == 1)
        assert numbers(port)["ssg_cache_bytes"] > 0
        assert numbers(port)["ssg_waiting_renders"] == 0
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=10)


def test_a_worker_that_ends_is_no_longer_counted_but_its_requests_are(
    dist: Path, tmp_path: Path
) -> None:
    port = free_port()
    folders = tmp_path / "tmp"
    folders.mkdir()
    words = [str(dist), "--workers", "2", "--metrics-port", str(port)]
    with started(tmp_path / "run", *words, TMPDIR=str(folders)) as server:
        until(lambda: can_read(port) and numbers(port).get("ssg_workers") == 2)
        for _ in range(10):
            assert server.get("/about/")[0] == 200
        server.process.send_signal(signal.SIGHUP)
        for pid in workers_of(server)[:2]:
            os.kill(pid, signal.SIGKILL)
        until(lambda: len(workers_of(server)) == 3)
        until(lambda: can_read(port) and numbers(port).get("ssg_workers") == 2)
        assert numbers(port)['ssg_requests_total{source="file",status="2xx"}'] == 10
        assert len(list(folders.iterdir())) == 1
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(20) == 0
        assert list(folders.iterdir()) == []


def test_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "find_spec", lambda _: None)
    with pytest.raises(ConfigError) as raised:
        metrics.check_installed()
    assert raised.value.problems[0].hint == 'pip install "ssg[server]"'
