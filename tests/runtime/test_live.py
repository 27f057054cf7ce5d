"""Live pages: routes, data, redirects, missing pages and failures, without any I/O."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request, Response
from ssg.runtime.needs import Needs
from ssg.runtime.respond import respond
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built
from tests.live_site import Answers, bring

CONFIG = """
base_url = "https://example.org/sub/"
theme = ""
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}"
headers = { Authorization = "Bearer ${API_TOKEN}" }
trusted = true

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
except = { user = ["tags"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
data.more = { source = "api", path = "/posts?user={user}&limit=5", optional = true }
page = { title = "post.title", date = "post.date", body = "post.text" }
canonical = "/{post.user}/{post.slug}/"
redirect = "post.moved_to"
ttl = 3600
stale = "1d"
tags = ["user:{user}", "post:{user}/{slug}", "id:{post.id}"]

[[routes]]
path = "/tags/{tag}/"
template = "list.html"
data.posts = { source = "api", path = "/tags/{tag}?limit={limit}&offset={offset}" }
page = { title = "posts.tag" }
[routes.list]
items = "posts.items"
path = "/{item.user}/{item.slug}/"
page = { title = "title" }
paginate_by = 2
total = "posts.total"
"""

FILES = {
    "ssg.toml": CONFIG,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/about.md": "---\ntitle: About\ndeferred: true\n---\nText.\n",
    "templates/page.html": "{{ page.title }}",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "nothing here",
    "templates/post.html": "{{ page.title }}|{{ page.date.year }}|{{ page.content }}|"
    "{{ post.id }}|{{ params.user }}|{{ more | length if more else 0 }}|{{ env.API_URL }}|"
    "{{ page.url }}",
    "templates/list.html": "{{ page.title }}:"
    "{% for one in page.pages %}{{ one.title }}={{ one.url }};{% endfor %}",
}

POST = {
    "id": 7, "user": "ana", "slug": "hello", "title": "Hello <b>", "date": "2026-01-02",
    "text": "Some *text*.",
}  # fmt: skip


@pytest.fixture
def renderer(site: Callable[..., Built]) -> TaggedRenderer:
    return TaggedRenderer(site(FILES, target="server").site, {"API_URL": "http://api"})


@pytest.fixture
def get(renderer: TaggedRenderer) -> Callable[[str, Answers], Response]:
    return lambda path, answers: answered(renderer, Request("GET", path), bring(answers))


ANSWERS: Answers = {"/posts/ana/hello": POST, "/posts?user=ana&limit=5": [1, 2]}


def test_a_page_of_a_route(get: Callable[[str, Answers], Response]) -> None:
    found = get("/ana/hello/", ANSWERS)
    assert found.body.decode() == (
        "Hello &lt;b&gt;|2026|<p>Some <em>text</em>.</p>\n|7|ana|2|http://api|/sub/ana/hello/"
    )
    assert found.headers["Content-Type"] == "text/html; charset=UTF-8"
    assert (found.caching.fresh_seconds, found.caching.stale_seconds) == (3600, 86400)
    assert {"user:ana", "post:ana:hello", "id:7", "source:api"} < {*found.caching.tags}


def test_what_a_page_needs_is_asked_for_at_once(renderer: TaggedRenderer) -> None:
    needs = respond(renderer, Request("GET", "/ana/hello/"))
    assert needs == Needs(
        requests=(
            DataRequest("api", "/posts/ana/hello"),
            DataRequest("api", "/posts?user=ana&limit=5"),
        )
    )


def test_optional_data_may_be_absent(get: Callable[[str, Answers], Response]) -> None:
    assert "|ana|0|" in get("/ana/hello/", {"/posts/ana/hello": POST}).body.decode()


@pytest.mark.parametrize("empty", [DataAnswer(404), DataAnswer(204), None, [], {}])
def test_without_required_data_there_is_no_page(
    get: Callable[[str, Answers], Response], empty: object
) -> None:
    found = get("/ana/hello/", {"/posts/ana/hello": empty})
    assert (found.status, found.body, found.caching.fresh_seconds) == (404, b"nothing here", 60)
    assert {"user:ana", "post:ana:hello", "source:api"} < {*found.caching.tags}
    assert "id:7" not in found.caching.tags


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (DataAnswer(503), "api answered 503"),
        (DataAnswer(302), "api answered 302"),
        (DataAnswer(0, problem="api took longer than 5 s"), "api took longer than 5 s"),
        (DataAnswer(200, b"<html>"), "not JSON"),
        (DataAnswer(200, b"[" * 100_000), "not JSON"),
        (DataAnswer(200, b"[" * 900 + b'"\\u00e9"' + b"]" * 900), "maximum recursion depth"),
        (DataAnswer(200, b'{"title": NaN}'), "not JSON: NaN is not a number"),
        (DataAnswer(200, b'{"title": 1e999}'), "not JSON: 1e999 is not a number"),
        (DataAnswer(200, b'"\xff"'), "not JSON"),
        ({**POST, "title": 3}, "post.title is a whole number, not a text"),
        ({**POST, "title": None}, "post.title is missing"),
        ({**POST, "date": "soon"}, "post.date is a text that is not a date"),
        ({**POST, "id": [1]}, "post.id is a list, not a text"),
    ],
)
def test_a_failing_source_is_a_failure(
    get: Callable[[str, Answers], Response], answer: object, reason: str
) -> None:
    found = get("/ana/hello/", {**ANSWERS, "/posts/ana/hello": answer})
    assert (found.status, found.caching) == (500, NEVER_STORED)
    assert found.failure is not None
    assert reason in found.failure.message
    assert b"api" not in found.body


@pytest.mark.parametrize(
    ("path", "changes", "location"),
    [
        ("/ana/hello", {}, "/sub/ana/hello/"),
        ("/ana/hello/index.html", {}, "/sub/ana/hello/"),
        ("/ana/hello/", {"slug": "hi"}, "/sub/ana/hi/"),
        ("/ana/hello/", {"moved_to": "/ana/new/"}, "/sub/ana/new/"),
    ],
)
def test_other_spellings_are_redirected(
    get: Callable[[str, Answers], Response], path: str, changes: Answers, location: str
) -> None:
    found = get(path, {**ANSWERS, "/posts/ana/hello": {**POST, **changes}})
    assert (found.status, found.headers["Location"]) == (301, location)
    assert found.caching.fresh_seconds == 3600


@pytest.mark.parametrize("path", ["/ana/hello/", "/ana/hello"])
def test_a_redirect_does_not_lead_back(get: Callable[[str, Answers], Response], path: str) -> None:
    """`/ana/hello` leads to `/ana/hello/`, so that must not lead to `/ana/hello`."""
    assert get("/ana/hello/", {"/posts/ana/hello": {**POST, "moved_to": path}}).status == 200


def test_pages_of_the_site_come_first(renderer: TaggedRenderer) -> None:
    found = respond(renderer, Request("GET", "/about/"))
    assert isinstance(found, Response)
    assert found.body == b"About"


@pytest.mark.parametrize(
    "path",
    [
        "/ana/%2e%2e/",
        "/ana/a%0ab/",
        "/ana/%5c/",
        f"/ana/{'x' * 201}/",
        "/ana/x/y/",
    ],
)
def test_a_value_that_cannot_be_is_asked_of_nobody(renderer: TaggedRenderer, path: str) -> None:
    found = respond(renderer, Request("GET", path))
    assert isinstance(found, Response)
    assert found.status == 404


def test_values_are_encoded_whole(renderer: TaggedRenderer) -> None:
    needs = respond(renderer, Request("GET", "/a%3Fb/x%26y%3Dz%23/"))
    assert isinstance(needs, Needs)
    assert [one.path for one in needs.requests] == [
        "/posts/a%3Fb/x%26y%3Dz%23",
        "/posts?user=a%3Fb&limit=5",
    ]


def test_a_list_in_parts(get: Callable[[str, Answers], Response]) -> None:
    items = [{"user": "ana", "slug": f"p{number}", "title": f"P{number}"} for number in (3, 4)]
    part = {"tag": "red", "items": items, "total": 4}
    found = get("/tags/red/page/2/", {"/tags/red?limit=2&offset=2": part})
    assert found.body.decode() == "red:P3=/sub/ana/p3/;P4=/sub/ana/p4/;"


def test_a_part_shows_no_more_items_than_it_has(get: Callable[[str, Answers], Response]) -> None:
    """A source may ignore the limit, or give one more to tell that there is a next part."""
    items = [{"user": "ana", "slug": "a", "title": "A"}] * 10_000
    part = {"tag": "red", "items": items, "total": 10_000}
    found = get("/tags/red/", {"/tags/red?limit=2&offset=0": part})
    assert found.body.decode() == "red:" + "A=/sub/ana/a/;" * 2


def test_a_title_may_be_a_text_with_values(site: Callable[..., Built]) -> None:
    config = CONFIG.replace('"posts.tag"', '"Posts about {tag}, {posts.total}"')
    renderer = TaggedRenderer(site({**FILES, "ssg.toml": config}, target="server").site)
    part = {"tag": "red", "items": [], "total": 4}
    brought = bring({"/tags/red?limit=2&offset=0": part})
    found = answered(renderer, Request("GET", "/tags/red/"), brought)
    assert found.body.decode() == "Posts about red, 4:"
