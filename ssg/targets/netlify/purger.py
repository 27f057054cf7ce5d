"""Purges a site at Netlify, by its API: `POST /api/v1/purge`.

Source: https://docs.netlify.com/build/caching/caching-overview/, "On-demand invalidation". Each
tag or site can be purged twice in 5 seconds. A limit of tags in one request is not documented; 500
is that of one response. A purge by tags reaches all deploys of the site, unless it names one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlsplit

from ssg.model.errors import Problem, PurgeError
from ssg.targets.purge.api_purger import ApiPurger, MakeRequest, bearer_headers
from ssg.targets.purge.delivery import Pace
from ssg.targets.purge.http_post import (
    PostRequest,
    checked_address,
    checked_secret,
)

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


class NetlifyPurger(ApiPurger):
    """Purges the site that the environment names, with the token there."""

    host = "Netlify"
    pace = PACE
    hints = _HINTS
    tags_in_a_request = TAGS_IN_A_REQUEST

    def read(self, environment: Mapping[str, str]) -> None:
        token = checked_secret(environment.get(TOKEN), TOKEN, _HOW_TO_GET_ONE)
        self._site = _site(environment)
        self._url = _api(environment) + "/purge"
        self._headers = bearer_headers(token)

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        return self._request({**self._site, "cache_tags": tags})

    def of_everything(self) -> MakeRequest:
        return self._request(self._site)

    def _request(self, values: Mapping[str, object]) -> MakeRequest:
        body = json.dumps(values).encode()
        return lambda: PostRequest(self._url, body, self._headers)


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
