"""A proxy between a server and Redis, which can stall, break and refuse connections."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from enum import Enum
from typing import Self


class Link(Enum):
    """What the proxy does."""

    PASS = "pass"  # noqa: S105 - it passes bytes on
    STALL = "stall"
    """Nothing arrives any more, and nobody is told, as with a cable that is pulled."""
    BREAK = "break"
    """Connections are accepted and closed at once."""
    REFUSE = "refuse"
    """Nothing listens."""


class TcpProxy:
    """Listens on a port of 127.0.0.1, and connects to another one."""

    def __init__(self, target_port: int) -> None:
        self._target = "127.0.0.1", target_port
        self._link = Link.PASS
        self._open: set[socket.socket] = set()
        self._may_pass = threading.Event()
        self._may_pass.set()
        self._listener = self._listen(0)
        self.port = self._listener.getsockname()[1]

    @property
    def url(self) -> str:
        """The Redis behind it."""
        return f"redis://127.0.0.1:{self.port}/0"

    def set(self, link: Link) -> None:
        """Change what it does, for open connections, too."""
        before, self._link = self._link, link
        if before is Link.REFUSE and link is not Link.REFUSE:
            self._listener = self._listen(self.port)
        if link is Link.STALL:
            self._may_pass.clear()
        else:
            if before is Link.STALL or link is not Link.PASS:
                self._close_all()  # bytes that were held back are lost
            self._may_pass.set()
        if link is Link.REFUSE:
            self._stop_listening()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._link is not Link.REFUSE:
            self.set(Link.REFUSE)

    def _listen(self, port: int) -> socket.socket:
        listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()
        return listener

    def _stop_listening(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            if self._link is Link.BREAK:
                client.close()
                continue
            try:
                server = socket.create_connection(self._target, timeout=5)
            except OSError:
                client.close()
                continue
            server.settimeout(None)
            self._open |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._copy, args=(source, sink), daemon=True).start()

    def _copy(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                self._may_pass.wait()
                sink.sendall(data)
        for end in (source, sink):
            self._end(end)

    def _close_all(self) -> None:
        for connection in list(self._open):
            self._end(connection)

    def _end(self, connection: socket.socket) -> None:
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()
        self._open.discard(connection)
