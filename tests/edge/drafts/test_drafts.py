"""Drafts behind the edge: who sees them, and that no cache does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.edge.drafts.draft_token import COOKIE, COOKIE_SECONDS, cookie_value
from ssg.model.live.data_request import DataAnswer, DataRequest
from tests.edge.live_site import POST, LiveSite, live_site
from tests.preview.running import Got

SECRET = b"a secret of at least thirty-two bytes"
PUBLIC, DRAFT = b"<body>Hello by ana</body>", b"<body>New by ana"


@pytest.fixture
def site(tmp_path: Path) -> Iterator[LiveSite]:
    with live_site(tmp_path, has_drafts=True, draft_secret=SECRET) as running:
        running.api.put(POST, "Hello")
        running.api.drafts[POST] = {"title": "New", "author": "ana"}
        yield running


def cookie(seconds: float = COOKIE_SECONDS, secret: bytes = SECRET) -> str:
    return f"other=1; {COOKIE}={cookie_value(secret, int(time.time() + seconds))}; more=2"


def draft(site: LiveSite, path: str = "/ana/hello/", **more: str) -> Got:
    got = site.get(path, headers={"Cookie": cookie(), **more})
    assert isinstance(got, Got)
    return got


def test_a_draft_is_shown_to_its_author_and_to_nobody_else(site: LiveSite) -> None:
    assert site.get("/ana/hello/").body == PUBLIC
    seen = draft(site)
    assert seen.body.startswith(DRAFT)
    assert b"Draft: unpublished content" in seen.body
    assert seen.headers["cache-control"] == "private, no-store"
    assert "etag" not in seen.headers
    assert seen.headers["cache-status"] == "ssg; fwd=bypass; detail=draft"
    assert site.get("/ana/hello/").body == PUBLIC
    assert [one.is_draft for one in site.api.asked] == [False, True]


def test_a_draft_is_never_stored(site: LiveSite) -> None:
    for _ in range(2):
        assert draft(site).body.startswith(DRAFT)
    assert site.get("/ana/hello/").body == PUBLIC
    assert [one.is_draft for one in site.api.asked] == [True, True, False]


def test_a_page_that_only_exists_as_a_draft_leaves_no_trace(site: LiveSite) -> None:
    del site.api.answers[POST]
    assert site.get("/ana/hello/").status == 404
    assert draft(site).status == 200
    assert site.get("/ana/hello/").status == 404
    missing = draft(site, "/ana/nothing/")
    assert (missing.status, missing.headers["cache-control"]) == (404, "private, no-store")
    assert b"Leave" in missing.body


def test_a_draft_that_fails_is_told_as_any_page_and_not_kept(site: LiveSite) -> None:
    site.api.drafts[POST] = DataAnswer(503)
    failed = draft(site)
    assert (failed.status, failed.headers["cache-control"]) == (500, "private, no-store")
    assert site.get("/ana/hello/").body == PUBLIC


def test_conditions_and_head_see_no_draft_of_another_time(site: LiveSite) -> None:
    page = site.get("/ana/hello/")
    same = draft(site, **{"If-None-Match": page.headers["etag"]})
    assert same.status == 200
    head = site.get("/ana/hello/", headers={"Cookie": cookie()}, method="HEAD")
    assert (head.status, head.body) == (200, b"")


@pytest.mark.parametrize(
    "value",
    [
        "", f"{COOKIE}=", f"{COOKIE}=x", cookie(-1), cookie(secret=SECRET + b"x"),
        cookie(COOKIE_SECONDS * 2), f"x{cookie()}".replace("; ssg", ";xssg"),
    ],
)  # fmt: skip
def test_without_a_valid_cookie_the_page_is_the_public_one(site: LiveSite, value: str) -> None:
    got = site.get("/ana/hello/", headers={"Cookie": value})
    assert got.body == PUBLIC
    assert "etag" in got.headers


@pytest.mark.parametrize("path", ["/blog/a/", "/about/", "/blog/nothing/", "/nothing"])
def test_files_and_deferred_pages_are_as_always(site: LiveSite, path: str) -> None:
    public, seen = site.get(path), draft(site, path)
    assert (seen.status, seen.body) == (public.status, public.body)
    assert seen.headers["cache-control"] == public.headers["cache-control"]


def test_a_deferred_page_at_a_path_of_a_route_has_no_draft(tmp_path: Path) -> None:
    """`/{user}/{slug}/` matches it, but pages of the site come first."""
    with live_site(tmp_path, has_drafts=True, draft_secret=SECRET, blog_is_free=True) as site:
        for _ in range(2):
            seen = draft(site, "/blog/a/")
            assert seen.body == site.get("/blog/a/").body
            assert "etag" in seen.headers
        assert site.api.asked == []


def test_a_site_without_drafts_ignores_the_cookie(tmp_path: Path) -> None:
    with live_site(tmp_path, draft_secret=SECRET) as site:
        site.api.put(POST, "Hello")
        assert draft(site).body == PUBLIC
        assert site.api.asked == [replace(DataRequest("api", path=POST), is_draft=False)]
