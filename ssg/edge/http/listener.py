"""The socket that a server listens on, and its URL."""

from __future__ import annotations

import errno
import os
import socket
from contextlib import ExitStack

from ssg.model.errors import Problem, ServeError

BACKLOG = 2048
"""The number of connections that may wait until the server takes them."""


def listening_socket(host: str, port: int) -> socket.socket:
    """Listen on `host` and `port`; port 0 takes any free port."""
    try:
        # asyncio sets TCP_NODELAY only on sockets that name TCP as their protocol; without it
        # each answer would wait 40 ms for the client's ACK.
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
        with ExitStack() as on_failure:
            on_failure.callback(listener.close)
            if os.name == "posix":  # elsewhere the option would let two servers share a port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address[0], port, *address[2:]))  # getaddrinfo reads 99999 as 34463
            listener.listen(BACKLOG)
            on_failure.pop_all()
        return listener
    except (OSError, OverflowError) as error:
        raise ServeError(_cannot_listen(host, port, error)) from error


class SharedListener(socket.socket):
    """The listening socket of several processes, each of which takes one connection at a time.

    asyncio takes as many at once as may wait, so that one process would get those of all. With
    another number given to it, it would also set how many may wait; that number stays here.
    """

    accepted_at_once = 1

    def listen(self, backlog: int = BACKLOG, /) -> None:  # noqa: ARG002 the number of asyncio
        """Listen, with as many waiting connections as ever."""
        super().listen(BACKLOG)


def shared(listener: socket.socket) -> SharedListener:
    """The same socket for a process that shares it."""
    return SharedListener(listener.family, listener.type, listener.proto, os.dup(listener.fileno()))


def url_of(listener: socket.socket, host: str) -> str:
    """The URL to open in a browser."""
    port = listener.getsockname()[1]
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - shown, not bound
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def _cannot_listen(host: str, port: int, error: Exception) -> Problem:
    code = error.errno if isinstance(error, OSError) else None
    if code == errno.EADDRINUSE:
        hint = "Stop the other server, or choose a port with --port (0 takes any free one)"
        return Problem(f"port {port} on {host} is in use", hint=hint)
    if code == errno.EACCES:
        return Problem(
            f"port {port} needs the rights of an administrator",
            hint="Choose a port above 1023 with --port",
        )
    return Problem(f"cannot listen on {host}, port {port}: {error}")
