"""`/_ssg/draft`: links, cookies and redirects."""

from __future__ import annotations

import pytest

from ssg.edge.drafts.draft_endpoint import DraftEndpoint
from ssg.edge.drafts.draft_token import COOKIE, DRAFT_PATH, is_valid_cookie, link_token
from tests.server.asking import Asked, ask

SECRET = b"a secret of at least thirty-two bytes"
NOW = 1_800_000_000.0
TOKEN = link_token(SECRET, "/ana/hello/", int(NOW) + 60)


def call(query: str, host: str = "www.example.org", method: str = "GET", **more: object) -> Asked:
    endpoint = DraftEndpoint(SECRET, lambda: True, lambda: NOW)
    headers = {"host": host}
    return ask(endpoint, DRAFT_PATH, method, headers, query_string=query.encode(), **more)


def test_a_link_sets_the_cookie_and_leads_to_its_page() -> None:
    found = call(f"path=%2Fana%2Fhello%2F&token={TOKEN}")
    assert (found.status, found.headers["location"]) == (303, "../ana/hello/")
    name, _, rest = found.headers["set-cookie"].partition("=")
    value, *attributes = rest.split("; ")
    assert name == COOKIE
    assert is_valid_cookie(SECRET, value, NOW)
    assert {one.lower() for one in attributes} == {
        "httponly", "samesite=lax", "secure", "path=/", "max-age=3600"
    }  # fmt: skip
    assert found.headers["cache-control"] == "private, no-store"
    assert found.headers["referrer-policy"] == "no-referrer"


@pytest.mark.parametrize(
    ("host", "scheme", "is_secure"),
    [
        ("127.0.0.1:8000", "http", False),
        ("localhost:8000", "http", False),
        ("[::1]:8000", "http", False),
        ("[::1]", "http", False),
        ("127.0.0.1:8000", "https", True),
        ("192.0.2.7", "http", True),
        ("www.example.org", "http", True),
        ("localhost.example.org", "http", True),
    ],
)
def test_the_cookie_goes_through_https_only_but_on_this_machine(
    host: str, scheme: str, is_secure: bool
) -> None:
    found = call(f"path=/ana/hello/&token={TOKEN}", host, scheme=scheme)
    assert ("secure" in found.headers["set-cookie"].lower()) == is_secure


@pytest.mark.parametrize(
    "query",
    [
        "",
        "path=/ana/hello/",
        f"token={TOKEN}",
        "path=/ana/hello/&token=x",
        f"path=/ana/other/&token={TOKEN}",
        f"path=/ana/hello/%3Fx&token={TOKEN}",
        f"path=/ana/hello/&token={link_token(SECRET, '/ana/hello/', int(NOW))}",
        f"path=//evil.example/&token={link_token(SECRET, '//evil.example/', int(NOW) + 60)}",
        f"path=https://evil.example/&token={link_token(SECRET, 'https://evil.example/', 9)}",
    ],
)
def test_what_is_not_a_valid_link_is_refused(query: str) -> None:
    found = call(query)
    assert found.status == 403
    assert "set-cookie" not in found.headers
    assert "location" not in found.headers


@pytest.mark.parametrize(
    ("query", "location"),
    [
        ("leave", "../"),
        ("leave=", "../"),
        ("leave=%2Fana%2Fhello%2F", "../ana/hello/"),
        ("leave=//evil.example/", "../"),
        ("leave=https://evil.example/", "../"),
        ("leave=/%5Cevil.example", "../"),
    ],
)
def test_leaving_removes_the_cookie_and_leads_nowhere_else(query: str, location: str) -> None:
    found = call(query)
    assert (found.status, found.headers["location"]) == (303, location)
    assert "max-age=0" in found.headers["set-cookie"].lower()


def test_without_a_secret_or_drafts_there_is_nothing() -> None:
    for endpoint in (DraftEndpoint(None, lambda: True), DraftEndpoint(SECRET, lambda: False)):
        query = f"path=/ana/hello/&token={TOKEN}".encode()
        assert ask(endpoint, DRAFT_PATH, query_string=query).status == 404


def test_other_methods_are_refused() -> None:
    assert call("leave", method="POST").status == 405
