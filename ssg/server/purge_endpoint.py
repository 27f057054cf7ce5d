"""`POST /_ssg/purge`: signed requests to forget cached pages, here and in the cache in front."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ssg.edge.storage.namespace import StorageUnavailableError
from ssg.model.errors import PurgeError
from ssg.runtime.dialects import NO_STORE
from ssg.runtime.signed_purge import (
    MAX_BODY_BYTES,
    PurgeRequestError,
    PurgeSelection,
    SeenNonces,
    accepted_selection,
)

Purge = Callable[[PurgeSelection], int]
"""Forgets responses, returns how many; may wait. Raises PurgeError."""

_RETRY = {"retry-after": "1"}


class PurgeEndpoint:
    """Answers requests to purge. Without a secret, there is nothing at its address."""

    def __init__(
        self, secret: bytes | None, purge: Purge, now: Callable[[], float] = time.time
    ) -> None:
        self._secret = secret
        self._purge = purge
        self._now = now
        self._seen = SeenNonces()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI). The loop does not wait for the purge."""
        try:
            selection = await self._selection(scope, receive)
            removed = await asyncio.to_thread(self._purge, selection)
        except PurgeRequestError as error:
            response = _answer(error.status, {"error": str(error)})
        except StorageUnavailableError as error:
            response = _answer(503, {"error": str(error)}, _RETRY)
        except PurgeError as error:
            response = _answer(502, {"error": str(error)})
        else:
            what = {"all": True} if selection.everything else {"tags": list(selection.tags)}
            response = _answer(200, {**what, "removed": removed})
        await response(scope, receive, send)

    async def _selection(self, scope: Scope, receive: Receive) -> PurgeSelection:
        if self._secret is not None and scope["method"] != "POST":
            raise PurgeRequestError(405, "the method is not POST")
        headers = Headers(scope=scope)
        body = await _body(receive) if self._secret is not None else b""
        return accepted_selection(headers, body, self._secret, self._seen, self._now())


async def _body(receive: Receive) -> bytes:
    """The body of a request, or the beginning of one that is too long."""
    body, more = b"", True
    while more and len(body) <= MAX_BODY_BYTES:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    return body


def _answer(status: int, value: Mapping[str, Any], headers: Mapping[str, str] = {}) -> Response:
    text = json.dumps(value, ensure_ascii=False) + "\n"
    allow = {"allow": "POST"} if status == 405 else {}
    return Response(
        text, status, {**headers, **allow, "cache-control": NO_STORE}, "application/json"
    )
