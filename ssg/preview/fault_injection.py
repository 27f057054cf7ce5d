"""Make a render fail on purpose, to see that the last good page stays in the cache."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from ssg.edge.cache import BuilderFunction
from ssg.edge.error_page import error_entry
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.site_headers import with_site_headers
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

    def wrap(self, answer: BuilderFunction, headers: Sequence[HeaderRule] = ()) -> BuilderFunction:
        """Return a builder that fails when armed, and calls `answer` otherwise."""

        def failing_or_answering(request: Request) -> Response:
            if not self._disarm():
                return answer(request)
            return with_site_headers(failed_response(), request.path, headers)

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
