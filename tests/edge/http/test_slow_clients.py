"""Clients that send or read too slowly, over real sockets."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator

import pytest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ssg.edge.http.client_limits import ClientLimits
from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.protocols import HttpParser
from tests.edge.http.raw_client import connected, serving
from tests.preview.running import until

LARGE = 20_000_000


QUICK = ClientLimits(header_seconds=0.4, body_seconds=0.8, stalled_seconds=0.6)


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Sends much at `/large`, and waits for the whole body at `/body`."""
    if scope["path"] == "/body":
        while (message := await receive()).get("more_body"):
            pass
        assert message["type"] == "http.disconnect" or not message["more_body"]
    body = b"x" * (LARGE if scope["path"] == "/large" else 2)
    await Response(body)(scope, receive, send)


@pytest.fixture(params=list(HttpParser))
def running(request: pytest.FixtureRequest) -> Iterator[tuple[HttpServer, int]]:
    with serving(app, QUICK, request.param) as server_and_port:
        yield server_and_port


@pytest.fixture
def port(running: tuple[HttpServer, int]) -> int:
    return running[1]


def seconds_until_closed(client: socket.socket, trickle: bytes = b"") -> float:
    """How long the server keeps the connection while the client sends a byte now and then."""
    started = time.monotonic()
    client.settimeout(0.1)
    while time.monotonic() - started < 5:
        try:
            if trickle:
                client.send(trickle)
            if client.recv(65536) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - started


@pytest.mark.parametrize("sent", [b"", b"G", b"GET / HTTP/1.1\r\nHost: x\r\n"])
@pytest.mark.parametrize("trickle", [b"", b"a"])
def test_headers_that_do_not_end_close_the_connection(
    port: int, sent: bytes, trickle: bytes
) -> None:
    with connected(port) as client:
        client.sendall(sent)
        seconds = seconds_until_closed(client, trickle)
        assert seconds < 2
        assert seconds > 0.3 or trickle  # httptools sees at once that it is no method


@pytest.mark.parametrize("path", [b"/", b"/body"])
@pytest.mark.parametrize("trickle", [b"", b"a"])
def test_a_body_that_does_not_end_closes_the_connection(
    port: int, path: bytes, trickle: bytes
) -> None:
    with connected(port) as client:
        client.sendall(b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 999\r\n\r\n")
        assert 0.6 < seconds_until_closed(client, trickle) < 3


def test_the_second_request_of_a_connection_has_limits_too(port: int) -> None:
    with connected(port) as client:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert client.recv(9).startswith(b"HTTP/1.1 ")
        client.sendall(b"GET / HTTP/1.1\r\n")
        assert seconds_until_closed(client, b"a") < 2


@pytest.mark.parametrize("header", ["", "Connection: close\r\n"])
def test_a_client_that_does_not_read_is_closed(
    running: tuple[HttpServer, int], header: str
) -> None:
    server, port = running
    with connected(port) as client:
        client.sendall(f"GET /large HTTP/1.1\r\nHost: x\r\n{header}\r\n".encode())
        until(lambda: len(server.server_state.connections) == 1)
        until(lambda: not server.server_state.connections, 3)


def test_a_client_that_reads_steadily_gets_all(port: int) -> None:
    with connected(port) as client:
        client.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        received = 0
        while data := client.recv(500_000):
            received += len(data)
            time.sleep(0.03)
        assert received > LARGE


def test_a_response_may_take_longer_than_a_request(port: int) -> None:
    with connected(port) as client:
        client.sendall(b"POST /body HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
        time.sleep(0.5)  # longer than headers may take
        client.sendall(b"b")
        assert client.recv(12) == b"HTTP/1.1 200"


def test_hundreds_of_half_sent_requests_are_closed_and_others_answered(port: int) -> None:
    clients = [socket.create_connection(("127.0.0.1", port), timeout=5) for _ in range(400)]
    for client in clients:
        client.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX-")
    with connected(port) as other:
        other.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert other.recv(12) == b"HTTP/1.1 200"
    for client in clients:
        assert seconds_until_closed(client) < 5
        client.close()
