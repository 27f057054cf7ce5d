"""Rows of accounts and posts, written as the platform would have them after years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from blog.clock import text_of_time
from blog.database import Connection, Database
from tests.platform.client import START


def store_account(connection: Connection, name: str, **values: Any) -> str:
    """Store somebody who has signed up; returns their id."""
    row = _account(name) | values
    insert(connection, "account", [row])
    return str(row["id"])


def _account(name: str) -> dict[str, Any]:
    return {
        "id": f"id-{name}",
        "name": name,
        "skeleton": name,
        "display_name": name.title(),
        "about": "",
        "password": "",
        "is_admin": 0,
        "suspended": 0,
        "deleted": 0,
        "joined_at": text_of_time(START),
    }


def store_post(connection: Connection, author: str, slug: str, **values: Any) -> str:
    """Store a post of the account with this id; returns its own. Without `status` it is visible."""
    row = _post(author, slug) | values
    insert(connection, "post", [row])
    insert(connection, "post_tag", list(_tagged(row)))
    return str(row["id"])


def _post(author: str, slug: str) -> dict[str, Any]:
    return {
        "id": f"{author}/{slug}",
        "author": author,
        "slug": slug,
        "status": "published",
        "hidden": 0,
        "title": slug.title(),
        "description": "",
        "tags": "",
        "created_at": text_of_time(START),
        "publish_at": None,
        "published_at": text_of_time(START),
        "edited_at": None,
        "revision": 1,
        "reads": 0,
        "text": f"Text of *{slug}*.",
    }


def _tagged(post: dict[str, Any]) -> Iterator[dict[str, Any]]:
    if post["status"] == "published" and not post["hidden"]:
        for tag in str(post["tags"]).split():
            yield {"tag": tag, "published_at": post["published_at"], "post": post["id"]}


def insert(connection: Connection, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, which have the same columns."""
    if rows:
        places = ", ".join(f":{name}" for name in rows[0])
        columns = ", ".join(rows[0])
        connection.change_many(f"INSERT INTO {table} ({columns}) VALUES ({places})", rows)  # noqa: S608 names of ours


def empty(database: Database) -> None:
    """Remove all rows."""
    with database.writing() as connection:
        for table in ("decision", "report", "picture_owner", "picture", "post", "session", "purge"):
            connection.change(f"DELETE FROM {table}")  # noqa: S608 a table above
        connection.change("DELETE FROM account")
        connection.change("DELETE FROM rate")


def fill(database: Database, posts: int = 20_000, accounts: int = 2_000) -> None:
    """Store many posts. The first author and the first tag have a tenth of them."""
    authors = [_account(f"user{number}") for number in range(accounts)]
    rows = [_numbered(number, accounts) for number in range(posts)]
    old = [
        {"author": row["author"], "slug": f"old-{number}", "post": row["id"]}
        for number, row in enumerate(rows)
    ]
    with database.writing() as connection:
        insert(connection, "account", authors)
        insert(connection, "post", rows)
        insert(connection, "post_tag", [one for row in rows for one in _tagged(row)])
        insert(connection, "old_address", old)
        insert(connection, "draft", [_draft(row) for row in rows[::2]])


def _draft(post: dict[str, Any]) -> dict[str, Any]:
    names = ("slug", "title", "description", "text", "tags")
    return {
        "post": post["id"],
        "saved_at": text_of_time(START),
        **{one: post[one] for one in names},
    }


def _numbered(number: int, accounts: int) -> dict[str, Any]:
    author = f"id-user{0 if number % 10 == 0 else number % accounts}"
    return _post(author, f"post-{number}") | {
        "tags": f"tag{0 if number % 10 == 1 else number % 97} other{number % 13}",
        "published_at": text_of_time(START + number),
        "reads": number * 7919 % 10_007,
        "status": "published" if number % 9 else "draft",
    }
