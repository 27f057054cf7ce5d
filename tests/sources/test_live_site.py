"""Live pages of a real API: a site, its runtime, and the shell that brings the data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest

from ssg.model.queries.site import Site
from ssg.runtime.caching import NEVER_STORED
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.environment import SiteEnvironment
from ssg.sources.source_shell import SourceShell
from tests.conftest import Built
from tests.json_api import JsonApi
from tests.sources.hostile_values import hostile_values

CONFIG = """
base_url = "https://example.org/"
theme = ""
[runtime]
env = ["API_URL"]
[sources.api]
url = "${API_URL}/v1"
headers = { Authorization = "Bearer ${API_TOKEN}" }
timeout = 2
max_bytes = 10000
trusted = true

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
except = { user = ["fault", "echo"] }
data.post = { source = "api", path = "/posts/{user}/{slug}" }
data.more = { source = "api", path = "/posts?user={user}&limit=5", optional = true }
page = { title = "post.title", date = "post.published_at", body = "post.markdown" }

[[routes]]
path = "/fault/{name}/{value}/"
template = "all.html"
data.it = { source = "api", path = "/fault/{name}/{value}" }
page = { title = "it.title" }

[[routes]]
path = "/echo/{name}/"
template = "all.html"
data.it = { source = "api", path = "/fault/echo" }
page = { title = "it.headers.Authorization" }
"""
FILES = {
    "ssg.toml": CONFIG,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "nothing here",
    "templates/post.html": "{{ page.title }}|{{ page.content }}|{{ more.total }}",
    "templates/all.html": "{{ page.title }}|{{ it }}|{{ it.headers }}|{{ env }}|{{ env.API_URL }}"
    "{% if params.name == 'token' %}{{ env.API_TOKEN }}{% endif %}",
}
TOKEN = "canary-5d1e9b7c"  # noqa: S105 it is looked for
Get = Callable[[str], Response]


@pytest.fixture
def environment(api: JsonApi) -> SiteEnvironment:
    return SiteEnvironment({"API_URL": api.url, "API_TOKEN": TOKEN}, ("API_URL",))


@pytest.fixture
def built(site: Callable[..., Built]) -> Built:
    return site(FILES, target="server")


@pytest.fixture
def get(built: Built, environment: SiteEnvironment) -> Iterator[Get]:
    settings = built.site.settings
    renderer = TaggedRenderer(Site.open(built.report.database), environment.visible_values)
    shell = SourceShell(settings.sources, environment, {})
    yield lambda path: answered(renderer, Request("GET", path), shell.bring)
    shell.close()


def test_a_page_has_the_data_of_the_api(api: JsonApi, get: Get) -> None:
    found = get("/user1/post1/")
    assert (found.status, found.failure) == (200, None)
    assert found.body == b"post1 by user1|<p>Text of <em>post1</em>.</p>\n|2"
    assert sorted(api.targets) == ["/v1/posts/user1/post1", "/v1/posts?user=user1&limit=5"]
    assert api.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


def test_a_post_is_seen_when_it_is_written_and_gone_when_it_is_removed(
    api: JsonApi, get: Get
) -> None:
    assert get("/user1/new/").status == 404
    api.add_post("user1", "new", title="New")
    assert get("/user1/new/").body.startswith(b"New|")
    api.add_post("user1", "new", title="Newer")
    assert get("/user1/new/").body.startswith(b"Newer|")
    del api.posts["user1", "new"]
    assert get("/user1/new/").status == 404


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/fault/status/503/", "api: the source answered 503"),
        ("/fault/redirect/x/", "api: the source answered 302; redirects are not followed"),
        ("/fault/huge/10001/", "api: the answer is longer than 10,000 bytes (`max_bytes`)"),
        ("/fault/slow/1/", "api: no answer within 2 s"),
        ("/fault/html/1/", "api: the answer is not JSON"),
    ],
)
def test_a_failure_is_not_stored_and_has_its_reason(get: Get, path: str, reason: str) -> None:
    found = get(path)
    assert (found.status, found.caching) == (500, NEVER_STORED)
    assert found.failure is not None
    assert reason in found.failure.message
    assert b"api" not in found.body


def test_a_secret_is_on_no_page_and_in_no_failure(
    built: Built, api: JsonApi, get: Get, environment: SiteEnvironment
) -> None:
    """The template shows all that it can see, and the API sends the secret back."""
    found = get("/echo/x/")
    assert found.status == 200
    assert b"Bearer [secret]|" in found.body
    assert api.url.encode() in found.body  # `env` has what is visible
    token = get("/echo/token/")
    assert token.failure is not None
    assert token.failure.message == 'env has no "API_TOKEN"'
    answers = [
        found,
        token,
        *(get(f"/fault/{name}/") for name in ("echo/1", "status/500", "html/1")),
    ]
    assert TOKEN not in repr(answers)
    files = [path for path in built.root.rglob("*") if path.is_file()]
    assert len(files) > 8
    assert all(TOKEN.encode() not in path.read_bytes() for path in files)
    assert TOKEN not in repr(environment)


def test_hostile_addresses_are_no_failures(api: JsonApi, get: Get) -> None:
    """Whatever a visitor types: the API is asked for posts only, and there are none."""
    statuses = set()
    for value in hostile_values(1_500, seed=16):
        raw = quote(value[:300], safe="", errors="replace")
        statuses |= {get(f"/{raw}/x/").status, get(f"/user1/{raw}/").status}
    assert statuses <= {301, 404}
    assert len(api.seen) > 1_000
    assert all(one.startswith(("/v1/posts/", "/v1/posts?user=")) for one in api.targets)
