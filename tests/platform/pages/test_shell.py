from __future__ import annotations

import pytest

from blog.pages.shell import own_path
from tests.platform.client import RunningApi


@pytest.mark.parametrize("path", ["/me/", "/account/posts?page=2", "/ana/first-post/#c", "/é/"])
def test_a_form_may_lead_to_a_path_of_the_site(path: str) -> None:
    assert own_path(path, "/") == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "me",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/a\nSet-Cookie: x=1",
        "/a\r\n",
        "/a b",
        "https://evil.example/",
        "javascript:alert(1)",
        " //evil.example",
        "/" + "a" * 2000,
    ],
)
def test_a_form_does_not_lead_elsewhere(path: str) -> None:
    assert own_path(path, "/me/") == "/me/"


def test_what_is_not_there_is_a_page_below_account(api: RunningApi) -> None:
    answer = api.visitor().get("/account/nothing")
    assert answer.status_code == 404
    assert answer.headers["cache-control"] == "private, no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.text.startswith("<!doctype html>")
    assert "There is nothing at this address." in answer.text


def test_a_part_is_answered_alone(api: RunningApi) -> None:
    answer = api.visitor().get("/account/nothing", **{"X-Part": "1"})
    assert answer.text.startswith("<h1>Not found</h1>")
    assert answer.headers["vary"] == "X-Part"
