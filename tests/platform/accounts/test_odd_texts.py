"""Texts that are none: zero characters, and halves of surrogate pairs, which JSON can have."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response

from tests.platform.client import PASSWORD, SITE_URL, RunningApi, Visitor

ODD = ["a\0b", "\ud800", "ana\udfff", "\0"]


def _send(visitor: Visitor, method: str, path: str, **value: Any) -> Response:
    token = visitor.get("/api/session").json()["csrf"]
    return visitor.client.request(
        method,
        path,
        content=json.dumps(value),  # in ASCII, with escapes
        headers={
            "X-CSRF-Token": token,
            "Origin": SITE_URL,
            "Content-Type": "application/json",
        },
    )


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_nobody_logs_in_with_them(api: RunningApi, text: str) -> None:
    api.author("ana")
    for user, password in [(text, PASSWORD), ("ana", text), ("ana", PASSWORD + text)]:
        answer = _send(api.visitor(), "POST", "/api/session", user=user, password=password)
        assert answer.status_code == 401


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_nobody_gets_them_as_a_name(api: RunningApi, text: str) -> None:
    visitor = api.visitor()
    answer = _send(visitor, "POST", "/api/accounts", user=text, password=PASSWORD)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["user"])
    visitor.sign_up("ana")
    for field in ["name", "about"]:
        answer = _send(visitor, "PATCH", "/api/me", **{field: text})
        assert (answer.status_code, list(answer.json()["fields"])) == (422, [field])


def test_half_a_pair_is_not_part_of_a_password(api: RunningApi) -> None:
    value = {"user": "ana", "password": PASSWORD + "\ud800"}
    answer = _send(api.visitor(), "POST", "/api/accounts", **value)
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["password"])


@pytest.mark.parametrize("text", ODD, ids=ascii)
def test_nothing_is_found_or_stored_with_them(api: RunningApi, text: str) -> None:
    author = api.author("ana")
    report = {"user": text, "slug": text, "reason": "Spam"}
    assert _send(author, "POST", "/api/reports", **report).status_code == 400
    answer = _send(author, "POST", "/api/me/posts", title="A", text="B", tags=["sea", text])
    assert (answer.status_code, list(answer.json()["fields"])) == (422, ["tags"])
    for path in ["/account/posts/delete", "/account/write"]:
        form = {"post": "x\0", "title": "A", "text": "B", "revision": "1"}
        assert author.submit(path, form, "/account/write").status_code in {400, 404, 422}
