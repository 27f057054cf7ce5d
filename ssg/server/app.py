"""The server as an ASGI application: health, purges, links to drafts, then the edge.

`/healthz` says that the process answers, `/readyz` that it has something to serve and is not about
to stop. With a server that speaks the lifespan protocol, the site starts and stops with it.
"""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterable

from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from ssg.edge.drafts.draft_token import DRAFT_PATH
from ssg.edge.exchange import REQUEST_ID
from ssg.model.errors import SsgError
from ssg.runtime.dialects import NO_STORE
from ssg.runtime.signed_purge import PURGE_PATH
from ssg.server.site import ServedSite

_HEADER = b"x-request-id"
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:/+=@-]{1,128}")

HEALTH_PATH = "/healthz"
READY_PATH = "/readyz"


class ServerApp:
    """Answers requests for one site. `make_site` may raise an SsgError, which stops the start."""

    def __init__(self, make_site: Callable[[], ServedSite]) -> None:
        self._make_site = make_site
        self._site: ServedSite | None = None

    def start(self) -> ServedSite:
        """Make the site and start it; blocks. Raises SsgError."""
        site = self._make_site()
        site.start()
        self._site = site
        return site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            name = request_id(scope["headers"])
            await self._answer({**scope, REQUEST_ID: name}, receive, _named(send, name))

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        site, path = self._site, scope["path"]
        if path == HEALTH_PATH:
            await _plain(200, "ok")(scope, receive, send)
        elif path == PURGE_PATH and site is not None:
            await site.purge_endpoint(scope, receive, send)
        elif path == DRAFT_PATH and site is not None:
            await site.draft_endpoint(scope, receive, send)
        elif path == READY_PATH or site is None:
            is_ready = site is not None and site.is_ready
            response = _plain(200, "ready") if is_ready else _plain(503, "not ready")
            await response(scope, receive, send)
        else:
            await site.edge(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start and stop with the server around (the lifespan protocol of ASGI)."""
        await receive()
        try:
            site = await asyncio.to_thread(self.start)
        except SsgError as error:
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await asyncio.to_thread(site.stop)
        await asyncio.to_thread(site.close)
        await send({"type": "lifespan.shutdown.complete"})


def request_id(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """The `X-Request-Id` of a request if it is well formed, or a new one."""
    given = [value for name, value in headers if name == _HEADER]
    if len(given) == 1 and _REQUEST_ID.fullmatch(given[0]):
        return given[0].decode()
    return os.urandom(16).hex()


def _named(send: Send, name: str) -> Send:
    """Send the name of the request with its response."""
    line = _HEADER, name.encode()

    async def send_named(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": [*message["headers"], line]}
        await send(message)

    return send_named


def _plain(status: int, text: str) -> Response:
    return PlainTextResponse(f"{text}\n", status, {"cache-control": NO_STORE})
