"""Purges a site by signed requests to its own endpoint, `POST /_ssg/purge`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping

from ssg.model.errors import Problem, PurgeError
from ssg.runtime.signed_purge import (
    MAX_TAGS,
    MIN_SECRET_BYTES,
    PURGE_PATH,
    PurgeSelection,
    signed_headers,
    usable_secret,
)
from ssg.targets.purge.delivery import Delivery, DeliveryClock, Pace
from ssg.targets.purge.http_post import Post, PostRequest, checked_address, post
from ssg.targets.purge.purger import PurgeReport, purge_in_batches

SECRET = "SSG_PURGE_SECRET"  # noqa: S105 the name of a variable
PACE = Pace(2, 5.0)
"""That of the slowest host behind such an endpoint."""

_MAKE = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
_HINTS = {
    401: f"{SECRET} is not that of the site, or this machine's clock is wrong",
    404: f"The site has no {PURGE_PATH}, or {SECRET} is not set there",
    501: "The host gives the function no token to purge with",
}


class SignedPurger:
    """Sends signed requests to one site."""

    def __init__(
        self,
        url: str,
        environment: Mapping[str, str],
        *,
        log: Callable[[str], None] = lambda _: None,
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
        nonce: Callable[[], str] = lambda: secrets.token_hex(16),
    ) -> None:
        self.host = checked_address(url, "the host", private_http=True)
        self._secret = _secret(environment)
        self._time = clock.unix_time
        self._nonce = nonce
        self._delivery = Delivery(self.host, PACE, _HINTS, clock, send, log)

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        return purge_in_batches(
            self.host, tags, MAX_TAGS, lambda batch, done: self._send(PurgeSelection(batch), done)
        )

    def purge_everything(self) -> PurgeReport:
        self._send(PurgeSelection(everything=True))
        return PurgeReport(self.host, everything=True)

    def _send(self, selection: PurgeSelection, done: str = "") -> None:
        body = selection.to_body()
        self._delivery.send(lambda: self._request(body), done)

    def _request(self, body: bytes) -> PostRequest:
        """Each attempt has a time and a nonce of its own: the site refuses a repeated one."""
        signed = signed_headers(self._secret, body, self._time(), self._nonce())
        headers = {"Content-Type": "application/json", **signed}
        return PostRequest(self.host + PURGE_PATH, body, headers)


def _secret(environment: Mapping[str, str]) -> bytes:
    secret = usable_secret(environment.get(SECRET))
    if secret is None:
        is_set = bool(environment.get(SECRET))
        message = f"has fewer than {MIN_SECRET_BYTES} characters" if is_set else "is not set"
        raise PurgeError(Problem(f"the environment variable {SECRET} {message}", None, _MAKE))
    return secret
