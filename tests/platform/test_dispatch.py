from __future__ import annotations

import pytest

from tests.platform.client import SITE_URL, RunningApi


@pytest.mark.parametrize(
    "body",
    [
        b'{"user": "ana\\u0000", "password": "x"}',
        b'{"user": "ana", "password": "\\ud800"}',
        b'{"user": "ana", "password": "x", "\\ud800": 1}',
        b'{"user": ' + b"[" * 400 + b'"\\u0000"' + b"]" * 400 + b"}",
    ],
    ids=["zero", "half a pair", "in a name", "deep"],
)
def test_what_is_not_a_text_is_refused_before_it_reaches_the_database(
    api: RunningApi, body: bytes
) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    answer = api.client.post("/api/session", content=body, headers=headers)
    assert answer.status_code == 400
    assert answer.json() == {"error": "The request has characters that are no text."}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_not_an_object_of_json_is_refused(api: RunningApi, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    assert api.client.post("/api/session", content=body, headers=headers).status_code == 400


def test_forms_too(api: RunningApi) -> None:
    answer = api.client.post(
        "/account/login", data={"user": "a\0", "password": ""}, headers={"Origin": SITE_URL}
    )
    assert answer.status_code == 400
    assert api.client.get("/account/login?next=/%00").status_code == 400
