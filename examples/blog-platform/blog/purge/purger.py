"""Sends what the outbox has: at once after a change, and again until each cache has taken it."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable
from contextlib import suppress

from blog.platform import Platform
from blog.purge import outbox
from ssg.runtime.signed_purge import MAX_TAGS, PURGE_PATH, PurgeSelection, signed_headers
from ssg.targets.purge.http_post import PostRequest, post

SECONDS_BETWEEN_TRIES = 1.0
WAIT_SECONDS = 2.0
"""How long the answer to a change waits for its purge."""

Send = Callable[[str, tuple[str, ...]], str | None]
"""Purges tags at an address; returns why it did not, or none."""

_log = logging.getLogger("blog.purge")


class Purger:
    """The purges of a process, to all caches.

    Several processes may send the same purge: that harms nothing.
    """

    def __init__(self, platform: Platform, send: Send | None = None) -> None:
        deliver = send or sender(platform.settings.purge_secret)
        urls = platform.settings.purge_urls
        self._senders = [_Sender(platform, url, deliver) for url in urls]

    async def send_soon(self) -> None:
        """Send what is noted by now. Returns when it is sent, or after a short wait."""
        waiting = [one.next_round() for one in self._senders]
        if waiting:
            await asyncio.wait(waiting, timeout=WAIT_SECONDS)

    async def run(self) -> None:
        """Send until cancelled."""
        await asyncio.gather(*(one.run() for one in self._senders))


class _Sender:
    """Sends the purges of one cache, those of several changes together."""

    def __init__(self, platform: Platform, url: str, send: Send) -> None:
        self._platform = platform
        self._url = url
        self._send = send
        self._wake = asyncio.Event()
        self._waiting: list[asyncio.Future[None]] = []
        self._failure: str | None = None
        """Why the last request failed: each reason is told once, not each second."""

    def next_round(self) -> asyncio.Future[None]:
        """Resolves when all that is noted by now has been tried to send."""
        ended = asyncio.get_running_loop().create_future()
        self._waiting.append(ended)
        self._wake.set()
        return ended

    async def run(self) -> None:
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), SECONDS_BETWEEN_TRIES)
            self._wake.clear()
            waiting, self._waiting = self._waiting, []
            try:
                await asyncio.to_thread(self._send_pending)
            except Exception:  # such as a database that restarts: the next round tries again
                _log.exception("purges of %s are delayed", self._url)
            for ended in waiting:
                if not ended.done():
                    ended.set_result(None)

    def _send_pending(self) -> None:
        """Send all that is pending, in requests of as many tags as one may have."""
        while True:
            with self._platform.database.reading() as connection:
                purge = outbox.pending(connection, self._url, MAX_TAGS)
            if purge is None:
                return
            failure = self._send(self._url, purge.tags)
            if failure and failure != self._failure:
                _log.warning("not purged at %s yet: %s", self._url, failure)
            self._failure = failure
            if failure:
                return
            with self._platform.database.writing() as connection:
                outbox.done(connection, purge)


def sender(secret: str) -> Send:
    """Sends one signed request, without a second try: the rows of the outbox remember it."""

    def send(url: str, tags: tuple[str, ...]) -> str | None:
        body = PurgeSelection(tags).to_body()
        signed = signed_headers(secret.encode(), body, time.time(), secrets.token_hex(16))
        headers = {"Content-Type": "application/json", **signed}
        answer = post(PostRequest(url + PURGE_PATH, body, headers))
        if answer.status is not None and 200 <= answer.status < 300:
            return None
        return f"the answer was {answer.status}" if answer.status else answer.failure or "no answer"

    return send
