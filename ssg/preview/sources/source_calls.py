"""The last requests to sources of data, for the dashboard. Their memory is bounded."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace

from ssg.edge.events import SourceRecord

MAX_CALLS = 100
MAX_SHOWN_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class SourceCall:
    """A request to a source. `asked` is its path, or its query with the values."""

    at: float
    record: SourceRecord
    asked: str


class SourceCalls:
    """The last calls, the newest first. Safe between threads."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._calls: deque[SourceCall] = deque(maxlen=MAX_CALLS)
        self._version = 0
        self._lock = threading.Lock()

    @property
    def version(self) -> int:
        """A number that grows with each call."""
        return self._version

    def add(self, record: SourceRecord) -> None:
        """Note a call."""
        problem = record.problem[:MAX_SHOWN_CHARACTERS]
        asked = str(record.request).removeprefix(f"{record.request.source}: ")
        call = SourceCall(self._now(), replace(record, problem=problem), asked)
        shown = replace(call, asked=asked[:MAX_SHOWN_CHARACTERS])
        with self._lock:
            self._version += 1
            self._calls.appendleft(shown)

    def newest(self) -> list[SourceCall]:
        """The calls that are kept."""
        with self._lock:
            return list(self._calls)
