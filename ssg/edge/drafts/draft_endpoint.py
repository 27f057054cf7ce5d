"""`/_ssg/draft`: follows a signed link to a draft, or ends the preview.

    ?path=/ana/hello/&token=...   sets the cookie, and redirects to the path
    ?leave=/ana/hello/            removes the cookie, and redirects

Redirects are relative to the address of the endpoint, so they cannot lead to another host.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from ssg.edge.drafts.draft_token import (
    COOKIE,
    COOKIE_SECONDS,
    cookie_value,
    is_page_path,
    is_valid_link,
)
from ssg.runtime.dialects import NO_STORE

_HEADERS = {"cache-control": f"private, {NO_STORE}", "referrer-policy": "no-referrer"}
_REFUSED = "This link has expired, or it is for another page. Make a new one with: ssg draft PATH\n"


class DraftEndpoint:
    """Answers requests for drafts. Without a secret, there is nothing at its address."""

    def __init__(
        self,
        secret: bytes | None,
        is_on: Callable[[], bool],
        now: Callable[[], float] = time.time,
    ) -> None:
        """`is_on` says whether the site that is served now has drafts."""
        self._secret = secret
        self._is_on = is_on
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (ASGI)."""
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        if self._secret is None or not self._is_on():
            return PlainTextResponse("not found\n", 404, _HEADERS)
        if scope["method"] not in {"GET", "HEAD"}:
            return PlainTextResponse("not allowed\n", 405, {**_HEADERS, "allow": "GET, HEAD"})
        asked = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        path = asked.get("path", [""])[0]
        if "leave" in asked:
            return self._redirect(scope, asked["leave"][0] or "/", cookie="", seconds=0)
        token = asked.get("token", [""])[0]
        now = self._now()
        if not is_page_path(path) or not is_valid_link(self._secret, path, token, now):
            return PlainTextResponse(_REFUSED, 403, _HEADERS)
        cookie = cookie_value(self._secret, int(now) + COOKIE_SECONDS)
        return self._redirect(scope, path, cookie, COOKIE_SECONDS)

    def _redirect(self, scope: Scope, path: str, cookie: str, seconds: int) -> Response:
        if not is_page_path(path):
            path = "/"
        response = Response(b"", 303, {**_HEADERS, "location": f"..{path}"})
        response.set_cookie(
            COOKIE, cookie, max_age=seconds, httponly=True, samesite="lax", secure=is_secure(scope)
        )
        return response


def is_secure(scope: Scope) -> bool:
    """Whether the cookie may go through HTTPS only: everywhere but on this machine."""
    if scope.get("scheme") == "https":
        return True
    host = Headers(scope=scope).get("host", "").lower()
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    if name == "localhost" or name.endswith(".localhost"):
        return False
    try:
        return not ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return True
