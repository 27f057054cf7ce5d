"""Changes of what visitors see: lists of tags follow, and purges are noted, in one transaction.

Each change of a post locks its author first. So two changes of an author's posts never wait for
each other, and what one has found is still so when it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from blog.database import Connection
from blog.platform import Platform
from blog.posts import posts
from blog.posts.freshness import (
    VisibleAuthor,
    VisiblePost,
    tags_of_author_change,
    tags_of_change,
)
from blog.purge import outbox


@contextmanager
def post_change(connection: Connection, platform: Platform, post: str) -> Iterator[None]:
    """A block that changes the post with this id, or makes or deletes it."""
    lock_author_of(connection, post)
    before = _visible_post(connection, post)
    yield
    _list_under_tags(connection, "post.id = :id", post)
    after = _visible_post(connection, post)
    if after:
        _take_address(connection, post)
    note(connection, platform, tags_of_change(before, after))


@contextmanager
def author_change(connection: Connection, platform: Platform, account: str) -> Iterator[None]:
    """A block that changes the account with this id, or makes, suspends or deletes it."""
    lock_author(connection, account)
    before = _visible_author(connection, account)
    yield
    after = _visible_author(connection, account)
    if (before is None) != (after is None):
        _list_under_tags(connection, "post.author = :id", account)
    note(connection, platform, tags_of_author_change(before, after))


def delete_all_of(connection: Connection, account: str) -> frozenset[str]:
    """Delete all posts of an account; returns the tags to purge."""
    lock_author(connection, account)
    before = _visible_author(connection, account)
    connection.locked_rows("SELECT id FROM post WHERE author = :id ORDER BY id", id=account)
    connection.change("DELETE FROM post WHERE author = :id", id=account)
    return tags_of_author_change(before, None)


def note(connection: Connection, platform: Platform, tags: Iterable[str]) -> None:
    """Note purges for all caches."""
    outbox.note(connection, tags, platform.settings.purge_urls, platform.clock())


def lock_author(connection: Connection, account: str) -> None:
    """Wait until no other transaction changes posts of an account."""
    connection.locked_row("SELECT id FROM account WHERE id = :id", id=account)


def lock_author_of(connection: Connection, post: str) -> None:
    """The same for the author of a post."""
    if row := connection.row("SELECT author FROM post WHERE id = :id", id=post):
        lock_author(connection, row["author"])


def _visible_post(connection: Connection, post: str) -> VisiblePost | None:
    found = posts.visible(connection, post)
    if found is None:
        return None
    old = connection.rows("SELECT slug FROM old_address WHERE post = :post", post=post)
    is_on_home = post in posts.on_home(connection)
    return VisiblePost(*found, frozenset(row["slug"] for row in old), is_on_home)


def _take_address(connection: Connection, post: str) -> None:
    """The address of a visible post no longer leads to a post that had it before."""
    connection.change(
        """DELETE FROM old_address WHERE author = (SELECT author FROM post WHERE id = :id)
           AND slug = (SELECT slug FROM post WHERE id = :id)""",
        id=post,
    )


def _visible_author(connection: Connection, account: str) -> VisibleAuthor | None:
    row = connection.row(
        """SELECT name, display_name, about FROM account
           WHERE id = :id AND suspended = 0 AND deleted = 0""",
        id=account,
    )
    if row is None:
        return None
    own = posts.tags_by_post(connection, account)
    tags = frozenset(tag for one in own.values() for tag in one)
    is_on_home = not posts.on_home(connection).isdisjoint(own)
    return VisibleAuthor(row["name"], row["display_name"], row["about"], tags, is_on_home)


def _list_under_tags(connection: Connection, which: str, value: str) -> None:
    """List posts under the tags that they have now, if visitors can see them."""
    connection.change(
        f"DELETE FROM post_tag WHERE post IN (SELECT id FROM post WHERE {which})",  # noqa: S608 words of this module
        id=value,
    )
    rows = connection.rows(
        f"""SELECT post.id, post.tags, post.published_at
            FROM post CROSS JOIN account WHERE {which} AND account.id = post.author
              AND post.status = 'published' AND post.hidden = 0
              AND account.suspended = 0 AND account.deleted = 0""",  # noqa: S608 words of this module
        id=value,
    )
    connection.change_many(
        "INSERT INTO post_tag (tag, published_at, post) VALUES (:tag, :published_at, :post)",
        [
            {"tag": tag, "published_at": row["published_at"], "post": row["id"]}
            for row in rows
            for tag in row["tags"].split()
        ],
    )
