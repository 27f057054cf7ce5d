"""Pictures behind a cache that keeps them for a year."""

from __future__ import annotations

import httpx2
import pytest

from tests.platform.cluster import Stack
from tests.platform.pictures.files import corners

pytestmark = [
    pytest.mark.xdist_group("platform-production"),
    pytest.mark.postgres,
    pytest.mark.redis,
    pytest.mark.varnish,
]


def test_a_picture_that_is_removed_is_gone_at_once(production_stack: Stack) -> None:
    stack = production_stack
    with httpx2.Client(base_url=stack.url, headers={"Origin": stack.url}) as client:

        def send(method: str, path: str, **options: object) -> httpx2.Response:
            token = client.get("/api/session").json()["csrf"]
            return client.request(method, path, headers={"X-CSRF-Token": token}, **options)  # type: ignore[arg-type] # of httpx2

        account = {"user": "painter", "password": "four small boats in fog"}
        assert send("POST", "/api/accounts", json=account).status_code == 201
        url = send("POST", "/api/me/pictures", content=corners("PNG")).json()["url"]
        for _ in range(2):
            assert httpx2.get(stack.url + url).status_code == 200
        assert stack.varnish is not None
        assert int(httpx2.get(stack.url + url).headers["age"]) >= 0
        assert send("DELETE", f"/api/me/pictures/{url.rpartition('/')[2]}").status_code == 204
        assert httpx2.get(stack.url + url).status_code == 404
