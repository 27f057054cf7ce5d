"""`ssg start` as a process on a free port."""

from __future__ import annotations

import http.client
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.cli.serving import environment


@dataclass(frozen=True)
class Started:
    """A running server. What it prints is in files."""

    port: int
    process: subprocess.Popen[bytes]
    out: Path
    err: Path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> tuple[int, Mapping[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            response = connection.getresponse()
            found = {name.lower(): value for name, value in response.getheaders()}
            return response.status, found, response.read()
        finally:
            connection.close()


@contextmanager
def started(root: Path, *words: str, **variables: str) -> Iterator[Started]:
    """Start a server in a folder, on a port that it chooses; ended by its own id."""
    root.mkdir(exist_ok=True)
    out, err = root / "server.out", root / "server.err"
    variables = {"XDG_CACHE_HOME": str(root / "caches"), **variables}
    with out.open("wb") as to_out, err.open("wb") as to_err:
        process = subprocess.Popen(
            [sys.executable, "-m", "ssg", "start", *words, "--port", "0"],
            cwd=root, env=environment(**variables), stdout=to_out, stderr=to_err,
        )  # fmt: skip
    try:
        yield Started(port_of(process, err), process, out, err)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(30)


def port_of(process: subprocess.Popen[bytes], err: Path) -> int:
    """The port that a server announces."""
    for _ in range(3000):
        for line in err.read_text("utf-8").splitlines():
            if line.startswith("serving ") and " on http://127.0.0.1:" in line:
                return int(line.rpartition(":")[2].strip("/"))
        try:
            process.wait(0.01)
        except subprocess.TimeoutExpired:
            continue
        break
    raise AssertionError(err.read_text("utf-8"))
