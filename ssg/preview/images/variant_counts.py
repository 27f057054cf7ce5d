"""Counts variants of pictures, and keeps the last ones, for the dashboard. Memory is bounded."""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from ssg.edge.events import VariantOutcome, VariantRecord

MAX_SHOWN = 100
MAX_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class NotedVariant:
    """A variant that was made, or could not be, and when."""

    at: float
    record: VariantRecord


class VariantCounts:
    """The variants since the start of the preview. Safe between threads."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._last: deque[NotedVariant] = deque(maxlen=MAX_SHOWN)
        self._counts: Counter[VariantOutcome] = Counter()
        self._milliseconds = 0.0
        self._lock = threading.Lock()

    @property
    def version(self) -> int:
        """A number that grows with each variant."""
        return sum(self._counts.values())

    def add(self, record: VariantRecord) -> None:
        """Count a variant."""
        shown = replace(record, problem=record.problem[:MAX_SHOWN_CHARACTERS])
        with self._lock:
            self._counts[record.outcome] += 1
            self._milliseconds += record.milliseconds
            self._last.appendleft(NotedVariant(self._now(), shown))

    def totals(self) -> Mapping[VariantOutcome, int]:
        """The number of variants by what became of them."""
        with self._lock:
            return dict(self._counts)

    def mean_milliseconds(self) -> float | None:
        """How long a variant took on average; None without one."""
        with self._lock:
            number = sum(self._counts.values())
            return self._milliseconds / number if number else None

    def newest(self) -> list[NotedVariant]:
        """The last variants, the newest first."""
        with self._lock:
            return list(self._last)
