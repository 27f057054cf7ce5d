from __future__ import annotations

import pytest

from tests.platform.client import SITE_URL, RunningApi


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/posts/ana/%00", 404),
        ("/api/users/%00ana", 404),
        ("/api/newest?limit=%00", 400),
        ("/account/login?next=/%00", 400),
    ],
)
def test_an_address_that_is_not_text_is_refused(api: RunningApi, path: str, status: int) -> None:
    assert api.client.get(path).status_code == status


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff", b"[" * 100_000])
def test_what_is_not_an_object_of_json_is_refused(api: RunningApi, body: bytes) -> None:
    headers = {"Content-Type": "application/json", "Origin": SITE_URL}
    assert api.client.post("/api/session", content=body, headers=headers).status_code == 400
