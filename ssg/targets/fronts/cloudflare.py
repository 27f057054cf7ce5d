"""Purges a zone at Cloudflare, by its API: `POST /client/v4/zones/ID/purge_cache`.

Source: https://developers.cloudflare.com/cache/how-to/purge-cache/ ("Limits") and
https://developers.cloudflare.com/cache/guides/invalidate-cache/ for soft purges. At most 100 tags
go in one request. The pace is that of the free plan, for an account: 5 requests a minute, and 25 at
once. A purge of everything is never soft.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping

from ssg.targets.fronts.soft_purge import is_soft
from ssg.targets.purge.delivery import Delivery, DeliveryClock, Pace
from ssg.targets.purge.http_post import (
    Post,
    PostRequest,
    checked_address,
    checked_identifier,
    checked_secret,
    post,
)
from ssg.targets.purge.purger import PurgeReport, purge_in_batches

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


class CloudflarePurger:
    """Purges the zone that the environment names, with the token there."""

    host = "Cloudflare"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Callable[[str], None] = lambda _: None,
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
    ) -> None:
        token = checked_secret(environment.get(TOKEN), TOKEN, _TOKEN_HINT)
        zone = checked_identifier(environment.get(ZONE_ID), ZONE_ID, _ZONE_HINT)
        api = checked_address(environment.get(API_URL) or API, API_URL)
        self._url = f"{api}/zones/{zone}"
        self._by_tags = "invalidate_cache" if is_soft(environment) else "purge_cache"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._delivery = Delivery(self.host, PACE, _HINTS, clock, send, log)

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        return purge_in_batches(
            self.host,
            tags,
            TAGS_IN_A_REQUEST,
            lambda batch, done: self._send(self._by_tags, {"tags": batch}, done),
        )

    def purge_everything(self) -> PurgeReport:
        self._send("purge_cache", {"purge_everything": True})
        return PurgeReport(self.host, everything=True)

    def _send(self, operation: str, values: Mapping[str, object], done: str = "") -> None:
        body = json.dumps(values).encode()
        request = PostRequest(f"{self._url}/{operation}", body, self._headers)
        self._delivery.send(lambda: request, done)
