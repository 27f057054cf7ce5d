"""Tell open pages which build is served, so that they reload after a change.

Theory of operation. `overlay` puts a script tag into each HTML page when it is sent; nothing of
it is cached. The tag names the build of the page. The script (`live.js`) opens a stream of
server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). The first
event carries the present state, each later one a change of it: the build that is served now, and
the problems of the last rebuild if it failed. When the build is not that of the page, the script
reloads the page, or swaps only its style sheets if no other file differs. Problems are drawn
over the page. An event is a state and not a change, so a listener that misses some of them, or
connects again after a restart, ends up in the right state.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from ssg.model.errors import Problem
from ssg.runtime.http import Failure

EVENTS_PATH = "/__ssg/events"
SCRIPT_PATH = "/__ssg/live.js"
SCRIPT = Path(__file__).with_name("live.js").read_bytes()
PING_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem as the browser shows it."""

    message: str
    where: str = ""
    hint: str = ""

    @classmethod
    def of(cls, problem: Problem) -> ShownProblem:
        """Convert a problem of the build."""
        return cls(problem.full_message, str(problem.where or ""), problem.hint or "")

    @classmethod
    def of_failure(cls, failure: Failure) -> ShownProblem:
        """Convert the failure of one page."""
        parts = [str(part) for part in (failure.template, failure.line) if part is not None]
        return cls(failure.message, ":".join(parts))


@dataclass(frozen=True, slots=True)
class ReloadEvent:
    """What the browser is told: the build served now, and why there is no newer one."""

    build_id: str | None
    problems: tuple[ShownProblem, ...] = ()
    styles_since: str | None = None
    """The build that differs from this one only in style sheets, if there is one."""

    def encode(self) -> bytes:
        """Encode as a server-sent event."""
        data = json.dumps(
            {
                "build": self.build_id,
                "stylesSince": self.styles_since,
                "problems": [asdict(problem) for problem in self.problems],
            }
        )
        return f"event: build\ndata: {data}\n\n".encode()


class ReloadEvents:
    """The event streams of all open pages. `send` and `close` may be called from any thread."""

    def __init__(self, first: ReloadEvent, ping_seconds: float = PING_SECONDS) -> None:
        self._current = first
        self._ping_seconds = ping_seconds
        self._closed = False
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    @property
    def current(self) -> ReloadEvent:
        """The event sent last."""
        return self._current

    def send(self, event: ReloadEvent) -> None:
        """Send an event to the open pages, and to those opened later."""
        self._current = event
        self._wake()

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._closed = True
        self._wake()

    async def stream(self) -> AsyncIterator[bytes]:
        """Yield the events for one page: the present state first, then each change."""
        listener = (asyncio.get_running_loop(), asyncio.Event())
        with self._lock:
            self._listeners.add(listener)
        try:
            yield f"retry: {RETRY_MILLISECONDS}\n\n".encode()
            async for chunk in self._changes(listener[1]):
                yield chunk
        finally:
            with self._lock:
                self._listeners.discard(listener)

    async def _changes(self, woken: asyncio.Event) -> AsyncIterator[bytes]:
        sent: ReloadEvent | None = None
        while not self._closed:
            woken.clear()
            current = self._current
            if current is not sent:
                sent = current
                yield current.encode()
                continue
            try:
                await asyncio.wait_for(woken.wait(), self._ping_seconds)
            except TimeoutError:
                yield b": ping\n\n"  # only a write shows that the reader has left

    def _wake(self) -> None:
        with self._lock:
            for loop, woken in self._listeners:
                with suppress(RuntimeError):  # the loop has been closed
                    loop.call_soon_threadsafe(woken.set)
