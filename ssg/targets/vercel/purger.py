"""Purges a site at Vercel, by its API: `POST /v1/edge-cache/invalidate-by-tags`.

A purged answer becomes stale: the next visitor gets it once more, while a new one is made. Sources:
https://vercel.com/docs/rest-api/edge-cache/invalidate-by-tag (at most 16 tags in a request), and
`vercel cache purge` of Vercel's CLI for `POST /v1/edge-cache/purge-all`. How many requests the API
takes in a time is not documented: after 429 this waits as long as the answer says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import urlencode

from ssg.targets.purge.api_purger import ApiPurger, MakeRequest, bearer_headers
from ssg.targets.purge.delivery import Pace
from ssg.targets.purge.http_post import PostRequest, checked_address, checked_secret

API = "https://api.vercel.com"
TOKEN = "VERCEL_TOKEN"  # noqa: S105 the name of a variable
PROJECT = "VERCEL_PROJECT_ID"
TEAM = "VERCEL_ORG_ID"
API_URL = "VERCEL_API_URL"
"""The address of the API, for tests."""

TAGS_IN_A_REQUEST = 16
PACE = Pace(10, 1.0)

_TEAM_PREFIX = "team_"
_HOW_TO_GET_ONE = "Make a token in Vercel's interface: Account Settings, Tokens"
_PROJECT_HINT = "It is in .vercel/project.json after `vercel link`, as projectId"
_HINTS = {
    401: f"{TOKEN} is not a valid token of Vercel",
    403: f"{TOKEN} may not purge this project; {TEAM} names the team of the project",
    404: f"Vercel knows no project {PROJECT} for this token; {TEAM} names its team",
}


class VercelPurger(ApiPurger):
    """Purges the project that the environment names, with the token there."""

    host = "Vercel"
    pace = PACE
    hints = _HINTS
    tags_in_a_request = TAGS_IN_A_REQUEST

    def read(self, environment: Mapping[str, str]) -> None:
        token = checked_secret(environment.get(TOKEN), TOKEN, _HOW_TO_GET_ONE)
        self._project = urlencode(_project(environment))
        self._api = checked_address(environment.get(API_URL) or API, API_URL)
        self._headers = bearer_headers(token)

    def by_tags(self, tags: tuple[str, ...]) -> MakeRequest:
        return self._request("invalidate-by-tags", {"tags": tags})

    def of_everything(self) -> MakeRequest:
        return self._request("purge-all", {})

    def _request(self, action: str, values: Mapping[str, object]) -> MakeRequest:
        url = f"{self._api}/v1/edge-cache/{action}?{self._project}"
        body = json.dumps(values).encode()
        return lambda: PostRequest(url, body, self._headers)


def _project(environment: Mapping[str, str]) -> dict[str, str]:
    """The project, and its team. The organisation of a person's own account is not a team."""
    project = checked_secret(environment.get(PROJECT), PROJECT, _PROJECT_HINT)
    team = environment.get(TEAM, "").strip()
    return {
        "projectIdOrName": project,
        **({"teamId": team} if team.startswith(_TEAM_PREFIX) else {}),
    }
