"""The first page of a new process: a deferred page, and a live one of a site with a route."""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from benchmarks import measure
from benchmarks.corpus import post
from benchmarks.requests import FUNCTION, Figures, deferred_paths

ROUTES = """
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}"
headers = { Authorization = "Bearer ${API_TOKEN}" }
[[routes]]
path = "/live/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/posts/{slug}" }
page = { title = "post.title", date = "post.date", body = "post.text" }
ttl = 3600
"""
LIVE_PATH = "/live/hello/"
DATE = "2026-01-02T12:00:00Z"
RUNS = 15


def first_pages(without: Path, with_routes: Path) -> Figures:
    """Both in turn, because the machine may be busier at one time than at another."""
    path = deferred_paths(without)[0]
    found: dict[str, list[Figures]] = {"deferred": [], "live": []}
    with (
        measure.deployed(without / FUNCTION, without / "public") as plain,
        measure.deployed(with_routes / FUNCTION, with_routes / "public") as live,
        _api() as api,
    ):
        for _ in range(RUNS):
            found["deferred"] += plain.first_page([path])
            found["live"] += live.first_page([LIVE_PATH])
    figures: Figures = {
        f"{name}_{key}_ms": measure.times([one[key] for one in some]).median
        for name, some in found.items()
        for key in ("first", "cpu")
    }
    request = measure.times(api).median
    ratio = (figures["live_first_ms"] - request) / figures["deferred_first_ms"]
    return {**figures, "request_ms": request, "ratio_without_request": ratio}


@contextlib.contextmanager
def _api() -> Iterator[list[float]]:
    """An API with one post. Yields the milliseconds that it needs for each answer."""
    took: list[float] = []
    body = json.dumps({"title": "Hello", "date": DATE, "text": post(1).split("---", 2)[2]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            started = time.perf_counter()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
            took.append((time.perf_counter() - started) * 1000)

        def log_message(self, *_: object) -> None:
            """Logs nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        os.environ |= {
            "API_URL": f"http://127.0.0.1:{server.server_port}",
            "API_TOKEN": "a-token-of-the-benchmark",
        }
        yield took
        server.shutdown()
