"""Time and size limits of one connection, for a protocol class of uvicorn.

Theory of operation. Without limits, a client that sends half a request, or reads half a response,
holds a connection for ever; a few hundred of them use up all the files that a process may open.
uvicorn limits only the time between two requests. Here a connection has two timers. One runs while
the client owes something: the rest of a request's headers, or of its body. It starts when the
debt does, and bytes that trickle in do not start it again. The other runs while the client does
not read: it starts when asyncio's buffer is full, stops when the client has read most of it, and
ends the connection if the buffer does not shrink. While the application works on a response,
neither runs. What is received for one debt is counted, so a part that never ends is refused before
it fills the memory.
"""

from __future__ import annotations

import asyncio
from enum import Enum

from ssg.edge.http.client_limits import ClientLimits
from ssg.edge.http.refusal import LARGE_BODY, LARGE_HEADERS, Refusal

_LINGER_SECONDS = 2.0
"""How long a refused client may go on sending: the refusal is lost if its bytes are not read."""
_CHUNK_OVERHEAD = 4
"""A body may take this many times its bytes, for the sizes of its chunks."""


class Debt(Enum):
    """What a client owes."""

    NOTHING = "nothing"
    HEADERS = "headers"
    BODY = "body"


class ClientWatch:
    """Watches the client of one connection. All methods are called on its event loop."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, transport: asyncio.Transport, limits: ClientLimits
    ) -> None:
        self._loop = loop
        self._transport = transport
        self._limits = limits
        self._debt = Debt.NOTHING
        self._received_bytes = 0
        self._deadline: float | None = None
        self._debt_timer: asyncio.TimerHandle | None = None
        self._reader_timer: asyncio.TimerHandle | None = None
        self.has_refused = False
        """Whether the rest of what the client sends is ignored."""

    def received(self, count: int, debt: Debt) -> Refusal | None:
        """Note that bytes were read, and what the client owes now; says why they are too many.

        Bytes are counted for a debt that goes on, and while the client owes nothing.
        """
        if debt is not self._debt or self.has_refused:
            self.owes(debt)
            return None
        self._received_bytes += count
        limits = self._limits
        if self._debt is Debt.HEADERS:
            too_many = self._received_bytes > limits.url_bytes + limits.header_bytes
            return LARGE_HEADERS if too_many else None
        return LARGE_BODY if self._received_bytes > _CHUNK_OVERHEAD * limits.body_bytes else None

    def owes(self, debt: Debt) -> None:
        """Note what the client owes now; a debt that goes on keeps its deadline."""
        if debt is self._debt or self.has_refused:
            return
        self._debt, self._received_bytes = debt, 0
        limits = self._limits
        if debt is Debt.NOTHING:
            self._deadline = None
        else:
            seconds = limits.header_seconds if debt is Debt.HEADERS else limits.body_seconds
            self._expire_in(seconds)

    def answered(self, debt: Debt) -> None:
        """Note the end of a response, and what the client owes then."""
        self._received_bytes = 0
        self.owes(debt)

    def refuse(self, refusal: Refusal | None) -> None:
        """Send a refusal, if any, and ignore what the client sends until it closes."""
        self.has_refused = True
        if self._transport.is_closing():
            return
        if refusal is not None:
            self._transport.write(refusal.to_bytes())
        if self._transport.can_write_eof():
            self._transport.write_eof()
        self._expire_in(_LINGER_SECONDS)

    def wait_for_reader(self) -> None:
        """Give the client time to read what is in the buffer, which also delays `close`."""
        if self._reader_timer is not None:
            self._reader_timer.cancel()
        unread = self._transport.get_write_buffer_size()
        self._reader_timer = self._loop.call_later(
            self._limits.stalled_seconds, self._check_reader, unread
        )

    def reader_caught_up(self) -> None:
        """The client has read most of what was in the buffer."""
        if self._reader_timer is not None:
            self._reader_timer.cancel()

    def stop(self) -> None:
        """Stop all timers."""
        for timer in (self._debt_timer, self._reader_timer):
            if timer is not None:
                timer.cancel()

    def _expire_in(self, seconds: float) -> None:
        """Set the deadline. A timer that ends before it is kept: it then waits for the rest.

        So most requests start no timer at all.
        """
        self._deadline = deadline = self._loop.time() + seconds
        timer = self._debt_timer
        if timer is not None and timer.when() <= deadline:
            return
        if timer is not None:
            timer.cancel()
        self._debt_timer = self._loop.call_at(deadline, self._check_deadline)

    def _check_deadline(self) -> None:
        self._debt_timer, deadline = None, self._deadline
        if deadline is None:
            return
        if deadline > self._loop.time():
            self._debt_timer = self._loop.call_at(deadline, self._check_deadline)
        else:
            self._transport.close()
            self.wait_for_reader()

    def _check_reader(self, unread_before: int) -> None:
        unread = self._transport.get_write_buffer_size()
        if unread_before - unread < min(self._limits.stalled_bytes, unread_before or 1):
            self._transport.abort()
        else:
            self.wait_for_reader()


class WatchedProtocol(asyncio.Protocol):
    """A base class, before a protocol of uvicorn: tells the watch of a connection what happens."""

    _client: ClientWatch
    """Set when the connection is made."""

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        super().connection_lost(exc)
        self._client.stop()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no further request has come."""
        super().timeout_keep_alive_handler()  # type: ignore[misc] # uvicorn's
        self._client.wait_for_reader()

    def pause_writing(self) -> None:
        """The client does not read as fast as the application writes."""
        super().pause_writing()
        self._client.wait_for_reader()

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        self._client.reader_caught_up()
