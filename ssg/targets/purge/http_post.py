"""Sends one request, mostly POST. The answer's body is not read: no message can repeat it."""

from __future__ import annotations

import http.client
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import (
    BaseHandler,
    HTTPRedirectHandler,
    ProxyHandler,
    Request,
    build_opener,
)

import ssg
from ssg.model.errors import Problem, PurgeError

TIMEOUT_SECONDS = 30.0
_VISIBLE = re.compile(r"[\x21-\x7e]+")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]{1,128}")
_PRIVATE_NAME = re.compile(r"[a-z0-9-]+|.+\.(?:internal|local)")
"""Names of machines in a private network, such as those of containers."""


@dataclass(frozen=True, slots=True)
class PostRequest:
    """A request to an address that `checked_address` has seen."""

    url: str
    body: bytes
    headers: Mapping[str, str]
    method: str = "POST"


@dataclass(frozen=True, slots=True)
class PostAnswer:
    """The status of an answer; None, with the reason, if there was none."""

    status: int | None
    retry_after: str | None = None
    failure: str = ""


Post = Callable[[PostRequest], PostAnswer]


def checked_address(url: str, what: str, *, private_http: bool = False) -> str:
    """The address without a slash at its end: HTTPS, or HTTP on this machine.

    With `private_http` also HTTP in a private network. Raises PurgeError, which does not repeat an
    address with a password.
    """
    try:
        parts = urlsplit(url)
        is_usable = bool(parts.hostname and _VISIBLE.fullmatch(url)) and parts.port != 0
    except ValueError:
        is_usable = False
    hint = "Write https://example.org/, with the site's folder if it has one"
    if not is_usable or "@" in parts.netloc or parts.query or parts.fragment:
        raise PurgeError(Problem(f"{what} is not an address that can be used", None, hint))
    is_near = _is_private(parts) if private_http else _is_loopback(parts)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_near):
        message = f"{what} must begin with https://: the request has a secret"
        raise PurgeError(Problem(message, None, hint))
    return url.rstrip("/")


def checked_secret(text: str | None, name: str, hint: str) -> str:
    """An environment variable that can be sent in a header. Messages do not repeat it."""
    value = (text or "").strip()
    if not value:
        raise PurgeError(Problem(f"the environment variable {name} is not set", None, hint))
    if not _VISIBLE.fullmatch(value):
        raise PurgeError(Problem(f"{name} has characters that cannot be sent", None, hint))
    return value


def checked_identifier(text: str | None, name: str, hint: str) -> str:
    """An environment variable that becomes a part of an address."""
    value = (text or "").strip()
    if not value:
        raise PurgeError(Problem(f"the environment variable {name} is not set", None, hint))
    if not _IDENTIFIER.fullmatch(value):
        raise PurgeError(Problem(f"{name} is not an ID", None, hint))
    return value


def post(request: PostRequest, timeout_seconds: float = TIMEOUT_SECONDS) -> PostAnswer:
    """Send it, through the proxy of the environment if there is one. Follows no redirect."""
    headers = {"User-Agent": f"ssg/{ssg.__version__} (purge)", **request.headers}
    handlers: list[BaseHandler] = [_NoRedirects()]
    parts = urlsplit(request.url)
    if parts.scheme == "http" or _is_loopback(parts):  # only near addresses have no TLS
        handlers.append(ProxyHandler({}))
    body = request.body or None
    sent = Request(request.url, body, headers, method=request.method)  # noqa: S310 https, or near
    try:
        with build_opener(*handlers).open(sent, timeout=timeout_seconds) as answer:
            return PostAnswer(answer.status)
    except HTTPError as error:
        error.close()
        return PostAnswer(error.code, error.headers.get("Retry-After"))
    except (OSError, http.client.HTTPException) as error:
        reason = getattr(error, "reason", None) or error
        return PostAnswer(None, failure=str(reason) or type(error).__name__)


class _NoRedirects(HTTPRedirectHandler):
    """Gives a redirect back as the answer: a secret goes to no other address."""

    def redirect_request(self, *_: object) -> None:
        return None


def _is_loopback(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(parts: SplitResult) -> bool:
    """Whether an address is on this machine or in a private network."""
    host = (parts.hostname or "").lower()
    try:
        return ip_address(host).is_private
    except ValueError:
        return _PRIVATE_NAME.fullmatch(host) is not None
