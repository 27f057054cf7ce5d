"""Time limits for clients, as a protocol class of uvicorn: `uvicorn.Config(http=TimedProtocol)`.

Theory of operation. Without limits, a client that sends half a request, or reads half a response,
holds a connection for ever; a few hundred of them use up all the files that a process may open.
uvicorn limits only the time between two requests. Here a connection has two timers. One runs while
the client owes something: the rest of a request's headers, or of its body. It starts when the
debt does, and bytes that trickle in do not start it again. The other runs while the client does
not read: it starts when asyncio's buffer is full, stops when the client has read most of it, and
ends the connection if the buffer does not shrink. While the application works on a response,
neither runs.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol


@dataclass(frozen=True, slots=True)
class ClientLimits:
    """How long a client may take."""

    header_seconds: float = 10.0
    """From the connection, or from the previous response, to the end of a request's headers."""
    body_seconds: float = 30.0
    """From the end of the headers to the end of the body."""
    stalled_seconds: float = 30.0
    stalled_bytes: int = 16_384
    """A client that does not read as fast as it is sent to has to read this much in that time."""


class TimedProtocol(H11Protocol):
    """Speaks HTTP/1.1, and closes the connections of clients that exceed `limits`."""

    limits: ClassVar[ClientLimits] = ClientLimits()

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._owing: object = None
        """The state of the client for which the timer runs."""
        self._owing_timer: asyncio.TimerHandle | None = None
        self._stalled_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop all timers."""
        super().connection_lost(exc)
        for timer in (self._owing_timer, self._stalled_timer):
            if timer is not None:
                timer.cancel()

    def handle_events(self) -> None:
        """Handle what has been received, then see what the client still owes."""
        super().handle_events()
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request, and wait for it."""
        super().on_response_complete()
        self._watch()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection on which no further request has come."""
        super().timeout_keep_alive_handler()
        self._wait_for_reader()

    def pause_writing(self) -> None:
        """The client does not read as fast as the application writes."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """The client has read."""
        super().resume_writing()
        if self._stalled_timer is not None:
            self._stalled_timer.cancel()

    def _watch(self) -> None:
        """Start the timer if the client's debt has changed, and stop it if there is none."""
        state = self.conn.their_state
        if state is self._owing:
            return
        if self._owing_timer is not None:
            self._owing_timer.cancel()
            self._owing_timer = None
        self._owing = state
        if state in (h11.IDLE, h11.SEND_BODY):
            limits = self.limits
            seconds = limits.header_seconds if state is h11.IDLE else limits.body_seconds
            self._owing_timer = self.loop.call_later(seconds, self._close)

    def _close(self) -> None:
        self.transport.close()
        self._wait_for_reader()

    def _wait_for_reader(self) -> None:
        """Give the client time to read what is in the buffer, which also delays `close`."""
        if self._stalled_timer is not None:
            self._stalled_timer.cancel()
        unread = self.transport.get_write_buffer_size()
        self._stalled_timer = self.loop.call_later(
            self.limits.stalled_seconds, self._check_reader, unread
        )

    def _check_reader(self, unread_before: int) -> None:
        unread = self.transport.get_write_buffer_size()
        if unread_before - unread < min(self.limits.stalled_bytes, unread_before or 1):
            self.transport.abort()
        else:
            self._wait_for_reader()
