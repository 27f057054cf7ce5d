"""The guide to live pages from a database: its SQL runs, and pages are purged as it says."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest

from ssg.model.live.query import Query
from tests.cli.serving import environment
from tests.conftest import Files
from tests.docs.blocks import blocks
from tests.server.started import Started, started
from tests.server_site import SERVER_SITE, build_for_server
from tests.services import PostgresService, wait_until
from tests.sources.sql.conftest import Asked, SourceMaker

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[3]
GUIDE = ROOT / "content" / "docs" / "live-postgresql.md"
BLOCKS = list(blocks(GUIDE.read_text("utf-8"), "docs/live-postgresql.md"))
SQL = {block.file: block.text for block in BLOCKS if block.language == "sql"}
TABLES = """
CREATE TABLE posts (
    id serial PRIMARY KEY, author text NOT NULL, slug text NOT NULL, title text NOT NULL,
    markdown text NOT NULL, published_at timestamptz, edited_at timestamptz
);
CREATE TABLE comments (
    id serial PRIMARY KEY, post_id int NOT NULL, author text NOT NULL, body text NOT NULL
);
INSERT INTO posts (author, slug, title, markdown, published_at)
    SELECT 'user' || n % 100, 'post' || n, 'Post ' || n, 'Some *text*.',
        timestamptz '2020-01-01' + n * interval '1 hour'
    FROM generate_series(1, 10000) n;
INSERT INTO posts (author, slug, title, markdown, published_at)
    VALUES ('ana', 'hello', 'Hello', 'Some *text*.', now()), ('ana', 'later', 'Later', '', NULL);
INSERT INTO comments (post_id, author, body) SELECT n, 'bo', 'Yes' FROM generate_series(1, 10000) n;
ANALYZE;
"""


@pytest.fixture(scope="module")
def urls(postgres: PostgresService) -> Iterator[tuple[str, str]]:
    """The URLs of the owner and of the reader of a database that is set up as the guide says."""
    with closing(psycopg.connect(postgres.url, autocommit=True)) as connection:
        connection.execute("CREATE DATABASE blog")
        owner = postgres.url.removesuffix("postgres") + "blog"
        with closing(psycopg.connect(owner, autocommit=True)) as own:
            own.execute(TABLES)
            for name in ("role.sql", "indexes.sql", "notify.sql"):
                own.execute(SQL[name])
        yield owner, f"postgresql://blog_reader:change-this@127.0.0.1:{postgres.port}/blog"
        connection.execute("DROP DATABASE blog WITH (FORCE)")
        connection.execute("DROP ROLE blog_reader")


@pytest.fixture
def db(urls: tuple[str, str], asked_of: SourceMaker) -> Asked:
    return asked_of(urls[1])


def test_the_queries_of_the_guide_have_answers(db: Asked) -> None:
    (post,) = db.rows(SQL["queries/post.sql"], user="user1", slug="post1")
    assert post["published_at"] == "2020-01-01T01:00:00+00:00"
    later = {"user": "ana", "slug": "later"}
    assert db.rows(SQL["queries/post.sql"], **later) == []
    assert len(db.rows(SQL["queries/post.sql"], is_draft=True, **later)) == 1
    newest = db.rows(SQL["queries/users/newest.sql"], user="user1")
    assert [row["slug"] for row in newest] == [f"post{n}" for n in (9901, 9801, 9701, 9601, 9501)]
    text = SQL["queries/post-with-comments.sql"]
    (post,) = db.rows(text, user="user1", slug="post1")
    assert post["comments"] == [{"by": "bo", "text": "Yes"}]
    (post,) = db.rows(text, user="ana", slug="later")
    assert post["comments"] == []


@pytest.mark.parametrize("name", [name for name in SQL if name.startswith("queries/")])
def test_the_queries_of_the_guide_use_the_indexes_of_the_guide(
    urls: tuple[str, str], name: str
) -> None:
    query = Query.parse(name, SQL[name])
    values = {"user": "user1", "slug": "post1", "draft": "false"}
    with closing(psycopg.connect(urls[1], cursor_factory=psycopg.RawCursor)) as connection:
        texts = [values[one] for one in query.parameters]
        rows = connection.execute(f"EXPLAIN {query.numbered}", texts).fetchall()
    plan = "\n".join(str(row[0]) for row in rows)
    assert "Index Scan" in plan
    assert "Seq Scan" not in plan


def test_the_role_of_the_guide_cannot_write(db: Asked) -> None:
    assert "25006" in db.problem("DELETE FROM posts RETURNING id")
    assert "42501" in db.problem("SELECT pg_read_file('PG_VERSION')")


# -- purges ------------------------------------------------------------------------------------


def _site() -> Files:
    config = next(block.text for block in BLOCKS if block.language == "toml")
    return {
        **SERVER_SITE,
        "ssg.toml": str(SERVER_SITE["ssg.toml"]) + config,
        "templates/post.html": "{{ page.title }}",
        **{name: text for name, text in SQL.items() if name.startswith("queries/")},
    }


@contextmanager
def _listening(owner: str, server: Started, folder: Path) -> Iterator[Path]:
    """The program of the guide; yields the file of what it prints."""
    program = ROOT / "examples" / "live" / "purge_on_notify.py"
    said = folder / "listener.out"
    variables = environment(DATABASE_URL=owner, SSG_PURGE_SECRET="x" * 40, PYTHONPATH=str(ROOT))
    with said.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, program, "--source", "db", "--host", f"{server.url}/"],
            env=variables, cwd=folder, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        assert wait_until(lambda: "purged source:db" in said.read_text(), 20), said.read_text()
        yield said
    finally:
        process.terminate()
        process.wait(20)


def test_a_change_of_the_data_is_seen_by_the_next_visitor(
    urls: tuple[str, str], tmp_path: Path
) -> None:
    owner, reader = urls
    build_for_server(tmp_path, _site())
    path, new = "/ana/hello/", "/ana/new/"
    variables = {"DATABASE_URL": reader, "SSG_PURGE_SECRET": "x" * 40}
    with (
        started(tmp_path, "dist", **variables) as server,
        closing(psycopg.connect(owner, autocommit=True)) as connection,
    ):
        change = "UPDATE posts SET title = %s WHERE author = 'ana' AND slug = 'hello'"
        connection.execute(change, ["Changed"])
        assert server.get(path)[2] == b"Changed"
        with _listening(owner, server, tmp_path) as said:
            connection.execute(change, ["Changed again"])
            assert wait_until(lambda: server.get(path)[2] == b"Changed again", 10), said.read_text()
            assert server.get(new)[0] == 404
            insert = "INSERT INTO posts (author, slug, title, markdown, published_at)"
            connection.execute(f"{insert} VALUES ('ana', 'new', 'New', '', now())")
            assert wait_until(lambda: server.get(new)[:3:2] == (200, b"New"), 10)
            tags = ("source:db", "post:ana/hello", "post:ana/new")
            expected = "".join(f"purged {tag}\n" for tag in tags)
            assert wait_until(lambda: said.read_text() == expected, 10), said.read_text()

            # what is notified while nobody listens is made up for
            assert server.get(path)[2] == b"Changed again"  # and it is cached
            with connection.transaction():
                connection.execute("SET LOCAL session_replication_role = replica")  # no triggers
                connection.execute(change, ["Unnoticed"])
            time.sleep(0.5)
            assert server.get(path)[2] == b"Changed again"
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
            )
            assert wait_until(lambda: server.get(path)[2] == b"Unnoticed", 20), said.read_text()
