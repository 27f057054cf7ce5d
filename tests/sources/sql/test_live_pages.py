"""Live pages from a database, from the path to the bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from ssg.model.queries.site import Site
from ssg.render.dependencies.tags import Dependency
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.site_shell import shell_of_database
from tests.conftest import Built

FILES = {
    "ssg.toml": """
base_url = "https://example.org/"
theme = ""
[sources.db]
kind = "sql"
url = "${DATABASE_URL}"

[[routes]]
path = "/{user}/{slug}/"
template = "post.html"
data.post = { source = "db", query = "post", one = true }
page = { title = "post.title" }
ttl = 60
tags = ["post:{user}/{slug}"]

[[routes]]
path = "/{user}/"
template = "list.html"
data.posts = { source = "db", query = "users/posts" }
data.count = { source = "db", query = "users/count", one = true }
page = { title = "posts.0.author" }
[routes.list]
items = "posts"
path = "/{item.author}/{item.slug}/"
page = { title = "title" }
paginate_by = 1
total = "count.total"

[[routes]]
path = "/number/{id}/"
template = "post.html"
data.post = { source = "db", query = "number", one = true }
page = { title = "post.title" }
""",
    "content/_index.md": "---\ntitle: Home\n---\n",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "nothing here",
    "templates/post.html": "{{ page.title }}|{{ post.id }}|{{ params.user }}|{{ page.url }}",
    "templates/list.html": "{{ page.title }}:"
    "{% for one in page.pages %}{{ one.title }}={{ one.url }};{% endfor %}",
    "queries/post.sql": "SELECT id, title FROM post WHERE author = :user AND slug = :slug",
    "queries/number.sql": "SELECT id, title FROM post WHERE id = :id",
    "queries/users/posts.sql": "SELECT author, slug, coalesce(title, slug) AS title FROM post\n"
    "WHERE author = :user ORDER BY id LIMIT :limit OFFSET :offset",
    "queries/users/count.sql": "SELECT count(*) AS total FROM post WHERE author = :user",
}

Get = Callable[[str], Response]


@pytest.fixture
def built(site: Callable[..., Built]) -> Built:
    return site(FILES, target="server")


@pytest.fixture
def get(built: Built, url: str) -> Iterator[Get]:
    shell = shell_of_database(built.report.database, {"DATABASE_URL": url}).shell
    renderer = TaggedRenderer(Site.open(built.report.database))
    yield lambda path: answered(renderer, Request("GET", path), shell.bring)
    shell.close()


def test_a_row_is_a_page(get: Get) -> None:
    found = get("/ana/hello/")
    assert (found.status, found.body.decode()) == (200, "Hello|1|ana|/ana/hello/")
    assert {"post:ana:hello", "source:db"} <= set(found.caching.tags)


def test_a_changed_query_purges_the_pages_that_ask_it(get: Get) -> None:
    tag = Dependency("query", "post").tag
    assert tag in get("/ana/hello/").caching.tags
    assert tag in get("/ana/none/").caching.tags  # it may be there tomorrow
    other = get("/ana/").caching.tags
    assert tag not in other
    assert {Dependency("query", f"users/{name}").tag for name in ("posts", "count")} <= set(other)


def test_no_row_is_no_page(get: Get) -> None:
    found = get("/ana/none/")
    assert (found.status, found.body.decode()) == (404, "nothing here")
    assert {"post:ana:none", "source:db"} <= set(found.caching.tags)


@pytest.mark.parametrize("number", ["9", "x", "1.5", "99999999999999999999", "1'--", "٣"])
def test_a_value_that_no_row_can_have_is_no_page(get: Get, number: str) -> None:
    assert get(f"/number/{number}/").status == 404


def test_a_list_has_parts(get: Get) -> None:
    assert get("/ana/").body.decode() == "ana:Hello=/ana/hello/;"
    assert get("/ana/page/2/").body.decode() == "ana:bye=/ana/bye/;"
    assert get("/ana/page/3/").status == 404
    assert get("/nobody/").status == 404


def test_a_database_that_is_away_is_a_failure_that_is_not_stored(built: Built) -> None:
    shell = shell_of_database(built.report.database, {"DATABASE_URL": "sqlite:///no/such.db"}).shell
    renderer = TaggedRenderer(Site.open(built.report.database))
    found = answered(renderer, Request("GET", "/ana/hello/"), shell.bring)
    assert found.status == 500
    assert found.failure is not None
    assert found.failure.message == (
        "/{user}/{slug}/: db: queries/post.sql: cannot open the file of the database"
    )
    assert found.caching.fresh_seconds == 0
