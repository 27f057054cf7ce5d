"""A server of pages that says their caching in a dialect, as `ssg start --front` does."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ssg.runtime.caching import NEVER_STORED, Caching
from ssg.runtime.dialects import REVALIDATED, Dialect, surrogate


@dataclass(frozen=True)
class OriginPage:
    """What the origin answers for a path."""

    caching: Caching | None
    """None: the headers of a file, which no shared cache stores."""
    status: int = 200
    seconds: float = 0.0
    headers: Mapping[str, str] = field(default_factory=dict)
    says: str = "render"
    body: bytes = b""
    """Instead of what it says."""
    encoded: bytes = b""
    """The body for those who read gzip."""


@dataclass
class Origin:
    """The origin: its pages may be changed at any time, by path without the query."""

    port: int
    pages: dict[str, OriginPage] = field(default_factory=dict)
    renders: Counter[str] = field(default_factory=Counter)
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, path with query, and headers in lower case, of each request but probes."""
    stop: Callable[[], None] = lambda: None
    """End it before its time."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def render(self, path: str) -> int:
        """The number of the next render of a path."""
        with self.lock:
            self.renders[path] += 1
            return self.renders[path]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    origin: Origin
    dialect: Dialect

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if path == "/readyz":
            self._send(200, b"ready\n", {"Cache-Control": "no-store"})
            return
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.origin.asked.append((self.command, self.path, headers))
        page = self.origin.pages.get(path, OriginPage(Caching(60, 0, ("missing",)), 404))
        number = self.origin.render(path)
        time.sleep(page.seconds)
        body = page.body or f"{page.says} {number}\n".encode()
        coding = {}
        if page.encoded and "gzip" in headers.get("accept-encoding", ""):
            body, coding = page.encoded, {"Content-Encoding": "gzip"}
        caching = NEVER_STORED if page.status >= 500 else page.caching
        said = type(self).dialect(caching, "") if caching else {"Cache-Control": REVALIDATED}
        self._send(
            page.status, body, {"Content-Type": "text/html", **coding, **said, **page.headers}
        )

    do_HEAD = do_GET  # noqa: N815 named by http.server
    do_POST = do_GET  # noqa: N815 named by http.server
    do_PURGE = do_GET  # noqa: N815 named by http.server

    def _send(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            if value:
                self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, handler: type[BaseHTTPRequestHandler]) -> None:
        super().__init__(("127.0.0.1", port), handler)
        self._connections: list[socket.socket] = []

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, address = super().get_request()
        self._connections.append(connection)
        return connection, address

    def end_connections(self) -> None:
        """End connections that clients keep open, as the end of a process does."""
        for connection in self._connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def running_origin(dialect: Dialect = surrogate, port: int = 0) -> Iterator[Origin]:
    """Run an origin on a port of this machine."""
    handler = type("Handler", (_Handler,), {"dialect": staticmethod(dialect)})
    server = _Server(port, handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))

    def stop() -> None:
        server.shutdown()
        server.server_close()
        server.end_connections()
        thread.join()

    origin = Origin(server.server_port, stop=stop)
    handler.origin = origin  # type: ignore[attr-defined]
    thread.start()
    try:
        yield origin
    finally:
        stop()
