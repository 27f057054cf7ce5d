"""Live reload: pages of the preview follow the build.

Each HTML response gets a script tag at serve time; nothing of it is stored. The script listens to
server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html) that name the
build now served and, while a rebuild has failed, its problems.
"""

from __future__ import annotations

import asyncio
import json
import threading
import zlib
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from markupsafe import escape

from ssg.model.errors import Problem
from ssg.runtime.http import Failure

PREFIX = "/__ssg/"
EVENTS_PATH = "/__ssg/events"
SCRIPT_PATH = "/__ssg/live.js"
SCRIPT = Path(__file__).with_name("live.js").read_bytes()
PING_SECONDS = 15.0
RETRY_MILLISECONDS = 1000


@dataclass(frozen=True, slots=True)
class ShownProblem:
    """A problem as the browser draws it."""

    message: str
    where: str = ""
    hint: str = ""

    @classmethod
    def of(cls, problem: Problem) -> ShownProblem:
        """A problem of the build."""
        return cls(problem.full_message, str(problem.where or ""), problem.hint or "")

    @classmethod
    def of_failure(cls, failure: Failure) -> ShownProblem:
        """Why one page could not be rendered."""
        parts = [str(part) for part in (failure.template, failure.line) if part is not None]
        return cls(failure.message, ":".join(parts))


@dataclass(frozen=True, slots=True)
class ReloadEvent:
    """What the browser is told: the build now served, and why there is no newer one.

    `styles_since`: the build that differs from this one in stylesheets only, if one does.
    """

    build_id: str | None
    problems: tuple[ShownProblem, ...] = ()
    styles_since: str | None = None

    def event(self) -> bytes:
        """As a server-sent event."""
        data = json.dumps(
            {
                "build": self.build_id,
                "stylesSince": self.styles_since,
                "problems": [asdict(problem) for problem in self.problems],
            }
        )
        return f"event: build\ndata: {data}\n\n".encode()


class ReloadEvents:
    """Tells every open page what is served now. `announce` and `close` may come from any thread."""

    def __init__(self, first: ReloadEvent, ping_seconds: float = PING_SECONDS) -> None:
        self._current = first
        self._ping_seconds = ping_seconds
        self._closed = False
        self._listeners: set[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = set()
        self._lock = threading.Lock()

    @property
    def current(self) -> ReloadEvent:
        """What was announced last."""
        return self._current

    def announce(self, announcement: ReloadEvent) -> None:
        """Tell the open pages, and those that open later."""
        self._current = announcement
        self._wake()

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        self._closed = True
        self._wake()

    async def stream(self) -> AsyncIterator[bytes]:
        """The events for one page: the present state first, then each change."""
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
        told: ReloadEvent | None = None
        while not self._closed:
            woken.clear()
            current = self._current
            if current is not told:
                told = current
                yield current.event()
                continue
            try:
                await asyncio.wait_for(woken.wait(), self._ping_seconds)
            except TimeoutError:
                yield b": ping\n\n"  # a write is the only way to see that the reader has gone

    def _wake(self) -> None:
        with self._lock:
            for loop, woken in self._listeners:
                with suppress(RuntimeError):  # that loop has ended
                    loop.call_soon_threadsafe(woken.set)


def script_tag(
    build_id: str | None, problems: Iterable[ShownProblem] = (), mark: str | None = None
) -> bytes:
    """The tag that goes into a page of this build; `problems` are those of the page itself.

    `mark`: why the site's visitors would not get this page. The script shows it as a badge.
    """
    shown = [asdict(problem) for problem in problems]
    extra = f' data-problems="{escape(json.dumps(shown))}"' if shown else ""
    extra += f' data-mark="{escape(mark)}"' if mark else ""
    build = f'data-build="{escape(build_id or "")}"'
    return f'<script src="{SCRIPT_PATH}" {build}{extra}></script>'.encode()


def inject(body: bytes, tag: bytes) -> bytes:
    """A page with the tag just before its last `</body>`, or at its end."""
    place = body.rfind(b"</body>")
    if place < 0:
        place = body.lower().rfind(b"</body")
    if place < 0:
        place = len(body)
    return body[:place] + tag + body[place:]


def injected_etag(etag: str, tag: bytes) -> str:
    """The validator of a page with the tag in it: another tag, another ETag."""
    return f'{etag[:-1]}-{zlib.crc32(tag):08x}"'
