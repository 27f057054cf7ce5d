"""Servers in processes of their own: each page is rendered once, and a dead server stops nobody."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ssg.edge.storage.redis.lease import LeaseTimes
from tests.edge.storage.redis.servers import Server
from tests.services import RedisService, wait_until

pytestmark = [pytest.mark.redis, pytest.mark.timeout(120)]

# Reads lines "PATH COUNT", asks for the path from so many threads at once, and writes a line for
# each reply. Each render is a line in a file.
SERVER = """
import os, sys, threading, time
from tests.edge.storage.redis.servers import Server
from ssg.edge.cache import PageCache
from ssg.edge.thread_pool import DaemonThreadPool
from ssg.edge.storage.redis.lease import LeaseTimes
from ssg.runtime.caching import Caching
from ssg.runtime.http import Response
from ssg.targets.netlify.capabilities import FUNCTION

url, name, renders, number, seconds = sys.argv[1:]
server = Server(url, name, times=LeaseTimes())
file = os.open(renders, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

def answer(request):
    os.write(file, f"{request.path} {number}\\n".encode())
    time.sleep(float(seconds))
    return Response(200, request.path.encode(), {}, Caching(None, None, ("site",)))

cache = PageCache(server.pages, answer, FUNCTION, spawn=DaemonThreadPool(), log=lambda _: None)

def ask(path):
    reply = cache.wait("GET", path)
    body = "right" if reply.entry.body == path.encode() else "wrong"
    os.write(1, f"{path} {reply.entry.status} {body} {reply.source}\\n".encode())

print("ready", flush=True)
for line in sys.stdin:
    path, count = line.split()
    for _ in range(int(count)):
        threading.Thread(target=ask, args=(path,), daemon=True).start()
"""


class Servers:
    """Three processes that share a namespace."""

    def __init__(self, redis: RedisService, folder: Path, seconds: float) -> None:
        self.watcher = Server(redis.url, times=LeaseTimes())
        self._renders = folder / "renders"
        self._renders.touch()
        words = [redis.url, self.watcher.name, str(self._renders)]
        self.running = [
            subprocess.Popen(
                [sys.executable, "-c", SERVER, *words, str(number), str(seconds)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[4],
                text=True,
                bufsize=1,
            )
            for number in range(3)
        ]
        for process in self.running:
            assert self._line(process) == "ready"

    def ask(self, number: int, path: str, count: int = 1) -> None:
        """Send one server so many requests at once."""
        stdin = self.running[number].stdin
        assert stdin is not None
        stdin.write(f"{path} {count}\n")

    def replies(self, number: int, count: int) -> Counter[str]:
        """Wait for so many replies of a server: status, and whether the body is right."""
        lines = [self._line(self.running[number]) for _ in range(count)]
        return Counter(" ".join(line.split()[1:3]) for line in lines)

    def renders(self) -> Counter[str]:
        """How often each page was rendered."""
        return Counter(line.split()[0] for line in self._renders.read_text().splitlines())

    def renderer_of(self, path: str) -> int:
        """The server that rendered a page first."""
        assert wait_until(lambda: self.renders()[path] > 0, 20)
        (first, *_) = [line for line in self._renders.read_text().splitlines() if path in line]
        return int(first.split()[1])

    def close(self) -> None:
        """End all processes."""
        for process in self.running:
            process.kill()
            process.wait(10)
        self.watcher.close()

    @staticmethod
    def _line(process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        return process.stdout.readline().strip()


@contextmanager
def three_servers(redis: RedisService, folder: Path, seconds: float) -> Iterator[Servers]:
    servers = Servers(redis, folder, seconds)
    try:
        yield servers
    finally:
        servers.close()


def test_three_hundred_first_requests_at_once_render_a_page_once(
    redis: RedisService, tmp_path: Path
) -> None:
    with three_servers(redis, tmp_path, seconds=0.1) as servers:
        for number in range(3):
            servers.ask(number, "/a/", 100)
        for number in range(3):
            assert servers.replies(number, 100) == {"200 right": 100}
        assert servers.renders() == {"/a/": 1}


def test_a_hundred_pages_are_rendered_once_each(redis: RedisService, tmp_path: Path) -> None:
    paths = [f"/{number}/" for number in range(100)]
    with three_servers(redis, tmp_path, seconds=0.01) as servers:
        for path in paths:
            for number in range(3):
                servers.ask(number, path)
        for number in range(3):
            assert servers.replies(number, 100) == {"200 right": 100}
        assert servers.renders() == dict.fromkeys(paths, 1)
        counted = wait_until(lambda: servers.watcher.pages.counters().get("renders") == 100, 5)
        assert counted, servers.watcher.pages.counters()
        stored = wait_until(lambda: servers.watcher.pages.counters().get("stores") == 100, 5)
        assert stored, servers.watcher.pages.counters()


def test_a_server_that_is_killed_while_it_renders_frees_the_others(
    redis: RedisService, tmp_path: Path
) -> None:
    with three_servers(redis, tmp_path, seconds=1.0) as servers:
        for number in range(3):
            servers.ask(number, "/a/")
        first = servers.renderer_of("/a/")
        servers.running[first].send_signal(signal.SIGKILL)
        began = time.monotonic()
        for number in {0, 1, 2} - {first}:
            assert servers.replies(number, 1) == {"200 right": 1}
        assert time.monotonic() - began < 2.0 + 1.0 + 1.5  # the lease, the render, and some time
        assert servers.renders() == {"/a/": 2}


def test_a_slow_render_keeps_its_lock(redis: RedisService, tmp_path: Path) -> None:
    with three_servers(redis, tmp_path, seconds=4.0) as servers:
        for number in range(3):
            servers.ask(number, "/a/")
        for number in range(3):
            assert servers.replies(number, 1) == {"200 right": 1}
        assert servers.renders() == {"/a/": 1}


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="only POSIX pauses processes")
def test_a_process_that_is_paused_serves_nothing_older_than_a_purge(
    redis: RedisService, tmp_path: Path
) -> None:
    with three_servers(redis, tmp_path, seconds=0.0) as servers:
        for number in range(3):
            servers.ask(number, "/a/", 1)
            servers.replies(number, 1)
        time.sleep(3)
        assert servers.renders() == {"/a/": 1}
        servers.running[0].send_signal(signal.SIGSTOP)
        began = time.monotonic()
        servers.watcher.pages.purge_tags(["site"])
        assert time.monotonic() - began < 3.0
        servers.ask(0, "/a/")
        servers.running[0].send_signal(signal.SIGCONT)
        assert servers.replies(0, 1) == {"200 right": 1}
        assert servers.renders() == {"/a/": 2}
