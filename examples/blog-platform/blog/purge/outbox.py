"""Tags that are to be purged: written together with the change, removed when a cache forgot them.

So what is committed is purged, also if the process ends between both.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from blog.clock import text_of_time
from blog.database import Connection


@dataclass(frozen=True, slots=True)
class PendingPurge:
    """Tags that one cache is to forget."""

    tags: tuple[str, ...]
    ids: tuple[str, ...]
    """The rows that say so."""


def note(connection: Connection, tags: Iterable[str], urls: Sequence[str], now: float) -> None:
    """Note tags for all caches, in the transaction that changes what they name."""
    connection.change_many(
        "INSERT INTO purge (id, url, tag, since) VALUES (:id, :url, :tag, :since)",
        [
            {"id": secrets.token_urlsafe(16), "url": url, "tag": tag, "since": text_of_time(now)}
            for url in urls
            for tag in sorted(set(tags))
        ],
    )


def pending(connection: Connection, url: str, limit: int) -> PendingPurge | None:
    """What has been noted for a cache, the oldest first; at most `limit` rows."""
    rows = connection.rows(
        "SELECT id, tag FROM purge WHERE url = :url ORDER BY since, id LIMIT :limit",
        url=url,
        limit=limit,
    )
    tags = tuple(dict.fromkeys(row["tag"] for row in rows))
    return PendingPurge(tags, tuple(row["id"] for row in rows)) if rows else None


def done(connection: Connection, purge: PendingPurge) -> None:
    """Remove what a cache has forgotten."""
    connection.change_many("DELETE FROM purge WHERE id = :id", [{"id": one} for one in purge.ids])


def address_to(connection: Connection, urls: Sequence[str]) -> int:
    """Readdress what was noted for caches that are no longer there; returns the number of rows.

    For a platform whose address changes while it is not running, such as another port.
    """
    lost = connection.rows("SELECT DISTINCT url FROM purge")
    moved = [{"old": row["url"], "new": urls[0]} for row in lost if urls and row["url"] not in urls]
    return sum(
        connection.change("UPDATE purge SET url = :new WHERE url = :old", **one) for one in moved
    )
