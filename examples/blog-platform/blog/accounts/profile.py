"""Changes of one's own account: what readers see, the password, and its end."""

from __future__ import annotations

from blog.accounts import accounts, deletion, limits, login, sessions
from blog.accounts.accounts import StoredAccount
from blog.accounts.login import BegunSession
from blog.accounts.names import checked_about, checked_display_name
from blog.accounts.passwords import checked_password
from blog.endpoint import Call
from blog.posts.changes import author_change
from blog.refusal import RefusalError


def own_account(call: Call) -> StoredAccount:
    """The account that is logged in."""
    with call.platform.database.reading() as connection:
        found = accounts.find(connection, call.account.name)
    if found is None:
        raise RefusalError(401, "Please log in.")
    return found


def change_profile(call: Call, told_name: str, told_about: str) -> None:
    """Change what readers see: all pages that show it are purged. Raises RefusalError."""
    account = call.account
    display_name, about = checked_display_name(told_name, account.name), checked_about(told_about)
    limits.check(call, "write")
    platform = call.platform
    with (
        platform.database.writing() as connection,
        author_change(connection, platform, account.id),
    ):
        accounts.set_profile(connection, account.id, display_name, about)


def change_password(call: Call, old: str, new: str) -> BegunSession:
    """Change the password. All sessions end, and this browser gets a new one."""
    found = login.confirmed(call, old, "old")
    hashed = call.platform.passwords.hashed(checked_password(new, call.account.name, "new"))
    with call.platform.database.writing() as connection:
        account = login.unchanged(connection, found).account
        accounts.set_password(connection, account.id, hashed)
        sessions.end_all(connection, account.id)
        return login.begin(connection, call, account, hashed)


def delete_account(call: Call, password: str) -> None:
    """Delete the account, and all that belongs to it. Raises RefusalError."""
    found = login.confirmed(call, password, "password")
    with call.platform.database.writing() as connection:
        account = login.unchanged(connection, found).account
        with author_change(connection, call.platform, account.id):
            deletion.delete(connection, call.platform, account)
