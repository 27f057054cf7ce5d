"""Purges a zone at Cloudflare, by its API: `POST /client/v4/zones/ID/purge_cache`.

Source: https://developers.cloudflare.com/cache/how-to/purge-cache/ ("Limits") and
https://developers.cloudflare.com/cache/guides/invalidate-cache/ for soft purges. At most 100 tags
go in one request. The pace is that of the free plan, for an account: 5 requests a minute, and 25 at
once. A purge of everything is never soft.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from ssg.targets.fronts.soft_purge import is_soft
from ssg.targets.purge.api_purger import ApiPurger, MakeRequest, bearer_headers
from ssg.targets.purge.delivery import Pace
from ssg.targets.purge.http_post import (
    PostRequest,
    checked_address,
    checked_identifier,
    checked_secret,
)

API = "https://api.cloudflare.com/client/v4"
TOKEN = "CLOUDFLARE_API_TOKEN"  # noqa: S105 the name of a variable
ZONE_ID = "CLOUDFLARE_ZONE_ID"
API_URL = "CLOUDFLARE_API_BASE_URL"
"""The address of the API, as Cloudflare's own CLI reads it."""

PACE = Pace(25, 300.0)
TAGS_IN_A_REQUEST = 100

_TOKEN_HINT = "Make one in Cloudflare's interface, with the permission Zone, Cache Purge"  # noqa: S105 no token
_ZONE_HINT = "It is the zone ID on the overview of the domain in Cloudflare's interface"
_HINTS = {
    400: f"{TOKEN} is not a token of Cloudflare, or {ZONE_ID} is not a zone",
    401: f"{TOKEN} is not a valid token of Cloudflare",
    403: f"{TOKEN} may not purge this zone",
    404: f"Cloudflare knows no zone {ZONE_ID} for this token",
}


class CloudflarePurger(ApiPurger):
    """Purges the zone that the environment names, with the token there."""

    host = "Cloudflare"
    pace = PACE
    hints = _HINTS
    tags_in_a_request = TAGS_IN_A_REQUEST

    def read(self, environment: Mapping[str, str]) -> None:
        token = checked_secret(environment.get(TOKEN), TOKEN, _TOKEN_HINT)
        zone = checked_identifier(environment.get(ZONE_ID), ZONE_ID, _ZONE_HINT)
        api = checked_address(environment.get(API_URL) or API, API_URL)
        self._url = f"{api}/zones/{zone}"
        self._by_tags = "invalidate_cache" if is_soft(environment) else "purge_cache"
        self._headers = bearer_headers(token)

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        return self._request(self._by_tags, {"tags": tags})

    def of_everything(self) -> MakeRequest:
        return self._request("purge_cache", {"purge_everything": True})

    def _request(self, operation: str, values: Mapping[str, object]) -> MakeRequest:
        body = json.dumps(values).encode()
        return lambda: PostRequest(f"{self._url}/{operation}", body, self._headers)
