"""Every endpoint, asked by everybody: who may use it and can, and who changes nothing.

A new endpoint has to get a line here. For what is somebody's own the line names a thing of Ana's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from httpx2 import Response

from blog.app import endpoints
from blog.clock import text_of_time
from blog.endpoint import Access, Endpoint, Format
from tests.platform.client import PASSWORD, QUICK, SITE_URL, START, RunningApi
from tests.platform.pictures.files import picture
from tests.platform.posts.stored import insert
from tests.platform.posts.writer import Writer, log_in

ROLES = ("anonymous", "suspended", "stranger", "admin", "owner")
TABLES = [
    "account",
    "post",
    "draft",
    "post_tag",
    "old_address",
    "picture",
    "picture_owner",
    "report",
    "decision",
]


@dataclass(frozen=True)
class Case:
    """A request that its owner, or an administrator, may make."""

    success: int
    values: Mapping[str, Any] = field(default_factory=dict)
    """The object of JSON, or the fields of a form; `{role}`, `{post}` and so on are replaced."""
    query: str = ""
    others: Mapping[str, int] = field(default_factory=dict)
    """The statuses of roles that differ from what the access of the endpoint says."""
    data: bytes | None = None


NOW = text_of_time(START)
NOT_THEIRS = {"stranger": 404, "admin": 404}
LOGIN = {"user": "ana", "password": PASSWORD}
ACCOUNT = {"user": "new-{role}", "name": "New", "password": PASSWORD}
PROFILE = {"name": "Name", "about": "I."}
NEW_PASSWORD = {"old": PASSWORD, "new": "another horse battery"}
REPORT = {"user": "ana", "slug": "public", "reason": "Bad"}
REASON = {"reason": "Bad"}
FORM = {"do": "save", "title": "T", "text": "X", "tags": "", "post": "{post}", "revision": "3"}

CASES: Mapping[str, Case] = {
    "GET /api/health": Case(200),
    "GET /api/openapi.json": Case(200),
    "GET /api/session": Case(200),
    "POST /api/session": Case(200, LOGIN),
    "DELETE /api/session": Case(204),
    "POST /api/accounts": Case(201, ACCOUNT),
    "GET /api/me": Case(200),
    "PATCH /api/me": Case(200, PROFILE),
    "PUT /api/me/password": Case(200, NEW_PASSWORD),
    "DELETE /api/me": Case(204, {"password": PASSWORD}),
    "POST /api/me/pictures": Case(201, data=picture()),
    "GET /api/me/pictures": Case(200),
    "DELETE /api/me/pictures/{name}": Case(204),
    "GET /media/{name}": Case(200),
    "GET /api/posts/{user}/{slug}": Case(200),
    "GET /api/users/{user}": Case(200),
    "GET /api/users/{user}/posts": Case(200),
    "GET /api/tags/{tag}/posts": Case(200),
    "GET /api/newest": Case(200),
    "GET /api/popular": Case(200),
    "GET /api/me/posts": Case(200),
    "POST /api/me/posts": Case(201, {"title": "T", "text": "X"}),
    "GET /api/me/posts/{id}": Case(200),
    "PUT /api/me/posts/{id}/draft": Case(200, {"title": "T", "text": "X", "revision": 3}),
    "POST /api/me/posts/{id}/publish": Case(200, {"revision": 3}),
    "POST /api/me/posts/{id}/unpublish": Case(200),
    "DELETE /api/me/posts/{id}": Case(204),
    "POST /api/preview": Case(200, {"text": "X"}),
    "GET /api/me/export": Case(200),
    "POST /api/reports": Case(201, REPORT),
    "GET /api/admin/reports": Case(200),
    "POST /api/admin/reports/{id}/close": Case(200),
    "POST /api/admin/posts/{user}/{slug}/hide": Case(200, REASON),
    "POST /api/admin/posts/{user}/{slug}/show": Case(200, REASON),
    "POST /api/admin/users/{user}/suspend": Case(200, REASON),
    "POST /api/admin/users/{user}/restore": Case(200, REASON),
    "GET /account/login": Case(200, others={"stranger": 303, "admin": 303, "owner": 303}),
    "POST /account/login": Case(303, LOGIN),
    "POST /account/logout": Case(303),
    "GET /account/signup": Case(200, others={"stranger": 303, "admin": 303, "owner": 303}),
    "POST /account/signup": Case(303, ACCOUNT),
    "GET /account/settings": Case(200),
    "POST /account/settings": Case(303, PROFILE),
    "POST /account/password": Case(303, NEW_PASSWORD),
    "GET /account/delete": Case(200),
    "POST /account/delete": Case(303, {"password": PASSWORD}),
    "GET /account/write": Case(200, query="post={post}", others=NOT_THEIRS),
    "POST /account/write": Case(303, FORM, others=NOT_THEIRS),
    "GET /account/posts": Case(200),
    "POST /account/posts/unpublish": Case(303, {"post": "{post}"}),
    "GET /account/posts/delete": Case(200, query="post={post}"),
    "POST /account/posts/delete": Case(303, {"post": "{post}"}),
    "GET /account/pictures": Case(200),
    "POST /account/pictures/remove": Case(303, {"name": "{picture}"}),
    "GET /account/report": Case(200, query="user=ana&slug=public"),
    "POST /account/report": Case(303, REPORT),
    "GET /account/reported": Case(200),
    "GET /account/reports": Case(200),
    "POST /account/reports": Case(303, {**REPORT, "action": "hide"}),
}


@dataclass
class World:
    """Ana, who has a post, a draft and a picture; and others."""

    api: RunningApi
    browsers: Mapping[str, Writer]
    names: dict[str, str]

    def rows(self) -> Mapping[str, object]:
        """All that people have."""
        with self.api.platform.database.reading() as connection:
            return {
                table: sorted(map(str, map(dict, connection.rows(f"SELECT * FROM {table}"))))  # noqa: S608 ours
                for table in TABLES
            }

    def ask(self, endpoint: Endpoint, role: str, **headers: str) -> Response:
        """Make the request of an endpoint as somebody."""
        browser = self.browsers[role]
        case = CASES[_key(endpoint)]
        path = endpoint.path.format(**self._placeholders(endpoint))
        names = {**self.names, "role": role}
        values = {k: v.format(**names) if isinstance(v, str) else v for k, v in case.values.items()}
        kind: dict[str, Any] = {"content": case.data} if case.data else {}
        if values:
            kind = {"data": values} if endpoint.format is Format.HTML else {"json": values}
        token = {"X-CSRF-Token": browser.token, "Origin": SITE_URL} if endpoint.is_unsafe else {}
        query = f"?{case.query.format(**names)}" if case.query else ""
        return browser.client.request(
            endpoint.method,
            path + query,
            headers={**token, **headers},
            follow_redirects=False,
            **kind,
        )

    def _placeholders(self, endpoint: Endpoint) -> Mapping[str, str]:
        is_report = "/reports/" in endpoint.path
        thing = self.names["report" if is_report else "post"]
        own = {"user": "ana", "slug": "public", "tag": "sea", "name": self.names["picture"]}
        return {**own, "id": thing}


def _key(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


@pytest.fixture
def world(api: RunningApi) -> World:
    password = QUICK.hashed(PASSWORD)
    ana = log_in(api, "ana", password=password)
    post = ana.published(title="Public", tags=["sea"])
    names = {"post": post["id"], "picture": f"{'a' * 32}.webp", "report": "report-1"}
    sam = log_in(api, "sam", password=password)
    browsers = {
        "owner": ana,
        "stranger": log_in(api, "ben", password=password),
        "admin": log_in(api, "root", password=password, is_admin=1),
        "suspended": sam,
        "anonymous": replace(sam, client=api.browser()),
    }
    with api.platform.database.writing() as connection:
        connection.change("UPDATE account SET suspended = 1 WHERE id = :id", id=sam.account.id)
    for role in ("suspended", "anonymous"):  # their forms have the token of a visitor
        browser = browsers[role]
        browser.token = browser.get("/api/session").json()["csrf"]
    with api.platform.database.writing() as connection:
        stored = {"name": names["picture"], "bytes": b"RIFF", "width": 1, "height": 1}
        insert(connection, "picture", [stored])
        owner = {"picture": names["picture"], "account": ana.account.id, "uploaded_at": NOW}
        insert(connection, "picture_owner", [owner])
        report = {"id": "report-1", "post": post["id"], "reason": "Bad"}
        insert(connection, "report", [{**report, "reporter": None, "reported_at": NOW}])
    api.purges.clear()
    return World(api, browsers, names)


def _expected(endpoint: Endpoint, role: str) -> int:
    """The status that the access of an endpoint means for a role."""
    case = CASES[_key(endpoint)]
    may_log_in = role not in {"anonymous", "suspended"}
    if endpoint.access is Access.PUBLIC or may_log_in:
        if role in case.others:
            return case.others[role]
        if endpoint.access is Access.OWNER and role != "owner":
            return 404
        if endpoint.access is Access.ADMIN and role != "admin":
            return 403
        return case.success
    return 401


def test_each_endpoint_has_a_line() -> None:
    assert sorted(CASES) == sorted(map(_key, endpoints()))


def _status(answer: Response) -> int:
    """The status. A page that sends somebody to the form for logging in says 401 in its way."""
    target = answer.headers.get("location", "")
    return 401 if target.startswith("/account/login?next=") else answer.status_code


def _roles(endpoint: Endpoint) -> Iterator[str]:
    """All roles. Who may do it comes last, because it may be the last thing that they do."""
    yield from sorted(ROLES, key=lambda role: _expected(endpoint, role) < 400)


@pytest.mark.parametrize("endpoint", endpoints(), ids=_key)
def test_an_endpoint_is_for_those_who_may_use_it(world: World, endpoint: Endpoint) -> None:
    for role in _roles(endpoint):
        before, expected = world.rows(), _expected(endpoint, role)
        answer = world.ask(endpoint, role)
        assert _status(answer) == expected, f"{role}: {answer.text[:500]}"
        if expected >= 400:
            assert world.rows() == before, role
            assert world.api.purges == []
        elif endpoint.access is not Access.PUBLIC:
            assert "no-store" in answer.headers["cache-control"]


@pytest.mark.parametrize("slug", ["draft", "draft-of-public"])
def test_nobody_else_sees_a_draft_anywhere(world: World, slug: str) -> None:
    ana = world.browsers["owner"]
    post = ana.get(f"/api/me/posts/{world.names['post']}").json()
    ana.create(title="Draft", text="Secret words", tags=["secret"])
    ana.save(post, slug="draft-of-public", text="Secret words", tags=["secret"])
    for role in ROLES[:-1]:
        browser = world.browsers[role]
        assert browser.get(f"/api/posts/ana/{slug}").status_code == 404
        assert browser.get("/api/tags/secret/posts").status_code == 404
        for path in ("/api/users/ana/posts?full=1", "/api/newest?full=1", "/api/posts/ana/public"):
            assert "Secret" not in browser.get(path).text
