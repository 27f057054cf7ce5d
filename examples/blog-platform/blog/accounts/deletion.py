"""The end of an account: nothing of it stays but its name, which nobody gets again."""

from __future__ import annotations

from blog.account import Account
from blog.accounts import accounts, sessions
from blog.database import Connection
from blog.pictures import pictures

_TAGS = """
    SELECT DISTINCT t.tag FROM post p JOIN post_tag t ON t.post = p.id WHERE p.author = :account
"""


def tags_of_pages(connection: Connection, account: Account) -> list[str]:
    """The tags of all pages that name an account: its own, and lists that its posts are in."""
    rows = connection.rows(_TAGS, account=account.id)
    of_posts = [f"tag:{row['tag']}" for row in rows]
    return [f"user:{account.name}", f"posts-by:{account.name}", "newest", *of_posts]


def delete(connection: Connection, account: Account) -> None:
    """Delete posts with their drafts, addresses and reports, pictures and sessions."""
    connection.change("DELETE FROM post WHERE author = :account", account=account.id)
    pictures.remove_all(connection, account.id)
    connection.change(
        "UPDATE report SET reporter = NULL WHERE reporter = :account", account=account.id
    )
    sessions.end_all(connection, account.id)
    accounts.make_tombstone(connection, account.id)
