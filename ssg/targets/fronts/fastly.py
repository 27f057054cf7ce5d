"""Purges a service at Fastly, by its API: `POST /service/ID/purge`.

Source: https://www.fastly.com/documentation/reference/api/purging/. At most 256 keys go in one
request; a purge of everything cannot be soft. The pace is ours: no limit is documented.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ssg.targets.fronts.soft_purge import is_soft
from ssg.targets.purge.api_purger import ApiPurger, MakeRequest
from ssg.targets.purge.delivery import Pace
from ssg.targets.purge.http_post import (
    PostRequest,
    checked_address,
    checked_identifier,
    checked_secret,
)

API = "https://api.fastly.com"
TOKEN = "FASTLY_API_TOKEN"  # noqa: S105 the name of a variable
SERVICE_ID = "FASTLY_SERVICE_ID"
API_URL = "FASTLY_API_ENDPOINT"
"""The address of the API, as Fastly's own CLI reads it."""

PACE = Pace(10, 1.0)
KEYS_IN_A_REQUEST = 256

_TOKEN_HINT = "Make one in Fastly's interface: Account, API tokens, with the scope purge_select"  # noqa: S105 no token
_SERVICE_HINT = "It is the service ID in Fastly's interface"
_HINTS = {
    401: f"{TOKEN} is not a valid token of Fastly",
    403: f"{TOKEN} may not purge this service; everything needs the scope purge_all",
    404: f"Fastly knows no service {SERVICE_ID} for this token",
}


class FastlyPurger(ApiPurger):
    """Purges the service that the environment names, with the token there."""

    host = "Fastly"
    pace = PACE
    hints = _HINTS
    tags_in_a_request = KEYS_IN_A_REQUEST

    def read(self, environment: Mapping[str, str]) -> None:
        token = checked_secret(environment.get(TOKEN), TOKEN, _TOKEN_HINT)
        service = checked_identifier(environment.get(SERVICE_ID), SERVICE_ID, _SERVICE_HINT)
        api = checked_address(environment.get(API_URL) or API, API_URL)
        self._url = f"{api}/service/{service}"
        self._headers = {"Fastly-Key": token, "Accept": "application/json"}
        self._soft = {"Fastly-Soft-Purge": "1"} if is_soft(environment) else {}

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        headers = {**self._headers, **self._soft, "Content-Type": "application/json"}
        body = json.dumps({"surrogate_keys": tags}).encode()
        return lambda: PostRequest(f"{self._url}/purge", body, headers)

    def of_everything(self) -> MakeRequest:
        return lambda: PostRequest(f"{self._url}/purge_all", b"", self._headers)
