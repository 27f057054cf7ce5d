"""Each endpoint as each role: strangers, authors, other authors, administrators.

The tests read the table of endpoints, so a new endpoint is in them, or fails until it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from blog.accounts.commands import make_admin
from blog.app import endpoints
from blog.endpoint import Access, Endpoint, Format
from tests.platform.client import SITE_URL, RunningApi, Visitor, running_api
from tests.platform.pictures.files import picture

_TEXTS = {"title": "Stolen", "text": "Stolen", "tags": [], "revision": 1}
_BODIES: Mapping[str, Mapping[str, Any]] = {
    "/api/me/posts/{id}/draft": {**_TEXTS, "slug": "stolen", "description": ""},
    "/api/me/posts/{id}/publish": {"revision": 1},
}
"""Bodies that endpoints of owners take, so that only the owner is wrong."""
_FORM = {
    "title": "Stolen",
    "text": "Stolen",
    "slug": "first-post",
    "revision": "1",
    "do": "save",
    "user": "ana",
    "action": "hide",
    "reason": "None",
}


@dataclass
class House:
    """Ana has a draft, a post and a picture. Ben has nothing. Cleo is an administrator."""

    api: RunningApi
    ana: Visitor
    ben: Visitor
    cleo: Visitor
    stranger: Visitor
    draft: str
    picture: str
    tokens: dict[int, str] = field(default_factory=dict)

    def path(self, endpoint: Endpoint) -> str:
        """The path of an endpoint, for what is Ana's."""
        values = {"id": self.draft, "name": self.picture, "user": "ana", "slug": "first-post"}
        path = re.sub(r"\{(\w+)\}", lambda match: values.get(match[1], "sea"), endpoint.path)
        query = f"?post={self.draft}&user=ana&slug=first-post"
        return path + query if endpoint.format is Format.HTML else path

    def ask(self, visitor: Visitor, endpoint: Endpoint, **headers: str) -> Response:
        """Send what the endpoint takes, with the token of the visitor."""
        token = self.tokens.get(id(visitor)) or visitor.get("/api/session").json()["csrf"]
        self.tokens[id(visitor)] = token
        sent = {"X-CSRF-Token": token, "Origin": SITE_URL, **headers}
        body = {**_BODIES.get(endpoint.path, {})}
        if endpoint.format is Format.HTML:
            return visitor.client.request(
                endpoint.method,
                self.path(endpoint),
                data={**_FORM, "post": self.draft} if endpoint.is_unsafe else None,
                headers=sent,
                follow_redirects=False,
            )
        return visitor.client.request(
            endpoint.method,
            self.path(endpoint),
            json=body if endpoint.is_unsafe else None,
            headers=sent,
            follow_redirects=False,
        )

    def state(self) -> dict[str, Any]:
        """All that is stored, beside limits."""
        tables = ["account", "session", "post", "draft", "picture_owner", "report", "post_tag"]
        with self.api.platform.database.reading() as connection:
            return {
                table: sorted(
                    map(str, connection.rows(f"SELECT * FROM {table}"))  # noqa: S608 names of ours
                )
                for table in tables
            }


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder: Path = tmp_path_factory.mktemp("access")
    with running_api(folder) as api:
        ana, ben, cleo = api.author("ana"), api.author("ben"), api.author("cleo")
        make_admin(api.platform, "cleo")
        post = _post(ana, "First post")
        ana.send("POST", f"/api/me/posts/{post['id']}/publish", {"revision": post["revision"]})
        draft = _post(ana, "A secret draft")["id"]
        upload = ana.client.post(
            "/api/me/pictures",
            content=picture(),
            headers={"X-CSRF-Token": ana.get("/api/session").json()["csrf"]},
        )
        name = upload.json()["url"].removeprefix("/media/")
        yield House(api, ana, ben, cleo, api.visitor(), draft, name)


def _post(visitor: Visitor, title: str) -> dict[str, Any]:
    answer = visitor.send("POST", "/api/me/posts", {"title": title, "text": "A text"})
    found: dict[str, Any] = answer.json()
    return found


def _names(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def _of(*access: Access) -> list[Endpoint]:
    return [one for one in endpoints() if one.access in access]


_PRIVATE = _of(Access.AUTHOR, Access.OWNER, Access.ADMIN)
_UNSAFE = [one for one in endpoints() if one.is_unsafe]


def test_there_are_endpoints_of_each_kind() -> None:
    assert {one.access for one in endpoints()} == set(Access)
    paths = [(one.method, one.path) for one in endpoints()]
    assert len(paths) == len(set(paths))


@pytest.mark.parametrize("endpoint", _PRIVATE, ids=_names)
def test_a_stranger_is_asked_to_log_in(house: House, endpoint: Endpoint) -> None:
    before = house.state()
    answer = house.ask(house.stranger, endpoint)
    if endpoint.format is Format.HTML and not endpoint.refused:
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/account/login?next=%2Faccount%2F")
        answer = house.ask(house.stranger, endpoint, **{"X-Part": "1"})
    assert answer.status_code == 401
    assert answer.headers["cache-control"] == "private, no-store"
    assert "secret" not in answer.text
    assert house.state() == before


@pytest.mark.parametrize("endpoint", _of(Access.ADMIN), ids=_names)
def test_an_author_is_not_an_administrator(house: House, endpoint: Endpoint) -> None:
    before = house.state()
    assert house.ask(house.ana, endpoint).status_code == 403
    assert house.state() == before


@pytest.mark.parametrize("endpoint", _of(Access.OWNER), ids=_names)
@pytest.mark.parametrize("role", ["ben", "cleo"])
def test_what_belongs_to_others_is_not_there(house: House, endpoint: Endpoint, role: str) -> None:
    """Also for administrators: they hide posts, and do not read drafts."""
    before = house.state()
    answer = house.ask(getattr(house, role), endpoint)
    assert answer.status_code == 404, answer.text
    assert "secret" not in answer.text
    assert house.state() == before


@pytest.mark.parametrize("role", ["ben", "cleo", "stranger"])
def test_a_draft_of_others_is_on_no_page(house: House, role: str) -> None:
    visitor: Visitor = getattr(house, role)
    for endpoint in endpoints():
        if not endpoint.is_unsafe:
            assert "secret draft" not in house.ask(visitor, endpoint).text, endpoint.path
    assert "secret draft" in house.ana.get(f"/account/write?post={house.draft}").text


@pytest.mark.parametrize("action", ["save", "publish", "schedule", "preview", "picture"])
@pytest.mark.parametrize("role", ["ben", "cleo"])
def test_a_form_of_others_does_not_change_a_draft(house: House, action: str, role: str) -> None:
    before = house.state()
    visitor: Visitor = getattr(house, role)
    values = {**_FORM, "post": house.draft, "do": action, "at": "2030-01-01T10:00"}
    answer = visitor.submit("/account/write", values)
    assert "secret" not in answer.text
    assert house.state() == before


@pytest.mark.parametrize("endpoint", _UNSAFE, ids=_names)
@pytest.mark.parametrize("role", ["ana", "ben", "cleo", "stranger"])
def test_nothing_is_changed_by_another_site(house: House, endpoint: Endpoint, role: str) -> None:
    before = house.state()
    visitor: Visitor = getattr(house, role)
    for headers in [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": SITE_URL, "X-CSRF-Token": "0" * 64},
        {"Origin": SITE_URL, "X-CSRF-Token": ""},
    ]:
        answer = house.ask(visitor, endpoint, **headers)
        assert answer.status_code in {303, 401, 403}
        assert house.state() == before


@pytest.mark.parametrize("endpoint", list(endpoints()), ids=_names)
def test_a_cache_keeps_nothing_with_a_cookie(house: House, endpoint: Endpoint) -> None:
    if endpoint.is_unsafe:
        return
    house.tokens.clear()
    answer = house.api.browser().request(endpoint.method, house.path(endpoint))
    if "private" not in answer.headers["cache-control"]:
        assert "set-cookie" not in answer.headers
