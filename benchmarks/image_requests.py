"""Variants of pictures on their first request to `ssg start`, and the process that makes them."""

from __future__ import annotations

import http.client
import re
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.process import tree
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site

AT_ONCE = 20
ENCODER = b"ssg.images.encoder_process"


@dataclass(frozen=True, slots=True)
class Requested:
    """What requests took, in milliseconds."""

    first_ms: Sequence[float]
    second_ms: Sequence[float]
    at_once_ms: float
    """From the first of the requests at once to the last answer."""
    encodes: int
    """How many of them were misses of their own."""
    encoder_megabytes: float
    """The most that a process which makes variants has had."""


def request_variants(root: Path, *, width: int) -> Requested:
    """Asks a new server for each variant of a width twice, and for one more at once."""
    paths = _variants(root, width)
    with tempfile.TemporaryDirectory() as cache, _started(root, cache) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        first = [measure.ask(connection, path)[0] for path in paths[:-1]]
        second = [measure.ask(connection, path)[0] for path in paths[:-1]]
        took, states = _at_once(server.port, paths[-1])
        misses = sum("fwd=" in state and "collapsed" not in state for state in states)
        return Requested(first, second, took, misses, encoder_megabytes(server.pid))


def _variants(root: Path, width: int) -> list[str]:
    """The addresses of WebP variants of a width."""
    with closing(Site.open(root / "dist/site.db")) as site:
        pictures = [picture for picture in site.pictures() if picture.has_variants]
    found = [Variant(picture, Recipe(width), "webp").path for picture in pictures]
    assert len(found) > 1
    return found


def _started(root: Path, cache: str) -> AbstractContextManager[measure.Server]:
    words = ["-m", "ssg", "start", str(root / "dist"), "--port", "0", "--cache", cache]
    return measure.server(words, root)


def _at_once(port: int, path: str) -> tuple[float, list[str]]:
    """Milliseconds until all have an answer, and their `Cache-Status`."""
    gate = threading.Barrier(AT_ONCE)

    def ask(_: int) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        connection.connect()
        gate.wait()
        return measure.ask(connection, path)[1]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        started = time.perf_counter()
        states = list(pool.map(ask, range(AT_ONCE)))
    return (time.perf_counter() - started) * 1000, states


def encoder_megabytes(pid: int) -> float:
    """The highest peak of the processes below a process that make variants."""
    return max((_peak(Path(f"/proc/{one}")) for one in tree(pid)), default=0.0)


def _peak(process: Path) -> float:
    """The most memory that a process has had, in MB; 0 if it makes no variants."""
    try:
        if ENCODER not in (process / "cmdline").read_bytes():
            return 0.0
        status = (process / "status").read_text()
    except OSError:  # it has ended
        return 0.0
    return int(re.findall(r"VmHWM:\s+(\d+)", status)[0]) / 1024
