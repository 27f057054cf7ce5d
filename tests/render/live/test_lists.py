"""Lists of live pages: their parts, by number and by cursor, and their feeds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.cursor import decode_cursor, encode_cursor
from ssg.model.live.data_request import DataAnswer
from tests.live_site import LiveSite

CONFIG = """
title = "A & B"
base_url = "https://example.org/sub/"
theme = ""
[feed]
full_content = true
[taxonomies.tags]
[sources.api]
url = "https://api.example.org"
trusted = true
[sources.users]
url = "https://users.example.org"

[[routes]]
path = "/{user}/"
template = "list.html"
data.posts = { source = "users", path = "/{user}?limit={limit}&offset={offset}&number={number}" }
page = { title = "posts.name" }
tags = ["user:{user}"]
[routes.list]
items = "posts.items"
path = "/{user}/{item.slug}/"
page = { title = "title", body = "text", date = "date", tags = "tags", extra = "extra" }
paginate_by = 2
total = "posts.total"

[[routes]]
path = "/c/{user}/"
template = "list.html"
data.posts = { source = "api", path = "/c/{user}?after={cursor}" }
page = { title = "posts.name" }
[routes.list]
items = "posts.items"
path = "/{user}/{item.slug}/"
page = { title = "title", body = "text" }
paginate_by = 2
next = "posts.next"

[[routes]]
path = "/all/{user}/"
template = "list.html"
data.posts = { source = "api", path = "/all/{user}" }
[routes.list]
items = "posts"
path = "/{user}/{item.slug}/"
page = { title = "title", body = "item.text" }

[[routes]]
path = "/newest/"
template = "list.html"
data.posts = { source = "api", path = "/newest?offset={offset}" }
page = { title = "All posts" }
[routes.list]
items = "posts.items"
path = "/{item.user}/{item.slug}/"
page = { title = "title" }
paginate_by = 2
total = "posts.total"
"""
FEED = """
[[routes]]
path = "/{user}/FILE"
template = "FILE"
data.posts = { source = "SOURCE", path = "/{user}/feed" }
page = { title = "posts.name" }
[routes.list]
items = "posts.items"
path = "/{user}/{item.slug}/"
[routes.list.page]
title = "title"
body = "text"
date = "date"
updated = "updated"
authors = "by"
tags = "tags"
"""

FILES = {
    "ssg.toml": CONFIG
    + FEED.replace("FILE", "feed.xml").replace("SOURCE", "api")
    + FEED.replace("FILE", "rss.xml").replace("SOURCE", "users"),
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/tags/_index.md": "---\ntitle: Tags\n---\n",
    "templates/page.html": "{{ page.title }}",
    "templates/section.html": "{{ page.title }}",
    "templates/taxonomy.html": "{{ page.title }}",
    "templates/404.html": "nothing",
    "templates/list.html": "{{ page.title }}|{{ page.kind }}|{{ page.number }}|{{ section.path }}|"
    "{{ section == page }}|{{ page.section.path }}|"
    "{{ paginator.number }}/{{ paginator.count }}/{{ paginator.size }}/{{ paginator.total }}|"
    "{{ paginator.previous }}|{{ paginator.next }}|{{ paginator.urls | join(' ') }}|"
    "{% for one in paginator.pages %}{{ one.title }}={{ one.url }}={{ one.summary }}="
    "{{ one.content }};{% endfor %}|{{ page.pages | length }}|{{ page.paginate_by }}|"
    "{{ page.feed.url if page.feed }}|{{ paginator.at(paginator.number).number }}",
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), FILES)


def items(*numbers: int) -> list[dict[str, Any]]:
    return [{"slug": f"p{n}", "title": f"P{n}", "text": f"*{n}*"} for n in numbers]


def part(number: int, *numbers: int, total: Any = 5) -> Mapping[str, Any]:
    path = f"/ana?limit=2&offset={(number - 1) * 2}&number={number}"
    return {path: {"name": "Ana", "items": items(*numbers), "total": total}}


def test_the_first_part_is_the_list_itself(site: LiveSite) -> None:
    assert site.html("/ana/", part(1, 1, 2)).split("|") == [
        "Ana", "section", "1", "/ana/", "True", "/", "1/3/2/5", "None", "/sub/ana/page/2/",
        "/sub/ana/ /sub/ana/page/2/ /sub/ana/page/3/",
        "P1=/sub/ana/p1/==<p><em>1</em></p>\n;P2=/sub/ana/p2/==<p><em>2</em></p>\n;",
        "2", "2", "/sub/ana/feed.xml", "1",
    ]  # fmt: skip


def test_a_list_may_have_a_path_and_a_title_without_placeholders(site: LiveSite) -> None:
    posts = [{**one, "user": "ana"} for one in items(1, 2)]
    answers = {f"/newest?offset={n}": {"items": posts, "total": 4} for n in (0, 2)}
    first, second = (site.html(f"/newest/{part}", answers).split("|") for part in ("", "page/2/"))
    assert first[:4] == ["All posts", "section", "1", "/newest/"]
    assert second[:4] == ["All posts", "pager", "2", "/newest/"]
    assert "P1=/sub/ana/p1/" in first[10]
    assert site.get("/newest/page/1/", answers).headers["Location"].endswith("/newest/")


def test_a_further_part_continues_the_list(site: LiveSite) -> None:
    found = site.html("/ana/page/3/", part(3, 5)).split("|")
    assert found[:10] == [
        "Ana", "pager", "3", "/ana/", "False", "/ana/", "3/3/2/5", "/sub/ana/page/2/", "None",
        "/sub/ana/ /sub/ana/page/2/ /sub/ana/page/3/",
    ]  # fmt: skip
    assert found[10].startswith("P5=")
    assert found[13] == "/sub/ana/feed.xml"


@pytest.mark.parametrize("path", ["/ana/page/1/", "/ana/page/1", "/ana/page/1/index.html", "/ana"])
def test_the_first_part_has_one_path(site: LiveSite, path: str) -> None:
    found = site.get(path, {})
    assert (found.status, found.headers.get("Location")) == (301, "/sub/ana/")


@pytest.mark.parametrize("answer", [part(4), part(4, 9), part(4, 7, 8, total=6)])
def test_a_part_past_the_end_does_not_exist(site: LiveSite, answer: Mapping[str, Any]) -> None:
    found = site.get("/ana/page/4/", answer)
    assert (found.status, found.body) == (404, b"nothing")
    assert "user:ana" in found.caching.tags


@pytest.mark.parametrize("path", ["/ana/page/0/", "/ana/page/02/", "/ana/page/-1/", "/ana/page/x/"])
def test_a_number_that_is_none_is_asked_of_nobody(site: LiveSite, path: str) -> None:
    assert site.get(path, {}).status == 404


def test_an_empty_list_is_a_page(site: LiveSite) -> None:
    answer = {"/ana?limit=2&offset=0&number=1": {"name": "Ana", "items": []}}
    assert "|1/1/2/0|None|None|/sub/ana/||0|" in site.html("/ana/", answer)


@pytest.mark.parametrize(
    ("total", "reason"),
    [
        ("5", "posts.total is a text, not a whole number"),
        (True, "posts.total is true or false, not a whole number"),
        (2.5, "posts.total is a number, not a whole number"),
        (-1, "posts.total is less than 0"),
        (None, "posts.total is missing"),
    ],
)
def test_the_number_of_items_is_a_whole_number(site: LiveSite, total: Any, reason: str) -> None:
    found = site.get("/ana/", part(1, 1, 2, total=total))
    assert found.status == 500
    assert reason in (found.failure.message if found.failure else "")


@pytest.mark.parametrize("wrong", [{"a": 1}, "text", 3])
def test_items_are_a_list(site: LiveSite, wrong: Any) -> None:
    found = site.get("/all/ana/", {"/all/ana": wrong})
    assert found.status == 500


def test_a_list_that_is_not_in_the_data_is_a_mistake(site: LiveSite) -> None:
    path = "/ana?limit=2&offset=0&number=1"
    found = site.get("/ana/", {path: {"name": "Ana", "itmes": items(1), "total": 1}})
    assert found.failure is not None
    assert "posts.items is missing, not a list" in found.failure.message
    assert site.get("/ana/", {path: {"name": "Ana", "items": None, "total": 0}}).status == 200


def test_a_list_in_one_part(site: LiveSite) -> None:
    found = site.html("/all/ana/", {"/all/ana": items(1, 2, 3)}).split("|")
    assert found[0] == ""
    assert found[6:10] == ["1/1/3/3", "None", "None", "/sub/all/ana/"]
    assert found[10].count("<em>") == 3


@pytest.mark.parametrize("slug", ["a/b", "..", "/evil.org", "a\\b", "a\nb", "", [1], "x" * 201])
def test_the_address_of_an_item_is_below_that_of_the_list(site: LiveSite, slug: Any) -> None:
    found = site.get("/all/ana/", {"/all/ana": [{"slug": slug, "title": "T"}]})
    assert found.status == 500
    assert "item.slug " in (found.failure.message if found.failure else "")


def test_the_address_of_an_item_is_encoded(site: LiveSite) -> None:
    answer = [{"slug": 'ö?#"%', "title": "T", "user": "another"}]
    assert "T=/sub/ana/%C3%B6%3F%23%22%25/=" in site.html("/all/ana/", {"/all/ana": answer})


# -- cursors -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cursor", "path"),
    [
        ("abc-1", "/c/ana/after/abc-1/"),
        (17, "/c/ana/after/17/"),
        ("a/b+c==", "/c/ana/after/~YS9iK2M9PQ/"),
        ("..", "/c/ana/after/~Li4/"),
        ("ö %", "/c/ana/after/~w7YgJQ/"),
    ],
)
def test_a_list_with_a_cursor(site: LiveSite, cursor: str | int, path: str) -> None:
    first = {"name": "Ana", "items": items(1, 2), "next": cursor}
    found = site.html("/c/ana/", {"/c/ana?after=": first}).split("|")
    assert found[2:4] == ["1", "/c/ana/"]
    assert found[6:10] == ["1/2/2/None", "None", f"/sub{path}", f"/sub/c/ana/ /sub{path}"]
    from urllib.parse import quote

    last = {f"/c/ana?after={quote(str(cursor), safe='')}": {"name": "Ana", "items": items(3)}}
    found = site.html(path, last).split("|")
    assert found[1:6] == ["pager", "1", "/c/ana/", "False", "/c/ana/"]
    assert found[6:10] == ["2/2/2/None", "/sub/c/ana/", "None", f"/sub/c/ana/ /sub{path}"]


def test_a_cursor_after_the_last_item_is_no_page(site: LiveSite) -> None:
    assert site.get("/c/ana/after/z/", {"/c/ana?after=z": {"name": "A", "items": []}}).status == 404


@pytest.mark.parametrize("cursor", [True, 2.5, ["a"], {"a": 1}, "x" * 300])
def test_what_cannot_be_a_cursor(site: LiveSite, cursor: Any) -> None:
    answer = {"name": "Ana", "items": items(1), "next": cursor}
    found = site.get("/c/ana/", {"/c/ana?after=": answer})
    assert found.status == 500
    assert "cursor" in (found.failure.message if found.failure else "")


@pytest.mark.parametrize("path", ["/c/ana/after/~/", "/c/ana/after/~a/", "/c/ana/after/~YWJj/"])
def test_a_cursor_has_one_path(site: LiveSite, path: str) -> None:
    assert site.get(path, {}).status == 404


@given(st.text(min_size=1, max_size=140))
def test_a_cursor_is_what_it_was(cursor: str) -> None:
    try:
        cursor.encode()
    except UnicodeError:
        return
    written = encode_cursor(cursor)
    assert written is None or decode_cursor(written) == cursor
    assert written is not None or len(cursor.encode()) > 140


# -- feeds -------------------------------------------------------------------------------------

ENTRIES = {
    "name": "Ana <b>",
    "items": [
        {
            "slug": "p1", "title": "1 < 2 & \u0000\u000b]]>", "text": "[a](/b/) <script>x</script>",
            "date": "2026-01-02T03:04:05Z", "updated": "2026-03-01", "by": ["Ann & Bob"],
            "tags": ["x&y"],
        },
        {"slug": "p2", "title": "\ud800 P2", "text": "![i](i.png)\u0008", "date": "2026-02-01"},
        {"slug": "p3", "title": "undated", "text": "x"},
    ],
}  # fmt: skip


@pytest.mark.parametrize("name", ["feed.xml", "rss.xml"])
def test_a_feed_of_a_list(site: LiveSite, name: str) -> None:
    response = site.get(f"/ana/{name}", {"/ana/feed": ENTRIES})
    assert response.status == 200, response.failure
    assert response.headers["Content-Type"] == "application/xml; charset=UTF-8"
    ET.fromstring(response.body)  # noqa: S314 our own
    found = feedparser.parse(response.body, sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.bozo_exception
    assert found.version == ("rss20" if "rss" in name else "atom10")
    assert found.feed.title == "Ana <b> · A & B"
    assert found.feed.link == "https://example.org/sub/ana/"
    assert [one.link for one in found.entries] == [
        "https://example.org/sub/ana/p1/", "https://example.org/sub/ana/p2/",
    ]  # fmt: skip
    first, second = found.entries
    assert first.title == "1 < 2 & ]]>"
    assert first.author == "Ann & Bob"
    assert [tag.term for tag in first.tags] == ["x&y"]
    assert 'href="https://example.org/sub/b/"' in first.content[-1].value
    assert 'src="https://example.org/sub/ana/p2/i.png"' in second.content[-1].value
    assert ("<script>" in first.content[-1].value) == (name == "feed.xml")  # that of `api`
    moment = found.feed.updated_parsed
    assert moment[:3] == (2026, 3, 1)


def test_an_empty_feed_is_valid(site: LiveSite) -> None:
    response = site.get("/ana/feed.xml", {"/ana/feed": {"name": "Ana", "items": []}})
    assert not feedparser.parse(response.body).bozo
    assert b"<updated>1970-01-01T00:00:00+00:00</updated>" in response.body


def test_a_feed_without_data_is_missing(site: LiveSite) -> None:
    assert site.get("/ana/feed.xml", {"/ana/feed": DataAnswer(404)}).status == 404
