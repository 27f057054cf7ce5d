"""A server on a free port, and requests to it as bytes."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from starlette.types import ASGIApp

from ssg.edge.http.client_limits import ClientLimits
from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.listener import listening_socket
from ssg.edge.http.protocols import HttpParser


@contextmanager
def serving(
    app: ASGIApp, clients: ClientLimits, parser: HttpParser
) -> Iterator[tuple[HttpServer, int]]:
    """Serve an application from a thread; gives the server and its port."""
    ready = threading.Event()
    with listening_socket("127.0.0.1", 0) as listener:
        server = HttpServer(app, ready.set, lambda: None, clients=clients, parser=parser)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert ready.wait(10)
        try:
            yield server, listener.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(10)
    assert not thread.is_alive()


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """A connection."""
    with socket.create_connection(("127.0.0.1", port), timeout=15) as client:
        yield client


def exchange(port: int, sent: bytes, end: bool = True) -> bytes:
    """Send bytes, and read until the server closes; `end`: tell it that no more will come."""
    with connected(port) as client:
        with suppress(OSError):  # the server may close before it has read all
            client.sendall(sent)
        if end:
            client.shutdown(socket.SHUT_WR)
        return read_all(client)


def read_all(client: socket.socket) -> bytes:
    """Read until the server closes."""
    received = bytearray()
    with suppress(ConnectionResetError):
        while data := client.recv(65_536):
            received += data
    return bytes(received)


def statuses(received: bytes) -> list[int]:
    """The status codes of the responses in what was received."""
    return [int(code) for code in re.findall(rb"HTTP/1\.1 (\d{3}) ", received)]
