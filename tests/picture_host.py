"""A host of pictures on this machine, and what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class PictureHost:
    """`files` by path. A text in place of bytes is the target of a redirect, a number a status."""

    url: str = ""
    files: dict[str, bytes | str | int] = field(default_factory=dict)
    seen: list[tuple[str, str]] = field(default_factory=list)
    """Path, and the ETag that was asked about, of each request."""
    stop: threading.Event = field(default_factory=threading.Event)


@contextmanager
def picture_host() -> Iterator[PictureHost]:
    """Run a host until the block ends. `/slow` never answers."""
    host = PictureHost()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(host))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    host.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield host
    finally:
        host.stop.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


def _handler(host: PictureHost) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            asked = self.headers.get("If-None-Match", "")
            host.seen.append((self.path, asked))
            if self.path == "/slow":
                host.stop.wait(10)
            found = host.files.get(self.path, 404)
            if isinstance(found, bytes):
                etag = f'"{hash(found):x}"'
                self._answer(304 if asked == etag else 200, found, ETag=etag)
            elif isinstance(found, str):
                self._answer(302, b"", Location=found)
            else:
                self._answer(found, b"")

        def _answer(self, status: int, body: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body) if status != 304 else 0))
            self.end_headers()
            if status != 304:
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            """Say nothing."""

    return Handler
