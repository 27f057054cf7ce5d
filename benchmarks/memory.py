"""Memory of `ssg start` on a large site, and its first answer: `python -m benchmarks.memory`.

Each page is asked for once, so each request renders a page and stores it. Memory is what the
process has for itself, with its part of what it shares (PSS). It should not grow once the caches in
memory are full.
"""

from __future__ import annotations

import argparse
import http.client
import re
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import measure
from benchmarks.servers import Site, build, started

STEPS = 10
STARTS = 5


def megabytes(pid: int) -> float:
    """The proportional memory of a process."""
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) / 1024


def first_answers(site: Site) -> list[float]:
    """Seconds from the start of a process to the end of its first answer, a page it renders."""
    found = []
    for path in site.paths[-STARTS:]:
        began = time.perf_counter()
        with started(site) as server:
            _ask(http.client.HTTPConnection("127.0.0.1", server.port), [path])
            found.append(time.perf_counter() - began)
    return sorted(found)


def bench(site: Site, requests: int) -> None:
    """Starts, then one process under requests for different pages."""
    starts = first_answers(site)
    print(f"  start to first answer             median {starts[STARTS // 2]:.2f} s", flush=True)
    step = requests // STEPS
    with started(site) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        for number in range(STEPS):
            began = time.perf_counter()
            _ask(connection, site.paths[number * step : (number + 1) * step])
            milliseconds = (time.perf_counter() - began) / step * 1000
            count, memory = (number + 1) * step, megabytes(server.pid)
            print(f"  {count:7,} pages  {memory:6.0f} MB  {milliseconds:5.2f} ms each", flush=True)


def _ask(connection: http.client.HTTPConnection, paths: Sequence[str]) -> None:
    for path in paths:
        measure.ask(connection, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=100_000)
    parser.add_argument("--requests", type=int, default=50_000)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        bench(build(Path(folder), wanted.posts), wanted.requests)


if __name__ == "__main__":
    main()
