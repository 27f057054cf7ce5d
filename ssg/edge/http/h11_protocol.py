"""HTTP/1.1 by h11, with limits for clients. Needs nothing but what uvicorn needs."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from ssg.edge.http.client_limits import DEFAULT_CLIENT_LIMITS, ClientLimits
from ssg.edge.http.refusal import INVALID, LARGE_HEADERS, LONG_URL, Refusal, head_fault, refusal_of
from ssg.edge.http.slow_clients import ClientWatch, Debt, WatchedProtocol

_DEBTS = {h11.IDLE: Debt.HEADERS, h11.SEND_BODY: Debt.BODY}


class LimitedH11Protocol(WatchedProtocol, H11Protocol):
    """Refuses what exceeds the limits, and closes the connections of slow clients."""

    def __init__(
        self, *args: Any, limits: ClientLimits = DEFAULT_CLIENT_LIMITS, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self.app = _guarded(self.app, limits)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._client = ClientWatch(self.loop, transport, self._limits)
        self._client.owes(Debt.HEADERS)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the client has sent too much already."""
        if self._client.has_refused:
            return
        super().data_received(data)
        debt = self._debt()
        refusal = self._client.received(len(data), debt)
        if refusal and debt is not Debt.NOTHING:  # else h11 is paused: no more is read
            self._refuse(refusal)

    def handle_events(self) -> None:
        """Handle what has been received, unless it can be read in two ways."""
        if self.conn.their_state is h11.IDLE and (fault := head_fault(self._unread())):
            self._refuse(fault)
        else:
            super().handle_events()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 uvicorn's signature
        """Refuse bytes that h11 cannot read, or of which there are too many."""
        unread, limits = self._unread(), self._limits
        if len(unread) <= limits.url_bytes + limits.header_bytes:
            self._refuse(INVALID)
        else:
            self._refuse(LARGE_HEADERS if b"\n" in unread else LONG_URL)

    def on_response_complete(self) -> None:
        """Go on to the next request, and wait for it."""
        super().on_response_complete()
        self._client.answered(self._debt())

    def _debt(self) -> Debt:
        return _DEBTS.get(self.conn.their_state, Debt.NOTHING)

    def _is_idle(self) -> bool:
        return self.cycle is None

    def _unread(self) -> bytes:
        return self.conn.trailing_data[0]

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal, unless an answer has begun; h11 reads one request at a time."""
        is_due = self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE)
        if not self._is_idle():
            self.cycle.disconnected = not self.cycle.response_complete
            self.cycle.message_event.set()
        self._client.refuse(refusal if is_due else None)


def _guarded(app: Any, limits: ClientLimits) -> ASGIApp:
    """The application without the requests that `refusal_of` refuses."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        query = scope["query_string"]
        target = scope["raw_path"] + (b"?" + query if query else b"")
        refusal = refusal_of(
            scope["method"], target, scope["headers"], scope["http_version"], limits
        )
        if refusal is None:
            await app(scope, receive, send)
        else:
            headers = {"connection": "close", "cache-control": "no-store"}
            response = PlainTextResponse(f"{refusal.reason}\n", refusal.status, headers)
            await response(scope, receive, send)

    return guarded
