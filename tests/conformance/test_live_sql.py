"""Live pages from PostgreSQL and SQLite, on every host that has sockets."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from ssg.model.queries.site import Site
from ssg.runtime.http import Request, Response
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from ssg.sources.site_shell import shell_of_database
from tests.conformance.conftest import HOSTS
from tests.conformance.hosts import Host
from tests.conformance.site import build_for
from tests.conftest import Files, write
from tests.services import running_postgres

pytestmark = pytest.mark.postgres

POSTS = """
CREATE TABLE post (
    id integer PRIMARY KEY, author text NOT NULL, slug text NOT NULL, title text, written text,
    price numeric
);
"""
ROWS = [(n, "ana", f"p{n}", f"Post {n} <&>", f"2026-01-0{n}", 1.5 * n) for n in range(1, 6)]
SITE: Files = {
    "ssg.toml": """
base_url = "https://example.org/"
theme = ""
[sources.postgres]
kind = "sql"
url = "${DATABASE_URL}"
[sources.file]
kind = "sql"
url = "${SQLITE_URL}"
[[routes]]
path = "/postgres/{author}/{slug}/"
template = "post.html"
data.post = { source = "postgres", query = "post", one = true }
page = { title = "post.title", date = "post.written" }
ttl = 60
[[routes]]
path = "/sqlite/{author}/{slug}/"
template = "post.html"
data.post = { source = "file", query = "post", one = true }
page = { title = "post.title", date = "post.written" }
ttl = 60
[[routes]]
path = "/{author}/"
template = "list.html"
except = { author = ["postgres", "sqlite"] }
data.posts = { source = "postgres", query = "posts" }
data.counted = { source = "file", query = "counted", one = true }
page = { title = "posts.0.author" }
ttl = 60
[routes.list]
items = "posts"
path = "/postgres/{item.author}/{item.slug}/"
page = { title = "title" }
paginate_by = 2
total = "counted.total"
""",
    "queries/post.sql": "SELECT * FROM post WHERE author = :author AND slug = :slug",
    "queries/posts.sql": "SELECT author, slug, title FROM post WHERE author = :author "
    "ORDER BY id LIMIT :limit OFFSET :offset",
    "queries/counted.sql": "SELECT count(*) AS total FROM post WHERE author = :author",
    "templates/page.html": "",
    "templates/section.html": "",
    "templates/404.html": "nothing here",
    "templates/post.html": "{{ page.title }} {{ page.date }} {{ post.id }} {{ post.price }}",
    "templates/list.html": "{{ page.title }} {{ counted.total }} {{ paginator.count }}"
    "{% for one in paginator.pages %} {{ one.title }}={{ one.url }}{% endfor %}",
}
NAMES = ("edge", "start", "uvicorn", "granian", "hypercorn", "lambda")
PATHS = {
    "/postgres/ana/p1/": 200,
    "/sqlite/ana/p2/": 200,
    "/ana/": 200,
    "/ana/page/3/": 200,
    "/postgres/ana/none/": 404,
    "/postgres/%27%20OR%201=1%20--/p1/": 404,
    "/sqlite/ana'%3B%20DROP%20TABLE%20post%3B--/p1/": 404,
    "/bo/": 404,
}


@dataclass(frozen=True, slots=True)
class SqlHost:
    """A host, and the answers of the runtime in this process."""

    host: Host
    expected: dict[str, Response]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, dict[str, Response]]]:
    """The site's folder, and what the runtime answers."""
    work = tmp_path_factory.mktemp("sql")
    root, file = work / "site", work / "posts.db"
    write(root, SITE)
    with closing(sqlite3.connect(file)) as made:
        made.executescript(POSTS)
        made.executemany("INSERT INTO post VALUES (?, ?, ?, ?, ?, ?)", ROWS)
        made.commit()
    with running_postgres() as server, pytest.MonkeyPatch.context() as patch:
        with psycopg.connect(server.url) as connection:
            connection.execute(POSTS)
            insert = "INSERT INTO post VALUES (%s, %s, %s, %s, %s, %s)"
            connection.cursor().executemany(insert, ROWS)
        patch.setenv("DATABASE_URL", server.url)
        patch.setenv("SQLITE_URL", f"sqlite:///{file}")
        layout = build_for(root, work / "whole", "server")
        made_shell = shell_of_database(layout.database, os.environ)
        with closing(Site.open(layout.database)) as site, closing(made_shell.shell):
            renderer = TaggedRenderer(site, made_shell.environment.visible_values)
            bring = made_shell.shell.bring
            found = {path: answered(renderer, Request("GET", path), bring) for path in PATHS}
        yield root, found


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=[*HOSTS[name][1], pytest.mark.xdist_group("conformance-sql")])
        for name in NAMES
    ],
)
def asked(
    request: pytest.FixtureRequest, answers: tuple[Path, dict[str, Response]]
) -> Iterator[SqlHost]:
    root, expected = answers
    run, _ = HOSTS[request.param]
    with run(root, root.parent / request.param) as host:
        yield SqlHost(host, expected)


@pytest.mark.parametrize(("path", "status"), PATHS.items())
def test_rows_become_pages(asked: SqlHost, path: str, status: int) -> None:
    answer, expected = asked.host.ask(path), asked.expected[path]
    assert (answer.status, expected.status) == (status, status), expected.failure
    assert answer.body == expected.body
