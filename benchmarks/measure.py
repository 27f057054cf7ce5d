"""Requests, timed."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

CALL = Path(__file__).parent / "call.cjs"
START_SECONDS = 60


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


def first_page(function_dir: Path, paths: Sequence[str]) -> list[dict[str, float]]:
    """A fresh Node process for each path; what benchmarks/call.cjs says of it."""
    answers = []
    for path in paths:
        done = subprocess.run(
            ["node", str(CALL), str(function_dir), path], capture_output=True, text=True, check=True
        )
        answers.append(json.loads(done.stderr.splitlines()[-1]))
    return answers


def warm_pages(function_dir: Path, paths: Sequence[str]) -> dict[str, list[float]]:
    """One Node process that answers all paths, one after another."""
    command = ["node", str(CALL), str(function_dir), *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, list[float]] = json.loads(done.stderr.splitlines()[-1])
    return answer


@contextlib.contextmanager
def serving(root: Path) -> Iterator[http.client.HTTPConnection]:
    """`ssg serve` on a free port; yields one kept-alive connection to it."""
    command = [sys.executable, "-m", "ssg", "serve", "--port", "0", "--quiet"]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(
        command, cwd=root, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        assert process.stderr
        line = next(text for text in process.stderr if b"http://" in text).decode()
        port = int(line.split("http://127.0.0.1:")[1].split("/")[0])
        yield http.client.HTTPConnection("127.0.0.1", port, timeout=30)
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
