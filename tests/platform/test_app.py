from __future__ import annotations

from tests.platform.client import RunningApi


def test_the_api_says_that_it_is_well(api: RunningApi) -> None:
    answer = api.visitor().get("/api/health")
    assert (answer.status_code, answer.json()) == (200, {"ok": True})
    assert answer.headers["cache-control"] == "private, no-store"


def test_what_is_not_there_is_said_in_json(api: RunningApi) -> None:
    answer = api.visitor().get("/api/nothing")
    assert answer.status_code == 404
    assert answer.json() == {"error": "There is nothing at this address."}
