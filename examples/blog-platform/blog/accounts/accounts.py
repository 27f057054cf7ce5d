"""Accounts in the database."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from blog.account import Account
from blog.accounts.names import skeleton
from blog.clock import text_of_time
from blog.database import Connection, Row
from blog.refusal import RefusalError

_COLUMNS = "id, name, display_name, about, password, is_admin, suspended, deleted, joined_at"
_FIND = f"SELECT {_COLUMNS} FROM account WHERE name = :name"  # noqa: S608 our own columns
_GET = f"SELECT {_COLUMNS} FROM account WHERE id = :id"  # noqa: S608 our own columns
_ADD = """
    INSERT INTO account (id, name, skeleton, display_name, password, joined_at)
    VALUES (:id, :name, :skeleton, :display_name, :password, :now)
    ON CONFLICT DO NOTHING
"""


@dataclass(frozen=True, slots=True)
class StoredAccount:
    """A row, also of an account that is suspended or deleted."""

    account: Account
    about: str
    password_hash: str = field(repr=False)
    """Empty: nobody can log in."""
    suspended: bool
    deleted: bool
    joined_at: str

    @property
    def may_log_in(self) -> bool:
        return not self.suspended and not self.deleted and bool(self.password_hash)


def find(connection: Connection, name: str) -> StoredAccount | None:
    """The account with a normalised name."""
    row = connection.row(_FIND, name=name)
    return _stored(row) if row else None


def locked(connection: Connection, account: str) -> StoredAccount | None:
    """The account with an id, which nobody else can change within this transaction."""
    row = connection.locked_row(_GET, id=account)
    return _stored(row) if row else None


def check_active(connection: Connection, account: str) -> None:
    """Lock an account that is about to get something new.

    Raises RefusalError if it was suspended or deleted after its session was found.
    """
    row = connection.locked_row(_GET, id=account)
    if row is None or row["suspended"] or row["deleted"]:
        raise RefusalError(401, "Please log in.")


def add(
    connection: Connection, name: str, display_name: str, password_hash: str, now: float
) -> Account | None:
    """Add an account; None if there is one with this name, or with one that looks alike."""
    account = Account(secrets.token_urlsafe(12), name, display_name)
    added = connection.change(
        _ADD,
        id=account.id,
        name=name,
        skeleton=skeleton(name),
        display_name=display_name,
        password=password_hash,
        now=text_of_time(now),
    )
    return account if added else None


def set_password(connection: Connection, account: str, password_hash: str) -> None:
    _set(connection, account, "password = :value", value=password_hash)


def set_profile(connection: Connection, account: str, display_name: str, about: str) -> None:
    _set(
        connection, account, "display_name = :name, about = :about", name=display_name, about=about
    )


def set_admin(connection: Connection, account: str) -> None:
    _set(connection, account, "is_admin = 1")


def make_tombstone(connection: Connection, account: str) -> None:
    """Leave only the name, so that nobody else gets it and what it said."""
    values = "deleted = 1, is_admin = 0, display_name = '', about = '', password = ''"
    _set(connection, account, values)


def _set(connection: Connection, account: str, columns: str, **values: Any) -> None:
    connection.change(
        f"UPDATE account SET {columns} WHERE id = :id AND deleted = 0",  # noqa: S608 columns are ours
        id=account,
        **values,
    )


def _stored(row: Row) -> StoredAccount:
    account = Account(row["id"], row["name"], row["display_name"], bool(row["is_admin"]))
    return StoredAccount(
        account,
        row["about"],
        row["password"],
        bool(row["suspended"]),
        bool(row["deleted"]),
        row["joined_at"],
    )
