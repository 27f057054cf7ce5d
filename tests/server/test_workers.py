"""Several processes: deaths, signals, graceful and hard stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ssg.server.workers import CAN_FORK, LASTING_SECONDS, Worker, pause_before_restart
from tests.server.releases import lead_to, releases
from tests.server.started import Started, started
from tests.server.test_follow import until
from tests.server_site import SERVER_SITE, build_for_server

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="processes are not forked here")


def test_the_pause_grows_and_is_bounded() -> None:
    pauses = [pause_before_restart(failures) for failures in range(12)]
    assert pauses[:3] == [0.1, 0.2, 0.4]
    assert pauses == sorted(pauses)
    assert pauses[-1] == 10


def test_a_worker_that_lived_long_starts_again_at_once() -> None:
    worker = Worker(0)
    assert [worker.ended(1), worker.ended(2), worker.ended(3)] == [0.1, 0.2, 0.4]
    worker.started_at = 3
    assert worker.ended(4 + LASTING_SECONDS) == 0.1


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    slow = "{% for a in range(3000) %}{% for b in range(3000) %}{% endfor %}{% endfor %}slow"
    build_for_server(
        root,
        {
            **SERVER_SITE,
            "templates/slow.html": slow,
            "content/blog/slow.md": "---\ntitle: S\ndeferred: true\ntemplate: slow.html\n---\n",
        },
    )
    return root / "dist"


def workers_of(server: Started) -> list[int]:
    """The process ids of the workers."""
    done = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True
    )
    return [int(word) for word in done.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/status").read_text().split("State:")[1][:4]
    except OSError:
        return False


@pytest.fixture
def server(dist: Path, tmp_path: Path) -> Iterator[Started]:
    with started(tmp_path, str(dist), "--workers", "2", "--grace-seconds", "5") as server:
        until(lambda: len(workers_of(server)) == 2)
        assert server.get("/blog/a/")[0] == 200
        yield server


def test_a_worker_that_is_killed_is_replaced(server: Started) -> None:
    first, second = workers_of(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: len(workers_of(server)) == 2 and first not in workers_of(server))
    assert second in workers_of(server)
    assert re.search(rf"process {first}\) has ended by signal 9", server.err.read_text())
    assert server.get("/blog/a/")[0] == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_all_and_is_no_failure(server: Started, number: signal.Signals) -> None:
    pids = workers_of(server)
    server.process.send_signal(number)
    assert server.process.wait(10) == 0
    assert not [pid for pid in pids if is_alive(pid)]
    assert "has ended" not in server.err.read_text()


def test_workers_end_when_their_parent_is_killed(server: Started) -> None:
    pids = workers_of(server)
    server.process.kill()
    server.process.wait(10)
    until(lambda: not [pid for pid in pids if is_alive(pid)])


def _ask_in_background(server: Started, path: str) -> tuple[threading.Thread, list[object]]:
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(server.get(path)[0])
        except OSError as error:
            answers.append(error)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    return thread, answers


def _refuses(server: Started) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", server.port)) != 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_stop_lets_a_request_end_and_takes_no_new_connection(
    dist: Path, tmp_path: Path, workers: str
) -> None:
    with started(tmp_path, str(dist), "--workers", workers, "--grace-seconds", "30") as server:
        assert server.get("/about/")[0] == 200
        thread, answers = _ask_in_background(server, "/blog/slow/")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGTERM)
        until(lambda: _refuses(server) or not thread.is_alive())
        thread.join(30)
        assert answers == [200]
        assert server.process.wait(20) == 0


@pytest.mark.parametrize("workers", ["1", "2"])
def test_after_the_grace_period_the_rest_is_cut_off(
    dist: Path, tmp_path: Path, workers: str
) -> None:
    with (
        started(tmp_path, str(dist), "--workers", workers, "--grace-seconds", "1") as server,
        socket.create_connection(("127.0.0.1", server.port), timeout=30) as client,
    ):
        client.sendall(b"GET /about/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n1")
        time.sleep(0.3)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(15) == 0
        assert time.monotonic() - begun < 8


@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_second_interrupt_ends_it_at_once(dist: Path, tmp_path: Path, workers: str) -> None:
    with started(tmp_path, str(dist), "--workers", workers, "--grace-seconds", "60") as server:
        thread, _ = _ask_in_background(server, "/blog/slow/")
        time.sleep(0.3)
        server.process.send_signal(signal.SIGINT)
        time.sleep(0.1)
        begun = time.monotonic()
        server.process.send_signal(signal.SIGINT)
        server.process.wait(15)
        assert time.monotonic() - begun < 5
        thread.join(15)


def test_all_workers_follow_a_deploy(tmp_path: Path) -> None:
    first, second = releases(tmp_path, ["one", "two"])
    lead_to(tmp_path / "current", first)
    with started(tmp_path / "run", str(tmp_path / "current"), "--workers", "2") as server:
        assert b"build one" in server.get("/blog/a/")[2]
        lead_to(tmp_path / "current", second)
        server.process.send_signal(signal.SIGHUP)
        until(lambda: _all(server, 12, lambda body: b"build two" in body))
        assert _all(server, 30, lambda body: b"build two" in body)


def _all(server: Started, count: int, holds: Callable[[bytes], bool]) -> bool:
    return all(holds(server.get("/blog/a/")[2]) for _ in range(count))


def test_a_folder_that_is_wrong_stops_the_start(tmp_path: Path) -> None:
    with (
        pytest.raises(AssertionError, match="this is not a build for a server"),
        started(tmp_path, "nowhere", "--workers", "2"),
    ):
        pass
