"""Live pages from PostgreSQL under load: `python -m benchmarks.live`.

A table has 200,000 posts of 10,000 users, with the texts of the benchmark's site. PostgreSQL of
Debian runs beside the server, on this machine, and so does wrk, which takes one core of its own.
A live page is compared with a deferred page of the same text and template.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg

from benchmarks import measure
from benchmarks.corpus import write_site
from benchmarks.load import deferred_posts, press
from benchmarks.servers import CONNECTIONS, Site, show, started
from ssg.model.live.data_request import DataRequest
from ssg.model.urls import quote_path
from ssg.sources.site_shell import shell_of_database
from tests.services import running_postgres

USERS = 10_000
TEXTS, DEFERRED = 600, 6000
CONFIG = """
[sources.db]
kind = "sql"
url = "${DATABASE_URL}"

[sources.own]
kind = "sql"
url = "${DATABASE_URL}"
trusted = true
"""
ROUTE = """
[[routes]]
path = "/{source}/{{user}}/{{slug}}/"
template = "page.html"
data.post = {{ source = "{source}", query = "post", one = true }}
page = {{ title = "post.title", date = "post.published_at", body = "post.markdown" }}
ttl = 3600
tags = ["post:{{user}}/{{slug}}"]
"""
SOURCES = {"db": "live page, text of a stranger", "own": "live page, trusted text"}
QUERY = """
SELECT title, markdown, published_at FROM posts JOIN texts ON texts.id = text_id
WHERE author = :user AND slug = :slug
"""
TABLES = """
CREATE TABLE texts (id int PRIMARY KEY, markdown text NOT NULL);
CREATE TABLE posts (
    author text, slug text, title text, text_id int, published_at timestamptz DEFAULT now()
);
"""
FILL = """
INSERT INTO posts SELECT 'user' || n % $2, 'post' || n, 'Post ' || n, n % $3
FROM generate_series(1, $1) n
"""
LINKS = re.compile(r"@/posts/[\w-]+\.md")
"""Texts of strangers have no links to sources."""


def texts_of(content: Path) -> list[str]:
    """The texts of the posts of the site, without front matter."""
    files = sorted((content / "posts").rglob("*.md"))[:TEXTS]
    texts = (file.read_text("utf-8") for file in files)
    return [LINKS.sub("/posts/", text.split("\n---\n", 1)[-1]) for text in texts]


def fill(url: str, texts: Sequence[str], posts: int) -> None:
    """Write the posts, and an index."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(TABLES)
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO texts VALUES (%s, %s)", list(enumerate(texts)))
        raw = psycopg.RawCursor(connection)
        raw.execute(FILL, [posts, USERS, len(texts)])
        connection.execute("CREATE UNIQUE INDEX posts_author_slug ON posts (author, slug)")
        connection.execute("VACUUM ANALYZE posts")


def live_paths(source: str, posts: int, seed: int) -> list[str]:
    """The paths of all posts, in a random order."""
    numbers = list(range(1, posts + 1))
    random.Random(seed).shuffle(numbers)
    return [f"/{source}/user{number % USERS}/post{number}/" for number in numbers]


def build(folder: Path) -> Site:
    """Build a site with deferred posts and the routes."""
    write_site(folder, DEFERRED)
    with (folder / "ssg.toml").open("a", encoding="utf-8") as config:
        config.write(CONFIG + "".join(ROUTE.format(source=source) for source in SOURCES))
    (folder / "queries").mkdir()
    (folder / "queries" / "post.sql").write_text(QUERY, "utf-8")
    command = [sys.executable, "-m", "ssg", "build", "--target", "server", "--quiet"]
    subprocess.run(command, cwd=folder, check=True)
    found = deferred_posts(folder / "dist/site.db")
    return Site(folder, [quote_path(path) for path in found])


def query_times(database: Path, url: str) -> measure.Times:
    """The time of the query itself, with all that `ssg` does for it."""
    shell = shell_of_database(database, {"DATABASE_URL": url}).shell
    found = []
    for number in range(1, 1000):
        values = (("user", f"user{number % USERS}"), ("slug", f"post{number}"))
        start = time.perf_counter()
        (answer,) = shell.bring([DataRequest("db", query="post", values=values)]).values()
        found.append((time.perf_counter() - start) * 1000)
        assert answer.status == 200, answer
    shell.close()
    return measure.times(found[100:])


def workers_megabytes(server: measure.Server) -> list[str]:
    """The memory of each process that a server has started."""
    children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    found = (measure.Server(server.port, int(child)).megabytes for child in children)
    return [f"{megabytes:.0f}" for megabytes in found]


def bench(site: Site, url: str, posts: int, seconds: int) -> None:
    """One round."""
    print(f"{posts:,} posts of {USERS:,} users, {len(site.paths):,} deferred posts")
    query = query_times(site.dist / "site.db", url)
    print(f"  a query alone                     p50 {query.median:6.2f} ms")
    with started(site) as server:
        press(server, [*site.paths[:20], *live_paths("db", posts, 1)[:20]], 1, 1)
        deferred = press(server, site.paths[20:], 1, seconds)
        show("deferred page, first request", deferred, server)
        for source, name in SOURCES.items():
            live = press(server, live_paths(source, posts, 2), 1, seconds)
            show(f"{name}, first request", live, server)
            ratio = (live.p50 - query.median) / deferred.p50
            print(f"    without the query it takes {ratio:.2f} times as long")
    with started(site, "--workers", "2") as server:
        paths = live_paths("db", posts, 3)
        print(f"  2 workers, {CONNECTIONS} connections")
        for name, asked, times in (
            ("first requests", paths, 4),
            ("the same again, now cached", paths[:500], 1),
            ("further first requests", paths[::-1], 4),
        ):
            show(name, press(server, asked, CONNECTIONS, times * seconds), server)
            print(f"    the workers have {', '.join(workers_megabytes(server))} MB")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=200_000)
    parser.add_argument("--seconds", type=int, default=5, help="how long each load lasts")
    wanted = parser.parse_args()
    memory = Path("/dev/shm")  # noqa: S108 a memory file system costs the same each time
    with (
        tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder,
        running_postgres("shared_buffers=256MB") as server,
    ):
        site = build(Path(folder))
        fill(server.url, texts_of(Path(folder) / "content"), wanted.posts)
        os.environ["DATABASE_URL"] = server.url
        bench(site, server.url, wanted.posts, wanted.seconds)


if __name__ == "__main__":
    main()
