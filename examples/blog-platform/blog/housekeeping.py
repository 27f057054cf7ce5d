"""Removes what has expired, every few minutes."""

from __future__ import annotations

import asyncio
import logging

from blog.accounts import limits, sessions
from blog.platform import Platform

SECONDS_BETWEEN = 600.0

_log = logging.getLogger("blog.housekeeping")


def clean(platform: Platform) -> None:
    """Remove sessions and counts that have expired."""
    now = platform.clock()
    with platform.database.writing() as connection:
        sessions.remove_expired(connection, now)
        limits.remove_old(connection, now)


async def run(platform: Platform) -> None:
    """Clean until cancelled."""
    while True:
        await asyncio.sleep(SECONDS_BETWEEN)
        try:
            await asyncio.to_thread(clean, platform)
        except Exception:  # such as a database that restarts: there is a next time
            _log.exception("what has expired is not removed yet")
