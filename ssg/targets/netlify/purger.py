"""Purges a site at Netlify, by its API: `POST /api/v1/purge`.

Source: https://docs.netlify.com/build/caching/caching-overview/, "On-demand invalidation". Each
tag or site can be purged twice in 5 seconds. A limit of tags in one request is not documented; 500
is that of one response. A purge by tags reaches all deploys of the site, unless it names one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from ssg.model.errors import Problem, PurgeError
from ssg.targets.purge.delivery import Delivery, DeliveryClock, Pace
from ssg.targets.purge.http_post import (
    Post,
    PostRequest,
    checked_address,
    checked_secret,
    post,
)
from ssg.targets.purge.purger import PurgeReport, purge_in_batches

API = "https://api.netlify.com"
API_PATH = "/api/v1"
TOKEN = "NETLIFY_AUTH_TOKEN"  # noqa: S105 the name of a variable
SITE_ID = "NETLIFY_SITE_ID"
SITE_ID_IN_BUILDS = "SITE_ID"
DEPLOY_ALIAS = "NETLIFY_DEPLOY_ALIAS"
API_URL = "NETLIFY_API_URL"
"""The address of the API, as Netlify's own CLI reads it."""

PACE = Pace(2, 5.0)
TAGS_IN_A_REQUEST = 500

_HOW_TO_GET_ONE = "Make a personal access token in Netlify's interface: User settings, Applications"
_SITE_HINT = "It is the project ID in Netlify's interface: Project configuration, General"
_HINTS = {
    401: f"{TOKEN} is not a valid token of Netlify",
    403: f"{TOKEN} may not purge this site",
    404: f"Netlify knows no site {SITE_ID} for this token",
    422: f"{SITE_ID} is not the ID of a site",
}


class NetlifyPurger:
    """Purges the site that the environment names, with the token there."""

    host = "Netlify"

    def __init__(
        self,
        environment: Mapping[str, str],
        *,
        log: Callable[[str], None] = lambda _: None,
        clock: DeliveryClock = DeliveryClock(),
        send: Post = post,
    ) -> None:
        self._token = checked_secret(environment.get(TOKEN), TOKEN, _HOW_TO_GET_ONE)
        self._site = _site(environment)
        self._url = _api(environment) + "/purge"
        self._delivery = Delivery(self.host, PACE, _HINTS, clock, send, log)

    def purge(self, tags: Iterable[str]) -> PurgeReport:
        return purge_in_batches(
            self.host,
            tags,
            TAGS_IN_A_REQUEST,
            lambda batch, done: self._send({**self._site, "cache_tags": batch}, done),
        )

    def purge_everything(self) -> PurgeReport:
        self._send(self._site)
        return PurgeReport(self.host, everything=True)

    def _send(self, values: Mapping[str, object], done: str = "") -> None:
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": "application/json"}
        request = PostRequest(self._url, json.dumps(values).encode(), headers)
        self._delivery.send(lambda: request, done)


def _site(environment: Mapping[str, str]) -> dict[str, str]:
    """The site, and the deploy if only one is meant."""
    site = (environment.get(SITE_ID) or environment.get(SITE_ID_IN_BUILDS) or "").strip()
    if not site:
        message = f"the environment variable {SITE_ID} is not set"
        raise PurgeError(Problem(message, None, _SITE_HINT))
    alias = environment.get(DEPLOY_ALIAS, "").strip()
    return {"site_id": site, **({"deploy_alias": alias} if alias else {})}


def _api(environment: Mapping[str, str]) -> str:
    """The address of the API. One without a path gets the usual path, as in Netlify's CLI."""
    url = checked_address(environment.get(API_URL) or API, API_URL)
    return url if urlsplit(url).path else url + API_PATH
