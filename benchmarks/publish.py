"""From publishing to the next visitor, on three servers and Redis: `python -m benchmarks.publish`.

An API in this process has the data of live pages. A round changes the data of a page, purges its
tag through one server, and asks all three for the page. The second part asks for three pieces of
data that take 20, 50 and 100 ms: a page should take as long as the slowest. All runs on this
machine, so the network costs nothing.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import measure
from ssg.runtime.signed_purge import PURGE_PATH, PurgeSelection, signed_headers
from tests.services import running_redis

SERVERS, PAGES = 3, 50
SECRET = secrets.token_urlsafe(32)
DELAYS = (20, 50, 100)
SITE = """
base_url = "https://example.org/"
theme = ""
[target]
name = "server"
keep_cache = true
[sources.api]
url = "http://127.0.0.1:{port}/"
[[routes]]
path = "/post/{{name}}/"
template = "post.html"
data.post = {{ source = "api", path = "/post/{{name}}" }}
ttl = 3600
tags = ["post:{{name}}"]
[[routes]]
path = "/slow/{{name}}/"
template = "slow.html"
"""
SLOW_DATA = 'data.d{delay} = {{ source = "api", path = "/slow/{delay}?{{name}}" }}\n'


class Api(BaseHTTPRequestHandler):
    """`/post/NAME` has its version; `/slow/MILLISECONDS` takes that long."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    versions: dict[str, int] = {}  # noqa: RUF012 all threads share it

    def do_GET(self) -> None:
        kind, name = self.path.partition("?")[0].split("/")[1:3]
        if kind == "slow":
            time.sleep(int(name) / 1000)
        body = json.dumps({"name": name, "version": self.versions.get(name, 0)}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@contextmanager
def running_api() -> Iterator[int]:
    """The API, and its port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()


def build(folder: Path, port: int) -> None:
    """Build the site."""
    files = {
        "ssg.toml": SITE.format(port=port) + "".join(SLOW_DATA.format(delay=d) for d in DELAYS),
        "templates/post.html": "version={{ post.version }};",
        "templates/slow.html": "{{ d20.name }} {{ d50.name }} {{ d100.name }}",
        "templates/page.html": "{{ page.title }}",
        "templates/section.html": "{{ page.title }}",
        "content/_index.md": "---\ntitle: Home\n---\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    subprocess.run([sys.executable, "-m", "ssg", "build", "--quiet"], cwd=folder, check=True)


def get(port: int, path: str) -> bytes:
    """One visitor."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    assert response.status == 200, (path, response.status)
    return body


def purge(port: int, tag: str) -> None:
    """What a content management system does after it has published."""
    body = PurgeSelection((tag,)).to_body()
    headers = signed_headers(SECRET.encode(), body, time.time(), secrets.token_hex(16))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("POST", PURGE_PATH, body, headers)
    response = connection.getresponse()
    assert response.status == 200, response.read()
    connection.close()


def publish(ports: list[int], rounds: int) -> tuple[measure.Times, measure.Times, int]:
    """Milliseconds of a purge, and until all servers show the change; how many were outdated."""
    purged, seen, outdated = [], [], 0
    for number in range(rounds):
        name = str(number % PAGES)
        Api.versions[name] = version = Api.versions.get(name, 0) + 1
        start = time.perf_counter()
        purge(ports[number % len(ports)], f"post:{name}")
        purged.append((time.perf_counter() - start) * 1000)
        for port in ports:
            outdated += get(port, f"/post/{name}/") != f"version={version};".encode()
        seen.append((time.perf_counter() - start) * 1000)
    return measure.times(purged), measure.times(seen), outdated


def bench(ports: list[int], rounds: int) -> None:
    """Both parts."""
    for port in ports:
        for number in range(PAGES):
            get(port, f"/post/{number}/")
    purged, seen, outdated = publish(ports, rounds)
    print(f"{rounds} changes of {PAGES} pages, {len(ports)} servers, Redis; {outdated} outdated")
    for name, times in (("purge accepted", purged), ("seen on all servers", seen)):
        print(f"  {name:22} p50 {times.median:6.1f} ms   p99 {times.at(0.99):6.1f} ms")
    slow = []
    for number in range(30):
        start = time.perf_counter()
        get(ports[0], f"/slow/{number}/")
        slow.append((time.perf_counter() - start) * 1000)
    times = measure.times(slow)
    print(f"a page that asks for data of {', '.join(map(str, DELAYS))} ms")
    print(f"  {'first request':22} p50 {times.median:6.1f} ms   p99 {times.at(0.99):6.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=600)
    rounds = parser.parse_args().rounds
    os.environ["SSG_PURGE_SECRET"] = SECRET
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        build(folder, stack.enter_context(running_api()))
        redis = stack.enter_context(running_redis(folder / "redis"))
        words = ["-m", "ssg", "start", "dist", "--port", "0", "--cache", redis.url]
        servers = [stack.enter_context(measure.server(words, folder)) for _ in range(SERVERS)]
        bench([one.port for one in servers], rounds)


if __name__ == "__main__":
    main()
