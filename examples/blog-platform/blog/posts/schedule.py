"""Publishes scheduled posts when their time has come.

Each process looks, and each post is published once: the statement that publishes it does nothing
if it is published already. What was due while no process ran is published at the next start.
"""

from __future__ import annotations

import asyncio
import logging

from blog.clock import text_of_time, time_of_text
from blog.database import Connection
from blog.platform import Platform
from blog.posts.changes import post_change
from blog.purge.purger import Purger

MAX_WAIT_SECONDS = 10.0
"""How often a process looks for posts that others have scheduled."""
_AT_ONCE = 100

_PUBLISH = """
    UPDATE post SET status = 'published', published_at = COALESCE(published_at, publish_at),
        edited_at = CASE WHEN published_at IS NULL THEN NULL ELSE publish_at END,
        publish_at = NULL, revision = revision + 1
    WHERE id = :id AND status = 'scheduled' AND publish_at <= :now"""

_log = logging.getLogger("blog.schedule")


async def run(platform: Platform, purger: Purger) -> None:
    """Publish what is due, until cancelled."""
    while True:
        wait = MAX_WAIT_SECONDS
        try:
            if await asyncio.to_thread(publish_due, platform):
                await purger.send_soon()
            wait = await asyncio.to_thread(seconds_to_next, platform)
        except Exception:  # such as a database that restarts: the next round tries again
            _log.exception("scheduled posts are delayed")
        await asyncio.sleep(wait)


def publish_due(platform: Platform) -> int:
    """Publish what is due, the oldest first; returns the number of posts."""
    published = 0
    while found := _due(platform):
        for post in found:
            with platform.database.writing() as connection:
                published += _publish(connection, platform, post)
    return published


def seconds_to_next(platform: Platform) -> float:
    """The seconds until the next post is due, or until it is time to look again."""
    with platform.database.reading() as connection:
        time = next_time(connection)
    if time is None:
        return MAX_WAIT_SECONDS
    return min(max(time_of_text(time) - platform.clock(), 0.05), MAX_WAIT_SECONDS)


def next_time(connection: Connection) -> str | None:
    """The time at which the next post is due."""
    row = connection.row(
        """SELECT publish_at FROM post WHERE status = 'scheduled'
           ORDER BY publish_at LIMIT 1"""
    )
    return row["publish_at"] if row else None


def due(connection: Connection, now: str, limit: int) -> list[str]:
    """The ids of posts whose time has come, the oldest first."""
    rows = connection.rows(
        """SELECT id FROM post WHERE status = 'scheduled' AND publish_at <= :now
           ORDER BY publish_at, id LIMIT :limit""",
        now=now,
        limit=limit,
    )
    return [row["id"] for row in rows]


def _due(platform: Platform) -> list[str]:
    with platform.database.reading() as connection:
        return due(connection, text_of_time(platform.clock()), _AT_ONCE)


def _publish(connection: Connection, platform: Platform, post: str) -> int:
    with post_change(connection, platform, post):
        return connection.change(_PUBLISH, id=post, now=text_of_time(platform.clock()))
