"""What administrators decide: to hide a post or to suspend an account, and to take it back.

A decision, its reason, what visitors see after it, and the tags to purge are one transaction.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from blog.account import Account
from blog.accounts import sessions
from blog.clock import text_of_time
from blog.database import Connection, Row
from blog.moderation import reports
from blog.platform import Platform
from blog.posts.changes import author_change, post_change
from blog.refusal import RefusalError, not_found

_POST = """
    SELECT p.id, p.author FROM post p JOIN account a ON a.id = p.author
    WHERE a.name = :user AND p.slug = :slug AND a.deleted = 0"""
_ACCOUNT = "SELECT id, is_admin FROM account WHERE name = :user AND deleted = 0"
_HIDDEN = """
    SELECT a.name AS user_name, p.slug, p.title FROM post p JOIN account a ON a.id = p.author
    WHERE p.hidden = 1 ORDER BY p.published_at DESC, p.id LIMIT :limit"""
_SUSPENDED = """
    SELECT name, display_name FROM account WHERE suspended = 1 AND deleted = 0
    ORDER BY name LIMIT :limit"""
_REASON = """
    SELECT reason FROM decision WHERE post = :post AND action = 'hide'
    ORDER BY decided_at DESC, id DESC LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, and why."""

    platform: Platform
    admin: Account
    reason: str

    def note(
        self, connection: Connection, action: str, account: str, post: str | None = None
    ) -> None:
        """Keep it: the author of a hidden post is told the reason."""
        connection.change(
            """INSERT INTO decision (id, decided_at, admin, action, account, post, reason)
               VALUES (:id, :now, :admin, :action, :account, :post, :reason)""",
            id=secrets.token_urlsafe(12),
            now=text_of_time(self.platform.clock()),
            admin=self.admin.id,
            action=action,
            account=account,
            post=post,
            reason=self.reason,
        )


def hide(decision: Decision, user: str, slug: str) -> None:
    """Hide a post from visitors, and close its reports."""
    with decision.platform.database.writing() as connection:
        post = _find_post(connection, user, slug)
        with post_change(connection, decision.platform, post["id"]):
            connection.change("UPDATE post SET hidden = 1 WHERE id = :id", id=post["id"])
        reports.close_all(connection, post["id"], decision.platform.clock())
        decision.note(connection, "hide", post["author"], post["id"])


def show(decision: Decision, user: str, slug: str) -> None:
    """Let visitors see a post again."""
    with decision.platform.database.writing() as connection:
        post = _find_post(connection, user, slug)
        with post_change(connection, decision.platform, post["id"]):
            connection.change("UPDATE post SET hidden = 0 WHERE id = :id", id=post["id"])
        decision.note(connection, "show", post["author"], post["id"])


def suspend(decision: Decision, user: str, _: str = "") -> None:
    """End the sessions of an account, which can begin none, and hide all that it has."""
    with decision.platform.database.writing() as connection:
        account = _find_account(connection, user)
        if account["is_admin"]:
            raise RefusalError(403, "An administrator cannot be suspended.")
        with author_change(connection, decision.platform, account["id"]):
            connection.change("UPDATE account SET suspended = 1 WHERE id = :id", id=account["id"])
        sessions.end_all(connection, account["id"])
        decision.note(connection, "suspend", account["id"])


def restore(decision: Decision, user: str, _: str = "") -> None:
    """Take a suspension back."""
    with decision.platform.database.writing() as connection:
        account = _find_account(connection, user)
        with author_change(connection, decision.platform, account["id"]):
            connection.change("UPDATE account SET suspended = 0 WHERE id = :id", id=account["id"])
        decision.note(connection, "restore", account["id"])


Decide = Callable[[Decision, str, str], None]
"""Takes a user, and the slug of a post if it is about one."""
ACTIONS: Mapping[str, Decide] = {"hide": hide, "show": show, "suspend": suspend, "restore": restore}


def hidden_posts(connection: Connection, limit: int = 200) -> Sequence[Row]:
    """The posts that are hidden, the newest first."""
    return connection.rows(_HIDDEN, limit=limit)


def suspended_accounts(connection: Connection, limit: int = 200) -> Sequence[Row]:
    """The accounts that are suspended."""
    return connection.rows(_SUSPENDED, limit=limit)


def reason_of_hiding(connection: Connection, post: str) -> str:
    """Why a post is hidden, for its author."""
    row = connection.row(_REASON, post=post)
    return str(row["reason"]) if row else ""


def _find_post(connection: Connection, user: str, slug: str) -> Row:
    post = connection.row(_POST, user=user, slug=slug)
    if post is None:
        raise not_found("There is no such post.")
    return post


def _find_account(connection: Connection, user: str) -> Row:
    account = connection.row(_ACCOUNT, user=user)
    if account is None:
        raise not_found("There is no such user.")
    return account
