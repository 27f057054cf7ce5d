"""Checks of the API of the guide "A blogging platform", beside its programs.

`tests/docs/test_platform_guide.py` puts this file into a folder with the programs and an empty
database, where their names (`api`, `posts`) are those of modules. A check is a function whose name
is a sentence. All run in one process, each with empty tables; what fails is printed as JSON.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Callable, Iterator
from time import time
from typing import Any

import accounts
import jwt
import purges
from api import api
from database import transaction
from httpx2 import Response
from starlette.testclient import TestClient

SITE = "https://words.example.org"
EMPTY = """
    DELETE FROM purge; DELETE FROM post_tag; DELETE FROM old_address; DELETE FROM post;
    DELETE FROM session; DELETE FROM account; DELETE FROM attempt
"""
HASHER = accounts.hasher
POST = {"title": "Hello", "text": "Some *text*.", "tags": ["sea", "sand"]}


class Browser:
    """Cookies, and the token of forms."""

    def __init__(self, name: str = "") -> None:
        self.client = TestClient(api, base_url=SITE, client=("192.0.2.1", 50000))
        if name:
            assert self.ask("POST", "/api/accounts", account(name)).status_code == 201

    def ask(self, method: str, path: str, values: object = None, **headers: Any) -> Response:
        token = self.client.get("/api/session").json()["csrf"]
        headers = {"X-CSRF-Token": token, **headers}
        body = None if values is None else json.dumps(values)
        return self.client.request(method, path, content=body, headers=headers)

    def publish(self, slug: str = "hello", **values: object) -> Response:
        return self.ask("PUT", f"/api/posts/{slug}", {**POST, **values})

    @property
    def cookie(self) -> str:
        return self.client.cookies["nf_jwt"]


def account(name: object, password: str | None = None) -> dict[str, object]:
    return {"user": name, "password": password or "open sesame, please"}


def rows(query: str) -> list[tuple[object, ...]]:
    with transaction() as db:
        return [tuple(row) for row in db.execute(query)]


def with_cookie(cookie: str) -> Browser:
    browser = Browser()
    browser.client.cookies["nf_jwt"] = cookie
    return browser


def only_sessions_publish() -> None:
    ana = Browser("ana")
    assert Browser().publish().status_code == 401
    assert ana.publish().status_code == 200


def nobody_writes_posts_of_others() -> None:
    ana, ben = Browser("ana"), Browser("ben")
    ana.publish()
    ben.publish(title="By Ben")
    assert ben.ask("PUT", "/api/posts/hello/address", {"slug": "mine"}).status_code == 200
    query = "SELECT account, slug, title FROM post ORDER BY account"
    assert rows(query) == [("ana", "hello", "Hello"), ("ben", "mine", "By Ben")]


def a_session_that_has_ended_is_worth_nothing() -> None:
    ana = Browser("ana")
    copied = ana.cookie
    assert with_cookie(copied).publish().status_code == 200
    assert ana.ask("DELETE", "/api/session").status_code == 200
    assert with_cookie(copied).publish().status_code == 401


def a_session_ends_by_itself() -> None:
    ana = Browser("ana")
    with transaction() as db:
        db.execute("UPDATE session SET ends = ?", (time() - 1,))
    assert ana.publish().status_code == 401


def tokens_of_others_are_not_sessions() -> None:
    ana = Browser("ana")
    claims = jwt.decode(ana.cookie, accounts.SECRET, ["HS256"])
    unsigned = jwt.encode(claims, "", "none")
    longer = jwt.encode(claims, accounts.SECRET, "HS512")
    forged = jwt.encode(claims, "x" * 40, "HS256")
    late = jwt.encode({**claims, "exp": int(time()) - 1}, accounts.SECRET, "HS256")
    without_end = {name: value for name, value in claims.items() if name != "exp"}
    endless = jwt.encode(without_end, accounts.SECRET, "HS256")
    for cookie in (unsigned, longer, forged, late, endless, "", "x", "a.b.c"):
        assert with_cookie(cookie).publish().status_code == 401, cookie


def a_log_in_begins_a_new_session() -> None:
    ana = Browser("ana")
    before = ana.cookie
    assert ana.ask("POST", "/api/session", account("ana")).status_code == 200
    assert ana.cookie != before


def cookies_are_kept_from_scripts_and_other_sites() -> None:
    response = Browser().ask("POST", "/api/accounts", account("ana"))
    line = response.headers["set-cookie"].lower()
    assert all(word in line for word in ("httponly", "secure", "samesite=lax")), line
    assert response.headers["cache-control"] == "private, no-store"


def other_sites_cannot_send_requests() -> None:
    ana, ben = Browser("ana"), Browser("ben")
    for origin in ("https://evil.example.org", "null", "http://words.example.org", ""):
        assert ana.ask("PUT", "/api/posts/hello", POST, Origin=origin).status_code == 403, origin
    assert ana.ask("PUT", "/api/posts/hello", POST, Origin=SITE).status_code == 200
    of_ben = ben.client.get("/api/session").json()["csrf"]
    for token in ("", "x", "é", of_ben, accounts.form_token("")):
        headers = {"X-CSRF-Token": token.encode()}
        assert ana.ask("PUT", "/api/posts/hello", POST, **headers).status_code == 403, token


def a_log_in_needs_a_token_too() -> None:
    Browser("ana")
    stranger = TestClient(api, base_url=SITE, client=("192.0.2.1", 50000))
    assert stranger.post("/api/session", json=account("ana")).status_code == 403


def unknown_names_and_wrong_passwords_have_one_answer() -> None:
    Browser("ana")
    wrong = Browser().ask("POST", "/api/session", account("ana", "not the password"))
    unknown = Browser().ask("POST", "/api/session", account("nobody", "not the password"))
    assert (wrong.status_code, wrong.text) == (unknown.status_code, unknown.text)
    assert wrong.status_code == 403
    checked = []
    accounts.hasher = type("Hasher", (), {"verify": lambda _, *values: checked.append(values)})()
    for name in ("ana", "nobody"):
        accounts.check_password(name, "x")
    assert len(checked) == 2, "an unknown name takes as long"


def passwords_are_kept_as_argon2id() -> None:
    Browser("ana")
    assert rows("SELECT password FROM account")[0][0].startswith("$argon2id$")


def attempts_are_limited_by_network() -> None:
    Browser("ana")
    for _ in range(19):
        accounts.count_attempt("203.0.113.7")
    accounts.count_attempt("203.0.113.7")
    addresses = {"203.0.113.7": True, "::ffff:203.0.113.7": True, "::ffff:203.0.113.8": False}
    for address, is_limited in addresses.items():
        assert limited(address) is is_limited, address
    for _ in range(20):
        accounts.count_attempt("2001:db8::1")
    assert limited("2001:db8::2") and not limited("2001:db8:0:1::2")
    with transaction() as db:
        db.execute("UPDATE attempt SET at = at - 901")
    assert not limited("203.0.113.7")


def limited(address: str) -> bool:
    try:
        accounts.count_attempt(address)
    except accounts.HTTPException as error:
        return error.status_code == 429
    return False


def names_are_few_and_not_reserved() -> None:
    for name in ("api", "tags", "Ana", "an", "a" * 31, "ana/", "ana.b", "-ana", "4na", "ana\n", 7):
        refused = Browser().ask("POST", "/api/accounts", account(name))
        assert refused.status_code == 422, name
    Browser("ana")
    assert Browser().ask("POST", "/api/accounts", account("ana")).status_code == 409
    assert Browser().ask("POST", "/api/accounts", account("ben", "short")).status_code == 422


def posts_are_checked() -> None:
    ana = Browser("ana")
    for slug in ("Hello", "a--b", "-a", "a-", "a.b", "a" * 81, "feed.xml", "é", "a%00b"):
        assert ana.publish(slug).status_code in {404, 422}, slug
    wrong = [{"title": ""}, {"title": "x" * 201}, {"title": "a\x08"}, {"title": 7}]
    wrong += [{"text": ""}, {"text": "x" * 100_001}, {"text": "\ud800"}, {"text": None}]
    wrong += [{"tags": "sea"}, {"tags": ["Sea"]}, {"tags": [7]}, {"tags": ["a"] * 11}]
    for values in wrong:
        assert ana.publish(**values).status_code == 422, values
    assert rows("SELECT * FROM post") == []


def bodies_are_bounded_objects() -> None:
    ana = Browser("ana")
    token = ana.client.get("/api/session").json()["csrf"]
    bodies = {b"[]": 400, b"{": 400, b"[" * 100_000: 400, b"x" * 1_000_001: 413, b"\xff": 400}
    for body, status in bodies.items():
        headers = {"X-CSRF-Token": token}
        answer = ana.client.put("/api/posts/hello", content=body, headers=headers)
        assert answer.status_code == status, body[:10]


def a_change_notes_what_shows_the_post_before_and_after() -> None:
    ana = Browser("ana")
    ana.publish()
    forget_purges()
    ana.publish(tags=["sea", "tides"])
    assert noted() == {"post:ana/hello", "posts-by:ana", "newest", "tag:sea", "tag:sand",
                       "tag:tides"}  # fmt: skip
    ana.ask("PUT", "/api/posts/hello/address", {"slug": "second"})
    forget_purges()
    ana.ask("PUT", "/api/posts/second/address", {"slug": "third"})
    assert {"post:ana/hello", "post:ana/second", "post:ana/third"} <= noted()


def an_old_address_leads_to_the_post_until_another_one_takes_it() -> None:
    ana = Browser("ana")
    ana.publish()
    ana.ask("PUT", "/api/posts/hello/address", {"slug": "second"})
    assert rows("SELECT slug FROM old_address") == [("hello",)]
    ana.publish("hello", title="Another")
    assert rows("SELECT slug FROM old_address") == []
    assert ana.ask("PUT", "/api/posts/second/address", {"slug": "hello"}).status_code == 409
    assert ana.ask("PUT", "/api/posts/none/address", {"slug": "new"}).status_code == 404


def a_purge_is_kept_until_it_is_sent() -> None:
    ana = Browser("ana")
    assert ana.publish().status_code == 200
    assert "post:ana/hello" in noted()
    sent = []
    purges.post = sent.append
    purges.send()
    assert b"post:ana/hello" in sent[0]
    assert noted() == set()


def a_purge_noted_while_one_is_sent_is_kept() -> None:
    ana = Browser("ana")
    ana.publish()

    def send_meanwhile(_: bytes) -> None:
        with transaction() as db:
            db.execute("DELETE FROM purge")  # another process has sent the same
            db.execute("INSERT INTO purge (tag) VALUES ('later')")

    purges.post = send_meanwhile
    purges.send()
    assert noted() == {"later"}


def refuse(_: bytes) -> None:
    """Nothing can be purged."""
    raise OSError("away")


def forget_purges() -> None:
    with transaction() as db:
        db.execute("DELETE FROM purge")


def noted() -> set[object]:
    return {tag for (tag,) in rows("SELECT tag FROM purge")}


def results() -> Iterator[tuple[str, str]]:
    """Each check, and why it fails."""
    for name, check in list(globals().items()):
        if callable(check) and name.count("_") > 1:
            yield name, failure(check)


def failure(check: Callable[[], None]) -> str:
    """The traceback of a check, or an empty text."""
    accounts.hasher, purges.post = HASHER, refuse
    with transaction() as db:
        for statement in EMPTY.split(";"):
            db.execute(statement)
    try:
        check()
    except Exception:
        return traceback.format_exc()
    return ""


if __name__ == "__main__":
    sys.stdout.write(json.dumps(dict(results())))
