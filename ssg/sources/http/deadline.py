"""One time limit for a whole exchange: connection, request and answer.

httpcore limits each step by itself, so a source that sends one byte a second would never be too
slow. Here every step ends when the exchange has to. An exchange belongs to the thread that makes
it; a connection serves many exchanges, one after the other.

A look-up of a name cannot be interrupted. So a few threads do these, and an exchange no longer
waits when its time is over.
"""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from ipaddress import ip_address
from typing import Any

import httpcore

MAX_LOOKUPS = 4
"""Names that are looked up at once; a source has one, for all its connections."""
_END_OF_HEAD = b"\r\n\r\n"


class HttpExchange:
    """One request and its answer, until a moment of the monotonic clock."""

    def __init__(self, ends_at: float) -> None:
        self.ends_at = ends_at
        self.has_bytes = False
        """Whether a byte of the answer was received."""
        self.last_bytes = b""

    @property
    def seconds_left(self) -> float:
        """The time that is left. Raises a timeout of httpcore if there is none."""
        left = self.ends_at - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout
        return left

    @property
    def ends_with_head(self) -> bool:
        """Whether nothing was received after the headers of an answer without a body."""
        return self.last_bytes == _END_OF_HEAD

    @contextmanager
    def running(self) -> Iterator[None]:
        """Make this the exchange of the current thread."""
        token = _current.set(self)
        try:
            yield
        finally:
            _current.reset(token)


_current: ContextVar[HttpExchange] = ContextVar("exchange")


def _seconds_left() -> float:
    return _current.get().seconds_left


class DeadlineBackend(httpcore.NetworkBackend):
    """TCP for exchanges that end in time. The limits of httpcore itself are not used."""

    def __init__(self) -> None:
        self._tcp = httpcore.SyncBackend()
        self._lookups = ThreadPoolExecutor(MAX_LOOKUPS, "ssg-lookup")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 the exchange has its own
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers."""
        failure: Exception = httpcore.ConnectError("it has no address")
        for address in self._addresses(host, port):
            left = _seconds_left()
            try:
                stream = self._tcp.connect_tcp(address, port, left, local_address, socket_options)
            except httpcore.ConnectError as error:
                failure = error
            else:
                return _DeadlineStream(stream)
        raise failure

    def close(self) -> None:
        """Give up look-ups."""
        self._lookups.shutdown(wait=False, cancel_futures=True)

    def _addresses(self, host: str, port: int) -> list[str]:
        if _is_address(host):
            return [host]
        lookup = self._lookups.submit(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
        try:
            found = lookup.result(_seconds_left())
        except TimeoutError:
            lookup.cancel()
            raise httpcore.ConnectTimeout from None
        except (OSError, UnicodeError) as error:  # UnicodeError: a label that is too long
            raise httpcore.ConnectError(error) from error
        return list(dict.fromkeys(str(address[0]) for *_, address in found))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


class _DeadlineStream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002 as above
        data = self._stream.read(max_bytes, _seconds_left())
        exchange = _current.get()
        exchange.has_bytes = exchange.has_bytes or bool(data)
        exchange.last_bytes = data[-len(_END_OF_HEAD) :]
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002 as above
        self._stream.write(buffer, _seconds_left())

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002 as above
    ) -> httpcore.NetworkStream:
        return _DeadlineStream(
            self._stream.start_tls(ssl_context, server_hostname, _seconds_left())
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)

    def close(self) -> None:
        self._stream.close()
