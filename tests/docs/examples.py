"""Running the examples of a documentation page, as a reader would.

A `console` block is commands (`$ ...`) with what they print; they run one after the other in one
folder, and `cd` holds for those behind it. A block with a `title` is the content of the file of
that name. `ssg serve`, or a command with `uvicorn`, runs until the next one, or to the end of the
page, on a free port. Other blocks are left alone.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import ssg

HOME = "/home/you"
PORT = "8000"
START_SECONDS = 60

_BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", re.M | re.S)
_TITLE = re.compile(r'title="([^"]+)"')
_BAR = re.compile(
    r"^(scan|plan|copy|render|search|emit|publish|read|ask|verify)( \(\d+\))?\n", re.M
)
"""What is a bar on a terminal."""
_VARYING = (
    (re.compile(r"\b\d+\.\d+ s\b"), "N s"),
    (re.compile(r"\b\d+\.\d MB (zipped|unzipped|of)"), r"N MB \1"),
    (re.compile(r"\b[0-9a-f]{20}\b"), "BUILD"),
    (re.compile(r"\(\d+ files\)"), "(N files)"),
    (re.compile(r"^size( +)\d+ bytes", re.M), r"size\1N bytes"),
    (re.compile(r"\bwith \d+ links"), "with N links"),
    (re.compile(r"process \[\d+\]"), "process [N]"),
)
"""What a machine, a theme or a day decides."""


@dataclass(frozen=True, slots=True)
class Command:
    """A command of a page, and what the page says that it prints."""

    line: int
    text: str
    output: str


@dataclass(frozen=True, slots=True)
class File:
    """A file that the page has the reader write."""

    line: int
    name: str
    text: str


def steps(page: str) -> Iterator[Command | File]:
    """What a page has its reader do, in its order."""
    for block in _BLOCK.finditer(page):
        line = page.count("\n", 0, block.start()) + 1
        if title := _TITLE.search(block[2]):
            yield File(line, title[1], block[3])
        elif block[1] == "console":
            yield from _commands(block[3], line + 1)


def _commands(block: str, line: int) -> Iterator[Command]:
    parts = re.split(r"^\$ ", block, flags=re.M)
    assert parts[0] == "", f"line {line}: output without a command"
    for part in parts[1:]:
        text, _, output = part.partition("\n")
        yield Command(line, text, output)
        line += part.count("\n")


@dataclass
class Reader:
    """Somebody who follows a page in a folder of their own. Use it with `with`."""

    home: Path
    folder: Path = field(init=False)
    _server: subprocess.Popen[str] | None = None
    _port: str = field(default_factory=lambda: str(_free_port()))

    def __post_init__(self) -> None:
        self.folder = self.home

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def follow(self, step: Command | File) -> None:
        """Do what a step says. Fails if something else is printed."""
        if isinstance(step, File):
            place = self.folder / step.name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(step.text, "utf-8")
        elif step.text.startswith("cd "):
            self.folder = (self.folder / step.text[3:]).resolve()
            assert self.folder.is_dir(), f"line {step.line}: there is no {step.text[3:]}"
        elif step.text.startswith("ssg serve"):
            self._serve(step, f"{step.text} --port 0")
        elif "uvicorn " in step.text:
            self._serve(step, step.text)
        else:
            assert_same(step, self._run(step.text))

    def _run(self, command: str) -> str:
        """What a command prints, to either stream."""
        done = subprocess.run(
            ["bash", "-o", "pipefail", "-c", self._as_run(command)],
            cwd=self.folder, env=self._environment(), timeout=300, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        output = self._as_written(done.stdout)
        assert done.returncode == 0, f"{command}: status {done.returncode}\n{output}"
        return output

    def _serve(self, step: Command, command: str) -> None:
        self._stop()
        self._server = subprocess.Popen(
            ["bash", "-c", f"exec {self._as_run(command)}"],
            cwd=self.folder, env=self._environment(),
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        stream, lines, line = self._server.stdout, "", ""
        assert stream is not None
        last = step.output.rstrip("\n").rpartition("\n")[2].partition("http")[0]
        deadline = time.monotonic() + START_SECONDS
        while not line.startswith(last) and time.monotonic() < deadline:
            line = stream.readline()
            assert line, f"line {step.line}: the server ended\n{lines}"
            lines += line
            if port := re.search(r"127\.0\.0\.1:(\d+)/", line):
                self._port = port[1]
        assert_same(step, self._as_written(lines))

    def _as_written(self, output: str) -> str:
        """With the names that a page has for this machine’s folder and port."""
        output = output.replace(str(self.home.resolve()), HOME).replace("\r\n", "\n")
        return re.sub(rf":{self._port}\b", f":{PORT}", output)

    def _as_run(self, command: str) -> str:
        """With the port of this reader."""
        return re.sub(rf"(:|--port ){PORT}\b", rf"\g<1>{self._port}", command)

    def _environment(self) -> dict[str, str]:
        """Nobody's settings; the ssg that is tested; and the day of all tests."""
        kept = {n: os.environ[n] for n in ("PATH", "SSG_CACHE_DIR") if n in os.environ}
        cache = os.environ.get("SSG_CACHE_DIR", str(Path.home() / ".cache/ssg"))
        return {
            "HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '')}",
            "PYTHONPATH": str(Path(ssg.__file__).parents[1]),
            "PYTHONUNBUFFERED": "1",
            "SSG_CACHE_DIR": cache,
            "SOURCE_DATE_EPOCH": "1769860800",
            "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8",
        }

    def _stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(20)
            assert self._server.stdout is not None
            self._server.stdout.close()
            self._server = None


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def assert_same(step: Command, output: str) -> None:
    """Output is what the page says, but for what varies, and for what it leaves out with `...`."""
    wanted, found = plain(step.output), plain(output)
    pattern = ".*?".join(map(re.escape, wanted.split("...")))
    assert re.fullmatch(pattern, found, re.S), (
        f"line {step.line}: $ {step.text}\n--- the page says\n{wanted}\n--- it prints\n{found}"
    )


def plain(output: str) -> str:
    """Without bars, and without what varies."""
    output = _BAR.sub("", output)
    for pattern, name in _VARYING:
        output = pattern.sub(name, output)
    return "\n".join(line.rstrip() for line in output.strip("\n").split("\n"))
