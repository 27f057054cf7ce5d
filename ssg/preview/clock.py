"""A clock that can be set forward, to watch pages expire."""

from __future__ import annotations

import time
from collections.abc import Callable

from ssg.model.durations import SECONDS_PER_DAY

MAX_OFFSET_SECONDS = 366.0 * SECONDS_PER_DAY
"""As far as it goes: a year shows every ttl expire, and no date leaves the calendar."""


class AdjustableClock:
    """The time that the edge goes by: the real time, and an offset. Safe between threads."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset_seconds = 0.0

    @property
    def offset_seconds(self) -> float:
        """How far ahead it is."""
        return self._offset_seconds

    def now(self) -> float:
        """Seconds since the epoch, as the edge sees them."""
        return self._real() + self._offset_seconds

    def real_now(self) -> float:
        """Seconds since the epoch, as they are."""
        return self._real()

    def jump(self, seconds: float) -> None:
        """Set it forward, up to the limit."""
        self._offset_seconds = min(MAX_OFFSET_SECONDS, self._offset_seconds + max(0.0, seconds))

    def reset(self) -> None:
        """Go back to the real time."""
        self._offset_seconds = 0.0
