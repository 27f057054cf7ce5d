"""Makes a render fail on purpose, to see that the last good page stays."""

from __future__ import annotations

import threading

from ssg.edge.cache import BuilderFunction
from ssg.edge.error_page import error_entry
from ssg.runtime.http import Failure, Request, Response

MESSAGE = "made to fail from the dashboard"


class FaultInjector:
    """A failure that waits for the next render. Safe between threads."""

    def __init__(self) -> None:
        self._armed = False
        self._lock = threading.Lock()

    @property
    def armed(self) -> bool:
        """Whether the next render fails."""
        return self._armed

    def set(self, armed: bool) -> None:
        """Let the next render fail, or not."""
        with self._lock:
            self._armed = armed

    def around(self, answer: BuilderFunction) -> BuilderFunction:
        """`answer`, but for the one call that falls into the trap."""

        def guarded(request: Request) -> Response:
            return failed() if self._spring() else answer(request)

        return guarded

    def _spring(self) -> bool:
        with self._lock:
            sprung, self._armed = self._armed, False
            return sprung


def failed() -> Response:
    """What a builder answers whose template is broken."""
    entry = error_entry(500, "This page cannot be shown right now", "Please try again in a moment.")
    return Response(500, entry.body, entry.headers, failure=Failure(MESSAGE))
