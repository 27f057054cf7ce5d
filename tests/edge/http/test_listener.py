"""The socket of a server."""

from __future__ import annotations

import socket
from contextlib import ExitStack

import pytest

from ssg.edge.http.http_server import HttpServer
from ssg.edge.http.listener import listening_socket, shared, url_of
from ssg.model.errors import ServeError


def test_a_busy_port_is_an_error_with_a_hint() -> None:
    with listening_socket("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServeError) as caught:
            listening_socket("127.0.0.1", port)
    (problem,) = caught.value.problems
    assert problem.message == f"port {port} on 127.0.0.1 is in use"
    assert "--port" in (problem.hint or "")


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 99999), ("no.such.host.invalid", 0)])
def test_an_impossible_address_is_an_error(host: str, port: int) -> None:
    with pytest.raises(ServeError, match="cannot listen"):
        listening_socket(host, port)


def test_port_0_takes_a_free_one_and_the_url_says_which() -> None:
    with listening_socket("127.0.0.1", 0) as listener:
        port = listener.getsockname()[1]
        assert url_of(listener, "127.0.0.1") == f"http://127.0.0.1:{port}/"
        assert url_of(listener, "0.0.0.0") == f"http://127.0.0.1:{port}/"  # noqa: S104
        assert url_of(listener, "::1") == f"http://[::1]:{port}/"


def test_answers_are_sent_without_delay() -> None:
    # asyncio sets TCP_NODELAY on such sockets only.
    with listening_socket("127.0.0.1", 0) as listener:
        assert listener.proto == socket.IPPROTO_TCP


def test_connections_wait_though_a_process_takes_one_at_a_time() -> None:
    with ExitStack() as stack:
        listener = stack.enter_context(listening_socket("127.0.0.1", 0))
        own = stack.enter_context(shared(listener))
        assert own.getsockname() == listener.getsockname()
        own.listen(own.accepted_at_once)
        for _ in range(50):
            client = socket.create_connection(own.getsockname(), timeout=2)
            stack.enter_context(client)
        server = HttpServer(_no_app, print, print, accepted_at_once=own.accepted_at_once)
        assert server.config.backlog == 1


async def _no_app(scope: object, receive: object, send: object) -> None:
    """Answers nothing."""
