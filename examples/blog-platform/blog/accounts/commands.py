"""What an administrator of the machine does to accounts, by `python -m blog`."""

from __future__ import annotations

from blog.accounts import accounts, sessions
from blog.accounts.accounts import StoredAccount
from blog.accounts.names import normalised
from blog.accounts.passwords import checked_password
from blog.database import Connection
from blog.platform import Platform
from blog.refusal import not_found


def make_admin(platform: Platform, name: str) -> None:
    """Make somebody an administrator. Redirect rules see the role after the next log-in.

    Raises RefusalError if there is no such account.
    """
    with platform.database.writing() as connection:
        accounts.set_admin(connection, _found(connection, name).account.id)


def set_password(platform: Platform, name: str, password: str) -> None:
    """Give somebody who has forgotten it a new password, and end all sessions of the account.

    Raises RefusalError if there is no such account, or if the password is too weak.
    """
    hashed = platform.passwords.hashed(checked_password(password, normalised(name)))
    with platform.database.writing() as connection:
        account = _found(connection, name).account
        accounts.set_password(connection, account.id, hashed)
        sessions.end_all(connection, account.id)


def _found(connection: Connection, name: str) -> StoredAccount:
    found = accounts.find(connection, normalised(name))
    if found is None or found.deleted:
        raise not_found(f"There is no account {name!r}.")
    return found
