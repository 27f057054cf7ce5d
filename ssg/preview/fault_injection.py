"""Make a render fail on purpose, to see that the last good page stays in the cache."""

from __future__ import annotations

import threading

from ssg.edge.cache import BuilderFunction
from ssg.edge.error_page import error_entry
from ssg.runtime.http import Failure, Request, Response

MESSAGE = "made to fail from the dashboard"


class FaultInjector:
    """Fails the next render once it is armed. Safe between threads."""

    def __init__(self) -> None:
        self._armed = False
        self._lock = threading.Lock()

    @property
    def armed(self) -> bool:
        """Whether the next render fails."""
        return self._armed

    def arm(self, armed: bool) -> None:
        """Make the next render fail, or cancel that."""
        with self._lock:
            self._armed = armed

    def wrap(self, answer: BuilderFunction) -> BuilderFunction:
        """Return a builder that fails when armed, and calls `answer` otherwise."""

        def failing_or_answering(request: Request) -> Response:
            return failed_response() if self._disarm() else answer(request)

        return failing_or_answering

    def _disarm(self) -> bool:
        """Cancel the failure; returns whether it was armed."""
        with self._lock:
            was_armed, self._armed = self._armed, False
            return was_armed


def failed_response() -> Response:
    """The response of a builder whose template is broken."""
    entry = error_entry(500, "This page cannot be shown right now", "Please try again in a moment.")
    return Response(500, entry.body, entry.headers, failure=Failure(MESSAGE))
