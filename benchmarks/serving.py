"""A cached page and a file under load, beside a bare file server: `python -m benchmarks.serving`.

Every contestant runs on the same HTTP server, with one thread that answers; wrk takes one core of
its own. So the figures compare what is between the parser and the answer. `floor` is a response
that nothing decides. With an argument, only contestants of these names run.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.load import Load, press

CONNECTIONS = 32
SECONDS = 5
PAGE_LINES = 120

SERVE = """\
import sys
from pathlib import Path
from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.listener import listening_socket, url_of

def serve(app):
    listener = listening_socket("127.0.0.1", 0)
    ready = lambda: print(url_of(listener, "127.0.0.1"), file=sys.stderr, flush=True)
    HttpServer(app, ready, lambda: None).run(sockets=[listener])

folder = Path(sys.argv[1])
"""

FLOOR = """
body = (folder / "public/file.html").read_bytes()
start = {"type": "http.response.start", "status": 200, "headers": [
    (b"content-type", b"text/html; charset=UTF-8"), (b"content-length", str(len(body)).encode())]}

async def app(scope, receive, send):
    await send(start)
    await send({"type": "http.response.body", "body": body})

serve(app)
"""

BARE = """
from starlette.responses import FileResponse

async def app(scope, receive, send):
    await FileResponse(folder / "public/file.html")(scope, receive, send)

serve(app)
"""

EDGE = """
from ssg.edge.app import Edge
from ssg.edge.deployment import Deployment
from ssg.edge.http.encodings import ALL_ENCODINGS
from ssg.edge.storage.disk_store import DiskStore
from ssg.redirects.rule import RedirectRule
from ssg.runtime.caching import Caching
from ssg.runtime.http import Response
from ssg.targets.server.capabilities import SERVER

body = (folder / "public/file.html").read_bytes()
html = {"Content-Type": "text/html; charset=UTF-8"}
edge = Edge(DiskStore(folder / "cache", print), lambda record: None, encodings=ALL_ENCODINGS)
function = "/_ssg/functions/pages"
edge.deploy(Deployment(
    "build", folder / "public", (RedirectRule("/*", function, 200),),
    lambda request: Response(200, body, html, Caching(3600)), SERVER, function,
))
serve(edge)
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """A report of wrk, and the CPU time of the server for a request.

    On a machine with other work, the CPU time is the steadier figure.
    """

    load: Load
    cpu_microseconds: float


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server, and what is asked of it."""

    code: str
    path: str
    encoding: str = ""

    def measure(self, folder: Path, seconds: int) -> Figures:
        """Requests the same path again and again, after it is warm."""
        with measure.server(["-c", SERVE + self.code, str(folder)], folder) as server:
            press(server, [self.path], CONNECTIONS, 1, self.encoding)
            before = cpu_seconds(server.pid)
            load = press(server, [self.path], CONNECTIONS, seconds, self.encoding)
            return Figures(load, (cpu_seconds(server.pid) - before) / load.requests * 1e6)


CONTESTANTS: Mapping[str, Contestant] = {
    "floor": Contestant(FLOOR, "/"),
    "bare file": Contestant(BARE, "/"),
    "cached page": Contestant(EDGE, "/page/"),
    "cached page, br": Contestant(EDGE, "/page/", "gzip, deflate, br, zstd"),
    "file": Contestant(EDGE, "/file"),
    "file, br": Contestant(EDGE, "/file", "gzip, deflate, br, zstd"),
}


def cpu_seconds(pid: int) -> float:
    """The CPU time that a process has taken."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def write_site(folder: Path) -> None:
    """A page of 8 KB."""
    lines = "".join(
        f"<p>Line {n} of a page with some words, {n * n}.</p>\n" for n in range(PAGE_LINES)
    )
    (folder / "public").mkdir()
    (folder / "public" / "file.html").write_text(f"<!doctype html>\n<title>Page</title>\n{lines}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(CONTESTANTS))
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--rounds", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        write_site(Path(folder))
        for _ in range(wanted.rounds):
            bench(Path(folder), wanted.names or list(CONTESTANTS), wanted.seconds)


def bench(folder: Path, names: list[str], seconds: int) -> None:
    """One round of all contestants, each beside the bare file of the same round."""
    bare = CONTESTANTS["bare file"].measure(folder, seconds)
    for name in names:
        found = bare if name == "bare file" else CONTESTANTS[name].measure(folder, seconds)
        load = found.load
        print(
            f"  {name:18}p50 {load.p50:6.2f} ms  p99 {load.p99:6.2f} ms  "
            f"{load.per_second:8,.0f}/s  {load.per_second / bare.load.per_second:5.2f} x bare  "
            f"{load.failed} not 2xx  {found.cpu_microseconds:5.0f} us of CPU",
            flush=True,
        )


if __name__ == "__main__":
    main()
