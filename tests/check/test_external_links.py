"""Requests to other sites, all of which go to a local server."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from ssg.check.external_links import (
    ExternalLinkState,
    HttpReply,
    check_links,
    classify,
    status_fetcher,
)
from ssg.model.settings import LinkCheckerSettings

NO_PAUSE = LinkCheckerSettings(pause_seconds=0, retries=1)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str]] = []


class _Handler(BaseHTTPRequestHandler):
    """`/200` answers with that status; `/get/..` refuses HEAD; `/to/..` redirects."""

    server: _Server

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        if self.path == "/hang":
            threading.Event().wait(5)
        kind, _, rest = self.path.strip("/").partition("/")
        status = int(kind) if kind.isdecimal() else 200
        if kind == "get" and self.command == "HEAD":
            status = 405
        if kind == "to":
            status = 302
            self.send_response(status)
            self.send_header("Location", f"/{rest}")
        elif kind == "shaky" and len(self.server.asked) < 3:
            self.send_response(503)
        else:
            self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def server() -> Iterator[_Server]:
    with _Server() as one:
        thread = threading.Thread(target=one.serve_forever, args=(0.05,))
        thread.start()
        yield one
        one.shutdown()
        thread.join()


def _ask(
    server: _Server, *paths: str, timeout: float = 5
) -> dict[str, tuple[ExternalLinkState, str]]:
    root = f"http://127.0.0.1:{server.server_port}"
    verdicts = check_links(
        [root + path for path in paths], NO_PAUSE, status_fetcher(timeout), lambda _: None
    )
    return {one.url.removeprefix(root): (one.state, one.reason) for one in verdicts}


def test_responses_are_classified(server: _Server) -> None:
    assert _ask(server, "/200", "/404", "/403", "/to/200", "/to/410", "/get/x", "/ö") == {
        "/200": (ExternalLinkState.FINE, "status 200"),
        "/404": (ExternalLinkState.DEAD, "status 404"),
        "/403": (ExternalLinkState.REFUSED, "status 403"),
        "/to/200": (ExternalLinkState.FINE, "status 200"),
        "/to/410": (ExternalLinkState.DEAD, "status 410"),
        "/get/x": (ExternalLinkState.FINE, "status 200"),
        "/ö": (ExternalLinkState.FINE, "status 200"),
    }


def test_a_page_that_answers_is_requested_once_without_its_body(server: _Server) -> None:
    _ask(server, "/200")
    assert server.asked == [("HEAD", "/200")]


def test_a_temporary_failure_is_retried(server: _Server) -> None:
    assert _ask(server, "/shaky") == {"/shaky": (ExternalLinkState.FINE, "status 200")}
    assert [method for method, _ in server.asked] == ["HEAD", "GET", "HEAD"]


def test_a_timeout_counts_as_dead(server: _Server) -> None:
    assert _ask(server, "/hang", timeout=0.2) == {
        "/hang": (ExternalLinkState.DEAD, "no answer in time")
    }


def test_an_unknown_host_is_dead() -> None:
    (verdict,) = check_links(["http://127.0.0.1:9/x"], NO_PAUSE, status_fetcher(2), lambda _: None)
    assert (verdict.state, verdict.reason) == (ExternalLinkState.DEAD, "connection refused")


def test_one_host_is_requested_slowly_and_several_at_once() -> None:
    pauses: list[float] = []
    both = threading.Barrier(2, timeout=10)

    def ask(url: str) -> HttpReply:
        if url.endswith("/0"):
            both.wait()  # the first questions to both hosts meet here, or time runs out
        return HttpReply(200)

    urls = [f"https://{host}.example/{number}" for host in "ab" for number in range(3)]
    limits = LinkCheckerSettings(concurrency=2, pause_seconds=7)
    verdicts = list(check_links(urls, limits, ask, pauses.append))
    assert sorted(one.url for one in verdicts) == urls
    assert pauses == [7] * 4


def test_retries_are_limited() -> None:
    asked: list[str] = []

    def ask(url: str) -> HttpReply:
        asked.append(url)
        return HttpReply(None, "no route")

    limits = LinkCheckerSettings(retries=3, pause_seconds=0)
    assert [one.reason for one in check_links(["https://x.example/"], limits, ask)] == ["no route"]
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (200, "fine"), (304, "fine"), (401, "refused"), (429, "refused"), (404, "dead"),
        (500, "dead"),
    ],
)  # fmt: skip
def test_statuses_are_classified(status: int, state: str) -> None:
    assert classify("https://x.example/", HttpReply(status)).state == state
