"""`ssg start` as people run it, under load: `python -m benchmarks.servers`.

A site of the benchmark's posts is built for the target `server`. wrk takes one core of its own.
Beside the server stand a bare Starlette `FileResponse`, and, if they are installed, Varnish in
front of the server and Varnish in front of nginx with a static file.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import measure
from benchmarks.corpus import write_site
from benchmarks.load import BARE, Load, bare_renders, deferred_posts, press
from ssg.model.urls import quote_path

REPOSITORY = Path(__file__).parents[1]
CONNECTIONS = 32
WAIT_SECONDS = 20.0
ENCODING = "gzip, deflate, br, zstd"
PAGES = 100
"""How many different cached pages are asked for."""


@dataclass(frozen=True, slots=True)
class Site:
    """A built site, and its deferred posts."""

    folder: Path
    paths: Sequence[str]

    @property
    def dist(self) -> Path:
        return self.folder / "dist"


def build(folder: Path, posts: int) -> Site:
    """Build the site for a server of one's own."""
    write_site(folder, posts)
    command = [sys.executable, "-m", "ssg", "build", "--target", "server", "--quiet"]
    subprocess.run(command, cwd=folder, check=True)
    found = deferred_posts(folder / "dist/site.db")
    return Site(folder, [quote_path(path) for path in found])


@contextlib.contextmanager
def started(site: Site, *options: str) -> Iterator[measure.Server]:
    """`ssg start` with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        words = ["-m", "ssg", "start", str(site.dist), "--port", "0", "--cache", cache, *options]
        with measure.server(words, site.folder) as server:
            yield server


@contextlib.contextmanager
def _running(command: Sequence[str], port: int, folder: Path) -> Iterator[measure.Server]:
    """A program that listens on a port, ended by its process id."""
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(command, cwd=folder, stdout=output, stderr=output)
    try:
        until = time.monotonic() + WAIT_SECONDS
        while not _listens(port):
            assert process.poll() is None and time.monotonic() < until, command
            time.sleep(0.05)
        yield measure.Server(port, process.pid)
    finally:
        process.terminate()
        process.wait(WAIT_SECONDS)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def varnish(backend: int, folder: Path) -> Iterator[measure.Server]:
    """Varnish with the configuration of the examples."""
    folder.mkdir()
    vcl = (REPOSITORY / "examples/deploy/varnish.vcl").read_text()
    for number in (1, 2):
        there = f'.host = "server{number}";\n    .port = "8000";'
        vcl = vcl.replace(there, f'.host = "127.0.0.1";\n    .port = "{backend}";')
    (folder / "site.vcl").write_text(vcl)
    port = _free_port()
    command = ["varnishd", "-F", "-j", "none", "-n", str(folder / "work")]
    command += ["-a", f"127.0.0.1:{port}", "-f", str(folder / "site.vcl"), "-s", "malloc,128m"]
    with _running(command, port, folder) as server:
        time.sleep(2)  # its probes find the backend
        yield server


@contextlib.contextmanager
def nginx(public: Path, folder: Path) -> Iterator[measure.Server]:
    """nginx with static files that caches may keep for an hour."""
    folder.mkdir()
    port = _free_port()
    places = "".join(
        f"{name}_temp_path {folder / name};\n"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr; user root;\n"
        f"events {{}}\nhttp {{ access_log off; {places} types {{ text/html html; }}\n"
        f"server {{ listen 127.0.0.1:{port}; root {public};\n"
        "gzip on; location = /readyz { return 200; }\n"
        'add_header Cache-Control "public, max-age=0, s-maxage=3600"; }}\n'
    )
    command = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    with _running(command, port, folder) as server:
        yield server


def show(name: str, load: Load, where: measure.Server, beside: float = 0.0) -> None:
    ratio = f"{load.per_second / beside:5.2f} x" if beside else " " * 7
    print(
        f"  {name:34}{load.per_second:8,.0f}/s {ratio}  p50 {load.p50:6.2f} ms  "
        f"p99 {load.p99:6.2f} ms  {load.failed} not 2xx  {where.megabytes:.0f} MB",
        flush=True,
    )


def bench(site: Site, seconds: int) -> None:
    """One round."""
    cached = site.paths[:PAGES]
    page = site.folder / "page.html"
    with started(site) as server:
        bench_misses(site, server, seconds)
        page.write_bytes(_body(server, cached[0]))
        with measure.server(["-c", BARE, "file", str(page)], site.folder) as bare:
            file = press(bare, ["/"], CONNECTIONS, seconds)
            show("bare FileResponse", file, bare)
        press(server, cached, CONNECTIONS, 1)
        one = press(server, cached, CONNECTIONS, seconds)
        show("cached page", one, server, file.per_second)
        encoded = press(server, cached, CONNECTIONS, seconds, ENCODING)
        show("cached page, compressed", encoded, server, file.per_second)
        show("file", press(server, ["/"], CONNECTIONS, seconds), server, file.per_second)
    with started(site, "--workers", "2") as server:
        press(server, cached, CONNECTIONS, 2)
        two = press(server, cached, CONNECTIONS, seconds)
        show("cached page, 2 workers", two, server, file.per_second)
        print(f"    2 workers answer {two.per_second / one.per_second:.2f} times as many")
    if shutil.which("varnishd") and shutil.which("nginx"):
        bench_varnish(site, page, seconds)


def bench_misses(site: Site, server: measure.Server, seconds: int) -> None:
    """Pages on their first request, beside a render alone in this process."""
    render = bare_renders(site.dist / "site.db", site.paths[-300:])
    half = len(site.paths) // 2  # enough for these seconds: none is asked for twice
    press(server, site.paths[:20], 1, 1)
    alone = press(server, site.paths[20:half], 1, seconds)
    print(f"  a render alone                    p50 {render.median:6.2f} ms")
    show("first requests, 1 connection", alone, server)
    print(f"    a first request takes {alone.p50 / render.median:.2f} times a render alone")
    many = press(server, site.paths[half:], CONNECTIONS, seconds)
    show(f"first requests, {CONNECTIONS} connections", many, server)
    print(f"    p99 is {many.p99 / many.p50:.2f} times p50")


def bench_varnish(site: Site, page: Path, seconds: int) -> None:
    """Hits of Varnish, in front of the server and in front of nginx with the same bytes.

    Browsers accept gzip. For others, Varnish would unpack each answer.
    """
    public = site.folder / "static"
    public.mkdir()
    shutil.copy(page, public / "page.html")
    with (
        nginx(public, site.folder / "nginx") as files,
        varnish(files.port, site.folder / "varnish-nginx") as before_files,
        started(site, "--front", "varnish") as server,
        varnish(server.port, site.folder / "varnish-ssg") as before_server,
    ):
        for where, path in ((before_files, "/page.html"), (before_server, site.paths[0])):
            press(where, [path], CONNECTIONS, 1, "gzip")
        for _ in range(2):
            static = press(before_files, ["/page.html"], CONNECTIONS, seconds, "gzip")
            show("Varnish, nginx behind it", static, before_files)
            hit = press(before_server, [site.paths[0]], CONNECTIONS, seconds, "gzip")
            show("Varnish, ssg start behind it", hit, before_server, static.per_second)


def _body(server: measure.Server, path: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    connection.request("GET", path)
    return connection.getresponse().read()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=10_000)
    parser.add_argument("--seconds", type=int, default=5, help="how long each load lasts")
    parser.add_argument("--rounds", type=int, default=1)
    wanted = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 a memory file system costs the same each time
    for _ in range(wanted.rounds):
        with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
            bench(build(Path(folder), wanted.posts), wanted.seconds)


if __name__ == "__main__":
    main()
