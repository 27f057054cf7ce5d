"""Fills the database of the blogging platform with many users and posts, in bulk.

Post number n is by user n modulo their number. Its title and its text have a version.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg

from blog.clock import text_of_time

TAGS = 500
SECONDS_BETWEEN_POSTS = 60
_ACCOUNT = "INSERT INTO account (id, name, skeleton, display_name, password, joined_at)"
_POST = """INSERT INTO post
    (id, author, slug, status, title, tags, created_at, published_at, reads, text)"""
_TAG = "INSERT INTO post_tag (tag, published_at, post)"
_WORDS = [
    "harbour",
    "rope",
    "lamp",
    "tide",
    "bread",
    "window",
    "stair",
    "garden",
    "winter",
    "letter",
    "engine",
    "quiet",
]

Rows = Iterator[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class SeededSite:
    """How many users and posts there are."""

    users: int
    posts: int
    now: float

    def user_of(self, post: int) -> str:
        """The name of the author of a post."""
        return user_name(post % self.users)

    def path_of(self, post: int) -> str:
        """The path of the page of a post."""
        return f"/{self.user_of(post)}/post-{post}/"

    def published_at(self, post: int) -> str:
        """The time of a post: the first one is the newest."""
        return text_of_time(self.now - (post + 1) * SECONDS_BETWEEN_POSTS)


def user_name(number: int) -> str:
    """The name of a user."""
    return f"writer{number:06d}"


def title_of(post: int, version: int) -> str:
    """The title of a version of a post."""
    return f"Post {post} version={version};"


def text_of(post: int, version: int) -> str:
    """The text of a version of a post: some paragraphs, a list, code."""
    chance = random.Random(post)
    sentences = [" ".join(chance.choices(_WORDS, k=12)).capitalize() + "." for _ in range(12)]
    paragraphs = [" ".join(sentences[n : n + 4]) for n in (0, 4, 8)]
    return (
        f"This is version={version}; of post {post}.\n\n{paragraphs[0]}\n\n## A list\n\n"
        f"- *one*\n- **two**\n- [three](https://example.org/)\n\n{paragraphs[1]}\n\n"
        f"```python\nprint({post})\n```\n\n> {paragraphs[2]}\n"
    )


def tags_of(post: int) -> tuple[str, ...]:
    """The tags of a post."""
    return f"tag-{post % TAGS}", f"tag-{(post * 7 + 1) % TAGS}"


def seed(url: str, site: SeededSite) -> None:
    """Add users and posts to an empty database, which has its tables."""
    parts = ((_ACCOUNT, _accounts(site)), (_POST, _posts(site)), (_TAG, _post_tags(site)))
    if url.startswith("sqlite:///"):
        with sqlite3.connect(url.removeprefix("sqlite:///")) as file:
            for statement, rows in parts:
                places = ", ".join("?" * (statement.count(",") + 1))
                file.executemany(f"{statement} VALUES ({places})", rows)
            file.execute("ANALYZE")
        return
    with psycopg.connect(url, autocommit=True) as server:
        for statement, rows in parts:
            command = statement.replace("INSERT INTO", "COPY") + " FROM STDIN"
            with server.cursor() as cursor, cursor.copy(command.encode()) as copy:
                for row in rows:
                    copy.write_row(row)
        server.execute("VACUUM ANALYZE")


def _accounts(site: SeededSite) -> Rows:
    joined = text_of_time(site.now - 1e8)
    for number in range(site.users):
        name = user_name(number)
        yield name, name, f"skeleton {name}", f"Writer {number}", "", joined


def _posts(site: SeededSite) -> Rows:
    for post in range(site.posts):
        time = site.published_at(post)
        yield (
            f"post{post}", site.user_of(post), f"post-{post}", "published", title_of(post, 1),
            " ".join(dict.fromkeys(tags_of(post))), time, time, site.posts // (post + 1),
            text_of(post, 1),
        )  # fmt: skip


def _post_tags(site: SeededSite) -> Rows:
    for post in range(site.posts):
        for tag in dict.fromkeys(tags_of(post)):
            yield tag, site.published_at(post), f"post{post}"
