"""`ssg serve` of a site with live pages: options, and what a save changes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ssg.edge.drafts.draft_token import COOKIE
from tests.cli.serving import serving, ssg
from tests.conftest import write
from tests.preview.running import until

CONFIG = """
theme = ""
[target]
name = "server"
keep_cache = {keep_cache}
[runtime]
env = ["SITE_NAME"]
drafts = true
[sources.db]
kind = "sql"
url = "${{DATABASE_URL}}"
[[routes]]
path = "/{{user}}/{{slug}}/"
template = "post.html"
data.post = {{ source = "db", query = "post", one = true }}
page = {{ title = "post.title" }}
"""
QUERY = "SELECT title FROM posts WHERE author = :user AND slug = :slug AND (is_public OR :draft)\n"
PAGE = "/ana/hello/"


def write_site(root: Path, *, keep_cache: bool = True) -> None:
    """A site whose pages come from a database in its folder."""
    write(
        root,
        {
            "ssg.toml": CONFIG.format(keep_cache=str(keep_cache).lower()),
            "content/about.md": "---\ntitle: About\n---\n",
            "templates/page.html": "<body>{{ page.title }}</body>",
            "templates/section.html": "<body>{{ page.title }}</body>",
            "templates/post.html": "<body>{{ page.title }} on {{ env.SITE_NAME }}</body>",
            "queries/post.sql": QUERY,
            ".env": "SITE_NAME=Example\nDATABASE_URL=sqlite:blog.db\n",
        },
    )
    with closing(sqlite3.connect(root / "blog.db")) as database:
        database.execute("CREATE TABLE posts (author, slug, title, is_public)")
        posts = [("ana", "hello", "Hello", 1), ("ana", "new", "Not yet", 0)]
        database.executemany("INSERT INTO posts VALUES (?, ?, ?, ?)", posts)
        database.commit()


@pytest.mark.parametrize("keep_cache", [True, False])
def test_a_save_of_a_route_a_query_or_a_template_is_seen(tmp_path: Path, keep_cache: bool) -> None:
    write_site(tmp_path, keep_cache=keep_cache)
    with serving(tmp_path, "--env-file", ".env") as preview:

        def shows(text: str) -> Callable[[], bool]:
            return lambda: text in preview.get(PAGE)[2]

        until(shows("Hello on Example"), 20)
        assert preview.get(PAGE)[1]["cache-status"].startswith("ssg; hit")
        write(tmp_path, {"templates/post.html": "<body>{{ page.title }}!</body>"})
        until(shows("Hello!"), 20)
        write(tmp_path, {"queries/post.sql": QUERY.replace("title", "upper(title) AS title", 1)})
        until(shows("HELLO!"), 20)
        config = (tmp_path / "ssg.toml").read_text()
        write(tmp_path, {"ssg.toml": config.replace('"post.html"', '"page.html"')})
        until(shows("<body>HELLO<"), 20)
        write(tmp_path, {"ssg.toml": config.replace("{user}/{slug}", "u/{user}/{slug}")})
        until(lambda: preview.get(PAGE)[0] == 404, 20)
        assert preview.get(f"/u{PAGE}")[0] == 200


def test_a_draft_is_seen_through_a_link(tmp_path: Path) -> None:
    write_site(tmp_path)
    secret = "a secret of at least thirty-two bytes"  # noqa: S105 of a test
    with (tmp_path / ".env").open("a") as file:
        file.write(f"SSG_DRAFT_SECRET='{secret}'\n")
    with serving(tmp_path, "--env-file", ".env") as preview:
        assert preview.get("/ana/new/")[0] == 404
        words = ["--env-file", ".env", "--base-url", preview.url]
        printed = ssg(tmp_path, "draft", "/ana/new/", *words)
        link = printed.stdout.strip().removeprefix(preview.url.rstrip("/"))
        status, headers, _ = preview.get(link)
        assert (status, headers["location"]) == (303, "../ana/new/")
        assert "secure" not in headers["set-cookie"].lower()
        cookie = headers["set-cookie"].partition(";")[0]
        assert cookie.startswith(f"{COOKIE}=")
        status, headers, body = preview.get("/ana/new/", {"Cookie": cookie})
        assert status == 200
        assert "Not yet on Example" in body
        assert "Draft: unpublished content" in body
        assert headers["cache-control"] == "private, no-store"
        assert preview.get("/ana/new/")[0] == 404


def test_wrong_options_are_told(tmp_path: Path) -> None:
    write_site(tmp_path)
    for words, told in (
        (["serve", "--record", "a", "--replay", "b"], "not both"),
        (["serve", "--replay", "no-such-folder"], "is not a folder"),
        (["serve", "--env-file", "no.env"], "cannot be read"),
        (["draft", "/ana/new/"], "there is no secret"),
        (["draft", "//evil.example/"], "is not the path of a page"),
        (["draft", "https://evil.example/"], "is not the path of a page"),
    ):
        done = ssg(tmp_path, *words)
        assert done.returncode != 0
        assert told in " ".join((done.stdout + done.stderr).split()), words
