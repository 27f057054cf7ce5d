"""Any JSON in any place of a live page gives a page, a redirect, a 404 or a failure: never more."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.model.cache_options import is_cache_tag
from ssg.model.live.data_request import DataAnswer
from ssg.render.dependencies.tags import MAX_TAGS
from tests.examples import examples
from tests.live_site import LiveSite

CONFIG = """
theme = "default"
base_url = "https://example.org/sub/"
[taxonomies.tags]
[sources.api]
url = "https://api.example.org"

[[routes]]
path = "/u/{user}/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/post" }
canonical = "/u/{user}/{post.slug}/"
redirect = "post.moved_to"
tags = ["id:{post.id}"]
[routes.page]
title = "post.title"
description = "post.description"
summary = "post.summary"
date = "post.date"
updated = "post.updated"
body = "post.body"
authors = "post.authors"
keywords = "post.keywords"
extra = "post.extra"
previous = "post.previous"
tags = "post.tags"

[[routes]]
path = "/l/{tag}/feed.xml"
template = "feed.xml"
data.posts = { source = "api", path = "/list" }
page = { title = "posts.title" }
list = { items = "posts.items", path = "/u/{item.user}/{item.slug}/", page = { title = "title", date = "date", body = "body", authors = "authors" } }
"""  # noqa: E501 an inline table has one line
FILES = {"ssg.toml": CONFIG, "content/_index.md": "---\ntitle: Home\n---\n"}
POST = {
    "id": 7, "user": "ana", "slug": "hello", "title": "Hello", "description": "d", "summary": "s",
    "date": "2026-01-01", "updated": "2026-02-01", "body": "text", "authors": ["Ana"],
    "keywords": ["k"], "extra": {}, "previous": {"title": "P", "path": "/u/a/b/"}, "tags": ["t"],
    "moved_to": None,
}  # fmt: skip
EVIL = "<script>evil()</script>"
TEXTS = st.sampled_from(
    [
        EVIL, f'">{EVIL}', f"]]>{EVIL}", f"</script>{EVIL}", "javascript:evil()", "//evil.example/",
        "/\\evil.example/", "/ok/", "/u/ana/hello", "../..", "\ud800", "\x00\r\nX: y", "\u202e",
        "{{ 7 * 7 }}", "{user}", "[x](javascript:evil)", "<!-- more -->",
        "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "x" * 5000, "",
    ]
)  # fmt: skip
NUMBERS = st.sampled_from([0, -1, True, 1.5, 1e308, 10**30, 2**63])
VALUES = st.recursive(
    TEXTS | NUMBERS | st.none() | st.integers(0, 3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["title", "path", "image", EVIL]), inner, max_size=3)
    ),
    max_leaves=6,
)
CHANGES = st.dictionaries(st.sampled_from(sorted(POST)), VALUES, max_size=3)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), FILES)


def ask(live: LiveSite, path: str, data: Any) -> bytes:
    """The body of an answer, which is checked."""
    answer = DataAnswer(200, json.dumps(data).encode())
    found = live.get(path, {"/post": answer, "/list": answer})
    assert found.status in {200, 301, 404, 500}
    assert (found.status == 500) == (found.failure is not None) == (not found.caching.is_stored)
    assert found.headers.get("Location", "/sub/").startswith("/sub/")
    assert "evil.example" not in found.headers.get("Location", "")
    assert all(map(is_cache_tag, found.caching.tags))
    assert len(found.caching.tags) <= MAX_TAGS
    assert EVIL.encode() not in found.body
    for start in (b'href="javascript', b'src="javascript', b'href="//', b'src="//'):
        assert start not in found.body
    found.body.decode()
    return found.body if found.status == 200 else b""


@settings(max_examples=examples(75))
@given(CHANGES)
@example({"moved_to": "//evil.example/"})
@example({"extra": {"image": "javascript:evil()"}})
def test_a_page_is_whole_or_is_not(live: LiveSite, changes: dict[str, Any]) -> None:
    ask(live, "/u/ana/hello/", {**POST, **changes})


@settings(max_examples=examples(50))
@given(st.lists(CHANGES, max_size=3), st.sampled_from(["title", "items"]), VALUES)
def test_a_feed_is_xml_or_is_not(
    live: LiveSite, changes: list[dict[str, Any]], key: str, value: Any
) -> None:
    data = {"title": "List", "items": [{**POST, **one} for one in changes], "total": len(changes)}
    for whole in (data, {**data, key: value}):
        if body := ask(live, "/l/x/feed.xml", whole):
            ElementTree.fromstring(body)  # noqa: S314 it is of our own feed
