"""The pictures in the database, and whose they are.

Two accounts that upload the same picture own one row. A row that nobody owns any more is removed.
Each change of its owners locks the row of a picture first: so the last of two who remove it sees
that the other one has done so, and who uploads it again waits for them.
"""

from __future__ import annotations

from collections.abc import Sequence

from blog.clock import text_of_time
from blog.database import Connection, Row
from blog.pictures.encoding import Picture
from blog.platform import Platform
from blog.purge import outbox


def add(connection: Connection, picture: Picture, account: str, now: float) -> None:
    """Keep a picture of an account, which may have it already."""
    connection.change(
        """INSERT INTO picture (name, bytes, width, height) VALUES (:name, :data, :width, :height)
           ON CONFLICT (name) DO UPDATE SET width = excluded.width""",
        name=picture.name,
        data=picture.data,
        width=picture.width,
        height=picture.height,
    )
    connection.change(
        """INSERT INTO picture_owner (picture, account, uploaded_at)
           VALUES (:picture, :account, :now) ON CONFLICT (picture, account) DO NOTHING""",
        picture=picture.name,
        account=account,
        now=text_of_time(now),
    )


def find(connection: Connection, name: str) -> bytes | None:
    """The bytes of a picture."""
    row = connection.row("SELECT bytes FROM picture WHERE name = :name", name=name)
    return bytes(row["bytes"]) if row else None


def bytes_of(connection: Connection, account: str) -> int:
    """How much an account has, in bytes. Locks the account: its uploads are one after another."""
    connection.locked_row("SELECT id FROM account WHERE id = :id", id=account)
    row = connection.row(
        """SELECT COALESCE(SUM(LENGTH(p.bytes)), 0) AS total
           FROM picture p JOIN picture_owner o ON o.picture = p.name WHERE o.account = :account""",
        account=account,
    )
    return int(row["total"]) if row else 0


def of_account(connection: Connection, account: str) -> Sequence[Row]:
    """The names and sizes of an account's pictures, the newest first."""
    return connection.rows(
        """SELECT p.name, p.width, p.height, LENGTH(p.bytes) AS size, o.uploaded_at
           FROM picture p JOIN picture_owner o ON o.picture = p.name
           WHERE o.account = :account ORDER BY o.uploaded_at DESC, p.name""",
        account=account,
    )


def remove(connection: Connection, platform: Platform, account: str, name: str) -> bool:
    """Remove a picture of an account, also from caches; whether it was there."""
    connection.locked_row("SELECT name FROM picture WHERE name = :name", name=name)
    found = connection.change(
        "DELETE FROM picture_owner WHERE account = :account AND picture = :name",
        account=account,
        name=name,
    )
    _remove_unowned(connection, platform, [name] if found else [])
    return bool(found)


def remove_all(connection: Connection, platform: Platform, account: str) -> None:
    """Remove all pictures of an account that is deleted."""
    rows = connection.locked_rows(
        """SELECT name FROM picture
           WHERE name IN (SELECT picture FROM picture_owner WHERE account = :account)
           ORDER BY name""",
        account=account,
    )
    names = [row["name"] for row in rows]
    connection.change("DELETE FROM picture_owner WHERE account = :account", account=account)
    _remove_unowned(connection, platform, names)


def _remove_unowned(connection: Connection, platform: Platform, names: Sequence[str]) -> None:
    connection.change_many(
        """DELETE FROM picture WHERE name = :name
           AND NOT EXISTS (SELECT 1 FROM picture_owner WHERE picture = :name)""",
        [{"name": name} for name in names],
    )
    urls, now = platform.settings.purge_urls, platform.clock()
    outbox.note(connection, map(cache_tag, names), urls, now)


def cache_tag(name: str) -> str:
    """The tag of a picture in caches, which would otherwise keep it after it is removed."""
    return f"picture:{name}"
