"""A host's purge API on a port of this machine, and a clock that only sleep moves on."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ssg.targets.purge.delivery import DeliveryClock

START = 1_767_225_600.0
"""2026-01-01, when the fake clock begins."""


@dataclass
class FakeClock:
    """Notes each sleep."""

    now: float = 0.0
    slept: list[float] = field(default_factory=list)

    @property
    def clock(self) -> DeliveryClock:
        return DeliveryClock(lambda: self.now, lambda: START + self.now, self._sleep)

    def _sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds


@dataclass(frozen=True)
class Received:
    """A request, with the names of its headers in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class FakeHost:
    """Answers with the given statuses in turn, then with 202. An answer may have headers."""

    url: str
    answers: list[tuple[int, Mapping[str, str]]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def will_answer(self, *statuses: int, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers += [(status, named) for status in statuses]


SECRET_BODY = b'{"message": "the token nfp_secret is wrong"}'


@contextmanager
def fake_host(answers: Sequence[int] = ()) -> Iterator[FakeHost]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): value for name, value in self.headers.items()}
            host.received.append(Received(self.command, self.path, headers, body))
            status, more = host.answers.pop(0) if host.answers else (202, {})
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(SECRET_BODY)))
            self.end_headers()
            self.wfile.write(SECRET_BODY)

        do_PURGE = do_POST  # noqa: N815 named by http.server

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    host = FakeHost(f"http://127.0.0.1:{server.server_port}")
    host.will_answer(*answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
