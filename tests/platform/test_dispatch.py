from __future__ import annotations

import pytest

from tests.platform.client import SITE_URL, RunningApi


@pytest.mark.parametrize(
    "path",
    [
        "/api/posts/ana/%00",
        "/api/users/%00ana",
        "/api/newest?limit=%00",
        "/account/login?next=/%00",
    ],
)
def test_an_address_that_is_not_text_is_refused(api: RunningApi, path: str) -> None:
    assert api.client.get(path).status_code == 400


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_not_an_object_of_json_is_refused(api: RunningApi, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    assert api.client.post("/api/session", content=body, headers=headers).status_code == 400
