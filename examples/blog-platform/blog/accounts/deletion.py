"""The end of an account: nothing of it stays but its name, which nobody gets again."""

from __future__ import annotations

from blog.account import Account
from blog.accounts import accounts, sessions
from blog.database import Connection
from blog.pictures import pictures
from blog.platform import Platform
from blog.posts.changes import delete_all_of


def delete(connection: Connection, platform: Platform, account: Account) -> None:
    """Delete posts with their drafts, addresses and reports, pictures and sessions."""
    delete_all_of(connection, account.id)
    pictures.remove_all(connection, platform, account.id)
    connection.change(
        "UPDATE report SET reporter = NULL WHERE reporter = :account", account=account.id
    )
    sessions.end_all(connection, account.id)
    accounts.make_tombstone(connection, account.id)
