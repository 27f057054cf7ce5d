from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blog.pages.shell import own_path
from blog.site_shell import PageShell
from tests.platform.client import SITE_URL, RunningApi, running_api


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


@given(st.text(alphabet="/\\\t\n :@.?#ae%2F\u2028", max_size=12))
def test_no_text_leads_elsewhere(text: str) -> None:
    """As browsers read it: `\\` is `/`, and tabs and ends of lines are skipped."""
    read = re.sub(r"[\t\r\n]", "", own_path(text, "/me/")).replace("\\", "/").strip("\0 ")
    assert urlsplit(urljoin(f"{SITE_URL}/account/login", read)).netloc == "127.0.0.1:8010"
    assert read.startswith("/")
    assert not read.startswith("//")


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


def test_who_is_logged_in_sees_that_without_scripts(tmp_path: Path) -> None:
    html = "<!--session--><a>Log in</a><!--/session--><main><!--part--></main>"
    with running_api(tmp_path, fetch_shell=lambda _: PageShell(html)) as api:
        ana = api.visitor()
        assert "<a>Log in</a>" in ana.get("/account/login").text
        ana.sign_up("ana", "<b>Ana</b>")
        shown = ana.get("/account/settings").text
        assert "<a>Log in</a>" not in shown
        assert '<a class="me" href="/ana/">&lt;b&gt;Ana&lt;/b&gt;</a>' in shown
        assert ana.submit("/account/logout", {}, page="/account/settings").status_code == 303
