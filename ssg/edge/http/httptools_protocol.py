"""HTTP/1.1 by httptools, with limits for clients: twice as fast as h11."""

from __future__ import annotations

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from ssg.edge.http.client_limits import DEFAULT_CLIENT_LIMITS, ClientLimits
from ssg.edge.http.refusal import INVALID, LONG_URL, Refusal, refusal_of
from ssg.edge.http.response_writer import ResponseWriter
from ssg.edge.http.slow_clients import ClientWatch, Debt, WatchedProtocol


class RefusedError(Exception):
    """Makes the parser stop at a request that is refused."""


class LimitedHttpToolsProtocol(WatchedProtocol, HttpToolsProtocol):
    """Refuses what exceeds the limits, and closes the connections of slow clients."""

    _writer: ResponseWriter
    """Set when the connection is made."""

    def __init__(
        self, *args: Any, limits: ClientLimits = DEFAULT_CLIENT_LIMITS, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self._limits = limits
        self._is_in_body = False
        """Whether the parser is between the headers and the end of a request."""
        self._refusal = INVALID
        """What the client is told if the parser stops."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._writer = ResponseWriter(transport)
        self.transport = self._writer  # type: ignore[assignment] # has the methods that are used
        self._client = ClientWatch(self.loop, transport, self._limits)
        self._client.owes(Debt.HEADERS)

    def data_received(self, data: bytes) -> None:
        """Read on, unless the client has sent too much already."""
        if self._client.has_refused:
            return
        super().data_received(data)
        if refusal := self._client.received(len(data), self._debt()):
            self._refuse(refusal)

    def on_url(self, url: bytes) -> None:
        """Take a part of the target of a request."""
        super().on_url(url)
        if len(self.url) > self._limits.url_bytes:
            self._stop(LONG_URL)

    def on_headers_complete(self) -> None:
        """Start the application, unless the request is refused."""
        parser = self.parser
        method, version = parser.get_method().decode("latin-1"), parser.get_http_version()
        if refusal := refusal_of(method, self.url, self.headers, version, self._limits):
            self._stop(refusal)
        if len(self.pipeline) >= self._limits.waiting_requests:
            self._stop(INVALID)
        super().on_headers_complete()
        self._is_in_body = True
        if parser.should_upgrade():  # what follows is not HTTP for the client, and unknown here
            self.cycle.keep_alive = False
            self._client.has_refused = True

    def on_message_complete(self) -> None:
        """Note the end of a request."""
        super().on_message_complete()
        self._is_in_body = False

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 uvicorn's signature
        """Refuse what the parser did not read."""
        self._refuse(self._refusal)

    def on_response_complete(self) -> None:
        """Go on to the next request, and wait for it."""
        self._writer.end_response()
        super().on_response_complete()
        self._client.answered(self._debt())

    def _debt(self) -> Debt:
        """While responses are under way, the next request has time."""
        if self._is_in_body and not self.pipeline:
            return Debt.BODY
        return Debt.NOTHING if self._is_answering() else Debt.HEADERS

    def _is_answering(self) -> bool:
        cycle = self.cycle
        return bool(cycle) and not cycle.response_complete

    def _stop(self, refusal: Refusal) -> None:
        self._refusal = refusal
        raise RefusedError

    def _refuse(self, refusal: Refusal) -> None:
        """Answer with a refusal, if it is this request's turn, or close after the earlier ones."""
        if self._is_in_body and not self.pipeline:
            is_due = not self.cycle.response_started
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            self._client.refuse(refusal if is_due else None)
        elif not self._is_answering():
            self._client.refuse(refusal)
        else:
            self.cycle.keep_alive = False
            self._client.has_refused = True
