"""Requests, timed."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CALL = Path(__file__).parent / "call.cjs"
START_SECONDS = 60
PREVIEW = ("-m", "ssg", "serve", "--port", "0", "--quiet")

_URL = re.compile(rb"http://127\.0\.0\.1:(\d+)/")


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds, sorted."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    def at(self, part: float) -> float:
        return self.values[min(len(self.values) - 1, int(part * len(self.values)))]


def times(milliseconds: Sequence[float]) -> Times:
    return Times(tuple(sorted(milliseconds)))


@dataclass(frozen=True, slots=True)
class Function:
    """An emitted function, and the origin of its deploy."""

    folder: Path
    origin: str

    def first_page(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """The reports of benchmarks/call.cjs, from a new Node process for each path."""
        return [self._call(path) for path in paths]

    def later_pages(self, paths: Sequence[str]) -> list[float]:
        """Milliseconds of each path in one Node process, one after another."""
        found: list[float] = self._call(*paths)["warm"]
        return found

    def _call(self, *paths: str) -> dict[str, Any]:
        command = ["node", str(CALL), str(self.folder), self.origin, *paths]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert not done.returncode, done.stderr + done.stdout
        found: dict[str, Any] = json.loads(done.stderr.splitlines()[-1])
        return found


@contextlib.contextmanager
def deployed(function_dir: Path, publish_dir: Path) -> Iterator[Function]:
    """A function, with a server for the files of its deploy."""
    files = partial(_Files, directory=str(publish_dir))
    with ThreadingHTTPServer(("127.0.0.1", 0), files) as host:
        threading.Thread(target=host.serve_forever, daemon=True).start()
        yield Function(function_dir, f"http://127.0.0.1:{host.server_port}")
        host.shutdown()


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Logs nothing."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port and process."""

    port: int
    pid: int

    @property
    def megabytes(self) -> float:
        """Its current memory."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024


@contextlib.contextmanager
def server(command: Sequence[str], folder: Path) -> Iterator[Server]:
    """Starts a server, waits for its URL on standard error, and ends it by its process id."""
    process = subprocess.Popen(
        [sys.executable, *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr
        said = filter(None, (_URL.search(line) for line in process.stderr))
        yield Server(int(next(said)[1]), process.pid)
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def ask(connection: http.client.HTTPConnection, path: str) -> tuple[float, str]:
    """Milliseconds to the last byte, and the `Cache-Status`."""
    start = time.perf_counter()
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    assert response.status == 200, (path, response.status)
    return (time.perf_counter() - start) * 1000, response.headers["Cache-Status"] or ""
