"""Passwords of `_headers`, on a server of one's own."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from ssg.edge.passwords import PasswordRules, is_admitted
from ssg.model.urls import decode_path
from ssg.redirects.header_rule import HeaderRule
from ssg.server.app import ServerApp
from ssg.server.settings import ServerSettings
from ssg.server.site import ServedSite
from tests.server.asking import Asked, ask
from tests.server.test_app import app_of
from tests.server_site import SERVER_SITE, build_for_server

HEADERS = "/about/*\n  Basic-Auth: me:secret you:pass:word\n/blog/b/\n  Basic-Auth: me:b\n"


def basic(text: str) -> dict[str, str]:
    return {"authorization": "Basic " + base64.b64encode(text.encode()).decode()}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerApp]:
    root = tmp_path_factory.mktemp("site")
    rules = "/shown /about/index.html 200\n/about/old /blog/a/ 301\n"
    files = {"static/_headers": HEADERS, "static/_redirects": rules}
    build_for_server(root, {**SERVER_SITE, **files})
    app = app_of(root / "dist")
    site = app.start()
    yield app
    site.stop()


def is_refused(answer: Asked) -> bool:
    if answer.status != 401:
        return False
    assert answer.headers["www-authenticate"].startswith("Basic realm=")
    assert answer.headers["cache-control"] == "private, no-store"
    assert b"About" not in answer.body and b"Text of" not in answer.body
    return True


@pytest.mark.parametrize(
    "path",
    [
        "/about/", "/about", "/about/index.html", "/ABOUT/", "//about/", "/about//", "/%61bout/",
        "/about/nothing", "/about/old", "/shown", "/blog/b/", "/blog/b", "/BLOG/b/",
    ],
)  # fmt: skip
def test_no_spelling_of_an_address_shows_a_guarded_page(app: ServerApp, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = ask(app, decode_path(path) or "", method, raw_path=path.encode())
        assert is_refused(answer), answer
        wrong = ask(app, path, method, basic("me:wrong"), raw_path=path.encode())
        assert is_refused(wrong), wrong


def test_who_is_known_gets_the_page_and_no_cache_keeps_it(app: ServerApp) -> None:
    for user in ("me:secret", "you:pass:word"):
        answer = ask(app, "/about/", headers=basic(user))
        assert (answer.status, answer.body) == (200, b"About|<p>About</p>\n")
        assert answer.headers["cache-control"] == "private, no-store"
    assert is_refused(ask(app, "/blog/b/", headers=basic("me:secret")))
    for _ in range(2):
        answer = ask(app, "/blog/b/", headers=basic("me:b"))
        assert (answer.status, answer.headers["cache-control"]) == (200, "private, no-store")
    assert ask(app, "/about/old", headers=basic("me:secret")).headers["location"] == "/blog/a/"


def test_other_pages_need_no_password(app: ServerApp) -> None:
    for path in ("/", "/blog/a/"):
        answer = ask(app, path)
        assert (answer.status, answer.headers["cache-control"][:6]) == (200, "public")


def test_a_cache_in_front_is_told_nothing_of_a_guarded_page(tmp_path: Path) -> None:
    build_for_server(tmp_path, {**SERVER_SITE, "static/_headers": HEADERS})
    settings = ServerSettings(tmp_path / "dist", cache=str(tmp_path / "cache"), front="nginx")
    app = ServerApp(lambda: ServedSite(settings, {}, lambda _: None))
    app.start()
    assert "s-maxage" in ask(app, "/blog/a/").headers["cache-control"]
    answer = ask(app, "/blog/b/", headers=basic("me:b"))
    assert answer.headers["cache-control"] == "private, no-store"
    assert "surrogate-key" not in answer.headers


def test_the_last_rule_that_matches_counts() -> None:
    rules = PasswordRules.of(
        HeaderRule(path, (("basic-auth", users),))
        for path, users in (("/*", "team:a"), ("/Admin/*", "boss:b"))
    )
    assert rules.users_of("/x") == (b"team:a",)
    assert rules.users_of("/admin/x") == (b"boss:b",)
    assert PasswordRules.of([HeaderRule("/*", (("x-a", "b"),))]).users_of("/x") is None


@pytest.mark.parametrize(
    "header", [None, "", "Basic", "Basic ???", "Basic bWU6YQ", "Bearer bWU6YQ==", "bWU6YQ=="]
)
def test_what_is_not_basic_authentication_admits_nobody(header: str | None) -> None:
    assert not is_admitted(header, (b"me:a",))
    assert is_admitted("basic bWU6YQ==", (b"you:b", b"me:a"))
