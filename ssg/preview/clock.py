"""A clock that can be set forward, to watch pages expire."""

from __future__ import annotations

import time
from collections.abc import Callable

from ssg.model.durations import SECONDS_PER_DAY

MAX_OFFSET_SECONDS = 366.0 * SECONDS_PER_DAY
"""The limit: a year is enough for every ttl, and no date leaves the calendar."""


class AdjustableClock:
    """The clock of the edge: the real time plus an offset. Safe between threads."""

    def __init__(self, real: Callable[[], float] = time.time) -> None:
        self._real = real
        self._offset_seconds = 0.0

    @property
    def offset_seconds(self) -> float:
        """How far it is ahead of the real time."""
        return self._offset_seconds

    def now(self) -> float:
        """Seconds since the epoch, with the offset."""
        return self._real() + self._offset_seconds

    def real_now(self) -> float:
        """Seconds since the epoch, without the offset."""
        return self._real()

    def advance(self, seconds: float) -> None:
        """Set the clock forward, up to the limit."""
        self._offset_seconds = min(MAX_OFFSET_SECONDS, self._offset_seconds + max(0.0, seconds))

    def reset(self) -> None:
        """Set the clock to the real time."""
        self._offset_seconds = 0.0
