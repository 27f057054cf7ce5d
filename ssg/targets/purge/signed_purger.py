"""Purges a site by signed requests to its own endpoint, `POST /_ssg/purge`."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

from ssg.model.errors import Problem, PurgeError
from ssg.runtime.signed_purge import (
    MAX_TAGS,
    MIN_SECRET_BYTES,
    PURGE_PATH,
    PurgeSelection,
    signed_headers,
    usable_secret,
)
from ssg.targets.purge.api_purger import ApiPurger, MakeRequest
from ssg.targets.purge.delivery import DeliveryClock, Pace
from ssg.targets.purge.http_post import Post, PostRequest, checked_address, post

SECRET = "SSG_PURGE_SECRET"  # noqa: S105 the name of a variable
PACE = Pace(2, 5.0)
"""That of the slowest host behind such an endpoint."""

_MAKE = 'Make one with: python -c "import secrets; print(secrets.token_urlsafe(32))"'
_HINTS = {
    401: f"{SECRET} is not that of the site, or this machine's clock is wrong",
    404: f"The site has no {PURGE_PATH}, or {SECRET} is not set there",
    501: "The host gives the function no token to purge with",
}


class SignedPurger(ApiPurger):
    """Sends signed requests to one site."""

    pace = PACE
    hints = _HINTS
    tags_in_a_request = MAX_TAGS

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
        self._time = clock.unix_time
        self._nonce = nonce
        super().__init__(environment, log=log, clock=clock, send=send)

    def read(self, environment: Mapping[str, str]) -> None:
        self._secret = _secret(environment)

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        return self._selecting(PurgeSelection(tags))

    def of_everything(self) -> MakeRequest:
        return self._selecting(PurgeSelection(everything=True))

    def _selecting(self, selection: PurgeSelection) -> MakeRequest:
        body = selection.to_body()
        return lambda: self._request(body)

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
