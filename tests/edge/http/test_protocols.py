"""What clients may send: limits, and requests that two parsers could read differently."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ssg.edge.http import protocols
from ssg.edge.http.client_limits import DEFAULT_CLIENT_LIMITS, ClientLimits
from ssg.edge.http.protocols import HttpParser, best_parser
from ssg.edge.http.refusal import INVALID, head_fault, refusal_of
from tests.edge.http.raw_client import connected, exchange, read_all, serving, statuses

LIMITS = ClientLimits(url_bytes=1_000, header_bytes=2_000, body_bytes=5_000, waiting_requests=10)
OK = b"HTTP/1.1 200 OK"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with the path; reads the body at `/body`, and waits at `/slow`."""
    if scope["path"] == "/body":
        while (message := await receive()).get("more_body"):
            pass
        if message["type"] == "http.disconnect":
            return
    if scope["path"] == "/slow":
        await asyncio.sleep(0.3)
    await Response(b"path " + scope["raw_path"])(scope, receive, send)


@pytest.fixture(params=list(HttpParser), scope="module")
def port(request: pytest.FixtureRequest) -> Iterator[int]:
    with serving(app, LIMITS, request.param) as (_, port):
        yield port


def test_the_parser_is_httptools_if_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert best_parser() is HttpParser.HTTPTOOLS
    monkeypatch.setattr(protocols, "find_spec", lambda _: None)
    assert best_parser() is HttpParser.H11


def shown_paths(received: bytes) -> list[str]:
    """The paths that the application says it was asked for."""
    return [path.decode() for path in re.findall(rb"path (/[/\w]*?)(?=HTTP/1\.1|$)", received)]


def head(*lines: str, request: str = "POST /body HTTP/1.1") -> bytes:
    return "\r\n".join([request, *lines, "", ""]).encode("latin-1")


CHUNKED = "Transfer-Encoding: chunked"
AMBIGUOUS = {
    "two lengths": head("Host: x", "Content-Length: 1", "Content-Length: 2") + b"ab",
    "the same length twice": head("Host: x", "Content-Length: 1", "Content-Length: 1") + b"a",
    "a list of lengths": head("Host: x", "Content-Length: 1, 1") + b"a",
    "a signed length": head("Host: x", "Content-Length: +1") + b"a",
    "an empty length": head("Host: x", "Content-Length: ") + b"a",
    "length and coding": head("Host: x", "Content-Length: 5", CHUNKED) + b"0\r\n\r\n",
    "coding and length": head("Host: x", CHUNKED, "Content-Length: 5") + b"0\r\n\r\n",
    "two codings": head("Host: x", CHUNKED, "Transfer-Encoding: identity") + b"0\r\n\r\n",
    "chunked twice": head("Host: x", "Transfer-Encoding: chunked, chunked") + b"0\r\n\r\n",
    "a coding that is not chunked": head("Host: x", "Transfer-Encoding: xchunked"),
    "chunks in HTTP/1.0": head("Host: x", CHUNKED, request="POST / HTTP/1.0") + b"0\r\n\r\n",
    "a space before the colon": head("Host: x", "Content-Length : 1") + b"a",
    "a space before the name": head("Host: x", " Transfer-Encoding: chunked") + b"0\r\n\r\n",
    "a continued line": head("Host: x", "A: b", " c", request="GET / HTTP/1.1"),
    "a line with LF only": b"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n",
    "LF only": b"GET / HTTP/1.1\nHost: x\n\n",
    "a bare CR": b"GET / HTTP/1.1\r\nHost: x\r\nA: b\rC: d\r\n\r\n",
    "a NUL": head("Host: x", "A: b\0c", request="GET / HTTP/1.1"),
    "no host": head("A: b", request="GET / HTTP/1.1"),
    "two hosts": head("Host: x", "Host: y", request="GET / HTTP/1.1"),
    "a fragment": head("Host: x", request="GET /a#b HTTP/1.1"),
    "a method in lower case": head("Host: x", request="get / HTTP/1.1"),
    "no path": head("Host: x", request="GET HTTP/1.1"),
    "letters beyond ASCII": head("Host: x", request="GET /\xe9 HTTP/1.1"),
    "not HTTP": b"\x16\x03\x01\x02\x00\x01\r\n\r\n",
}


@pytest.mark.parametrize("case", AMBIGUOUS)
def test_what_can_be_read_in_two_ways_is_refused_by_both_parsers(port: int, case: str) -> None:
    received = exchange(port, AMBIGUOUS[case] + GET)
    assert statuses(received) == [400], "neither it nor what follows is answered"
    assert b"connection: close" in received.lower()


@pytest.mark.parametrize("version", ["HTTP/2.0", "HTTP/1.2", "HTTP/0.9"])
def test_other_versions_are_refused(port: int, version: str) -> None:
    (status,) = statuses(exchange(port, head("Host: x", request=f"GET / {version}")))
    assert status in (400, 505)


BROKEN_CHUNKS = [b"1\na\r\n0\r\n\r\n", b"-1\r\na\r\n", b"0x1\r\na\r\n", b"1\r\nab\r\n"]


@pytest.mark.parametrize("chunks", BROKEN_CHUNKS)
@pytest.mark.parametrize("path", ["/body", "/", "/slow"])
def test_broken_chunks_end_the_connection(port: int, chunks: bytes, path: str) -> None:
    start = head("Host: x", CHUNKED, request=f"POST {path} HTTP/1.1")
    assert len(statuses(exchange(port, start + chunks + GET))) <= 1


@pytest.mark.parametrize("body", [b"1\r\na\r\n0\r\n\r\n", b"1;a=b\r\na\r\n0\r\nX: y\r\n\r\n"])
def test_chunks_are_read_to_their_end(port: int, body: bytes) -> None:
    last = head("Host: x", "Connection: close", request="GET /last HTTP/1.1")
    received = exchange(port, head("Host: x", CHUNKED) + body + last)
    assert statuses(received) == [200, 200]
    assert received.endswith(b"path /last")


@pytest.mark.parametrize(
    ("target", "raw_path"), [("/a?b=c", b"/a"), ("/a|b", b"/a|b"), ("//a/b", b"//a/b")]
)
def test_both_parsers_read_a_target_alike(port: int, target: str, raw_path: bytes) -> None:
    received = exchange(port, head("Host: x", request=f"GET {target} HTTP/1.1"))
    assert received.startswith(OK)
    assert received.endswith(b"path " + raw_path)


@pytest.mark.parametrize("end", [b" HTTP/1.1\r\nHost: x\r\n\r\n", b""])
@pytest.mark.parametrize("size", [1_001, 100_000, 1_000_000])
def test_a_long_url_is_a_414(port: int, end: bytes, size: int) -> None:
    if not end and size < 3_000:
        return  # it may still end
    received = exchange(port, b"GET /" + b"a" * (size - 1) + end, end=False)
    assert statuses(received) == [414]


def test_a_url_of_the_limit_is_answered(port: int) -> None:
    assert exchange(port, head("Host: x", request="GET /" + "a" * 999 + " HTTP/1.1")).startswith(OK)


@pytest.mark.parametrize("end", [b"\r\n\r\n", b""])
@pytest.mark.parametrize("size", [2_100, 100_000, 1_000_000])
@pytest.mark.parametrize("many", [True, False])
def test_large_headers_are_a_431(port: int, end: bytes, size: int, many: bool) -> None:
    if not end and size < 3_000:
        return  # they may still end
    headers = b"A: b\r\n" * (size // 6) if many else b"A: " + b"b" * size
    received = exchange(port, GET[:-2] + headers.removesuffix(b"\r\n") + end, end=False)
    assert statuses(received) == [431]


def test_headers_that_never_end_are_refused_in_pieces_too(port: int) -> None:
    with connected(port) as client:
        client.sendall(GET[:-2] + b"A: ")
        for _ in range(400):
            time.sleep(0.001)
            try:
                client.sendall(b"b" * 10)
            except OSError:
                break
        assert statuses(read_all(client)) == [431]


def test_a_large_body_is_a_413(port: int) -> None:
    received = exchange(port, head("Host: x", "Content-Length: 5001"), end=False)
    assert statuses(received) == [413]
    huge = exchange(port, head("Host: x", "Content-Length: " + "9" * 500), end=False)
    assert statuses(huge) in ([413], [400])


@pytest.mark.parametrize("path", ["/body", "/"])
def test_chunks_without_end_are_bounded(port: int, path: str) -> None:
    with connected(port) as client:
        client.sendall(head("Host: x", CHUNKED, request=f"POST {path} HTTP/1.1"))
        end, chunk = time.monotonic() + 20, b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
        with suppress(OSError):
            while time.monotonic() < end:
                client.sendall(chunk)
        assert time.monotonic() < end
        assert statuses(read_all(client)) in ([413], [200], [])


def test_requests_in_advance_are_answered_in_order(port: int) -> None:
    paths = ["/slow", "/a", "/b", "/slow", "/c"]
    sent = b"".join(head("Host: x", request=f"GET {path} HTTP/1.1") for path in paths)
    last = head("Host: x", "Connection: close", request="GET /last HTTP/1.1")
    assert shown_paths(exchange(port, sent + last, end=False)) == [*paths, "/last"]


def test_a_flood_of_requests_is_answered_rightly_or_not_at_all(port: int) -> None:
    with connected(port) as client:
        client.sendall(head("Host: x", request="GET /slow HTTP/1.1"))
        with suppress(OSError):
            for number in range(1_000):
                client.sendall(head("Host: x", request=f"GET /{number} HTTP/1.1"))
        received = read_all(client)
    shown = shown_paths(received)
    assert shown == ["/slow", *(f"/{number}" for number in range(len(shown) - 1))]


def test_a_bad_request_behind_a_slow_one_does_not_overtake_it(port: int) -> None:
    slow = head("Host: x", request="GET /slow HTTP/1.1")
    received = exchange(port, slow + b"NONSENSE\r\n\r\n", end=False)
    assert statuses(received)[0] == 200
    assert b"path /slow" in received
    assert statuses(received)[1:] in ([], [400])


@pytest.mark.parametrize("upgrade", ["websocket", "h2c"])
def test_the_body_of_an_upgrade_that_is_not_known_is_no_request(port: int, upgrade: str) -> None:
    hidden = head("Host: x", request="GET /hidden HTTP/1.1")
    length = f"Content-Length: {len(hidden)}"
    with connected(port) as client:
        client.sendall(head("Host: x", "Connection: Upgrade", f"Upgrade: {upgrade}", length))
        time.sleep(0.1)
        with suppress(OSError):
            client.sendall(hidden + head("Host: x", "Connection: close", request="GET /2 HTTP/1.1"))
        shown = shown_paths(read_all(client))
    assert shown in (["/body", "/2"], ["/body"], [])


@given(st.binary(max_size=60))
@example(b"A: b\r\n")
def test_a_head_has_a_fault_exactly_if_a_line_is_ambiguous(middle: bytes) -> None:
    text = b"GET / HTTP/1.1\r\n" + middle
    end = (text + b"\r\n\r\n").find(b"\r\n\r\n")
    lines = text[:end].split(b"\n")
    is_bad = any(not line.endswith(b"\r") for line in lines[:-1]) or any(
        line.startswith((b" ", b"\t")) for line in lines[1:]
    )
    assert (head_fault(text + b"\r\n\r\n") is INVALID) == is_bad


@given(st.lists(st.sampled_from([b"1", b"01", b"2", b"", b"+1", b"1,1", b"x"]), max_size=3))
def test_one_plain_length_is_accepted(lengths: list[bytes]) -> None:
    headers = [(b"host", b"x"), *((b"content-length", length) for length in lengths)]
    refusal = refusal_of("POST", b"/", headers, "1.1", DEFAULT_CLIENT_LIMITS)
    is_plain = len(lengths) <= 1 and all(each.isdigit() for each in lengths)
    assert (refusal is None) == is_plain
