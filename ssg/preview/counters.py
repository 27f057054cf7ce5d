"""Counters of the preview, fed by the records of the edge. Their memory is bounded.

They count requests by outcome in a ring of time bins, renders by duration in a fixed histogram,
and requests and renders of the paths seen last. A path that does not exist has no counters of
its own: a crawler that follows dead links would evict those of the site's pages.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from ssg.edge.events import (
    AccessRecord,
    AnswerSource,
    EdgeRecord,
    Notice,
    RenderRecord,
    SourceRecord,
    VariantRecord,
)
from ssg.edge.policy import FAILURES
from ssg.runtime.http import Failure

BIN_SECONDS = 10
BIN_COUNT = 60
MAX_PATHS = 10_000
MAX_PATH_CHARACTERS = 1024
MAX_MESSAGE_CHARACTERS = 2000
RENDER_LIMITS_MS: Final = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
"""Upper bounds of the histogram's bins; one more bin has no bound."""


class RequestOutcome(StrEnum):
    """What a visitor got, as the dashboard names it."""

    HIT = "hit"
    MISS = "miss"
    STALE = "stale"
    FILE = "file"
    REDIRECT = "redirect"
    NOT_FOUND = "404"
    ERROR = "error"


_OUTCOMES: Final = {
    AnswerSource.HIT: RequestOutcome.HIT,
    AnswerSource.STALE: RequestOutcome.STALE,
    AnswerSource.REFRESH: RequestOutcome.STALE,
    AnswerSource.MISS: RequestOutcome.MISS,
    AnswerSource.COLLAPSED: RequestOutcome.MISS,
    AnswerSource.DRAFT: RequestOutcome.MISS,
    AnswerSource.FILE: RequestOutcome.FILE,
    AnswerSource.REDIRECT: RequestOutcome.REDIRECT,
}
_SERVED: Final = frozenset({RequestOutcome.HIT, RequestOutcome.STALE, RequestOutcome.FILE})


def outcome_of(record: AccessRecord) -> RequestOutcome:
    """The outcome of a request. A 404 or a failure is one from any source."""
    if record.status == 404:
        return RequestOutcome.NOT_FOUND
    if record.status >= 500 or record.status == 0:
        return RequestOutcome.ERROR
    return _OUTCOMES.get(record.source, RequestOutcome.ERROR)


@dataclass(frozen=True, slots=True)
class PathCounters:
    """Counters of one path since the preview started."""

    renders: int = 0
    hits: int = 0
    """Answers without a render: from the cache, or a file."""
    last_render_ms: float | None = None
    failure: Failure | None = None
    """Why the last render of this build failed; None if it did not."""


@dataclass(frozen=True, slots=True)
class TimeBin:
    """The requests of one period, in the order of `RequestOutcome`."""

    started_at: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RenderHistogram:
    """Renders by duration: one count for each bound of `RENDER_LIMITS_MS`, and one above them."""

    counts: tuple[int, ...]
    total_ms: float
    longest_ms: float

    @property
    def renders(self) -> int:
        """The number of all renders."""
        return sum(self.counts)


@dataclass(slots=True)
class _Totals:
    """The counters that are not of one path."""

    bins: deque[tuple[int, list[int]]] = field(default_factory=lambda: deque(maxlen=BIN_COUNT))
    totals: list[int] = field(default_factory=lambda: [0] * len(RequestOutcome))
    renders: list[int] = field(default_factory=lambda: [0] * (len(RENDER_LIMITS_MS) + 1))
    total_ms: float = 0.0
    longest_ms: float = 0.0


_NUMBERS: Final = {outcome: number for number, outcome in enumerate(RequestOutcome)}


class TrafficCounters:
    """The counters. Safe between threads. `now` is the real time, whatever clock the edge uses."""

    def __init__(self, now: Callable[[], float], max_paths: int = MAX_PATHS) -> None:
        self._now = now
        self._max_paths = max_paths
        self._counts = _Totals()
        self._by_path: OrderedDict[str, PathCounters] = OrderedDict()
        self._version = 0
        self._lock = threading.Lock()

    @property
    def version(self) -> int:
        """A number that grows with each record."""
        return self._version

    def record(self, record: EdgeRecord) -> None:
        """Count a record of the edge."""
        if isinstance(record, Notice | SourceRecord | VariantRecord):
            return
        with self._lock:
            self._version += 1
            if isinstance(record, AccessRecord):
                self._count_access(record, outcome_of(record))
            else:
                self._count_render(record)

    def new_build(self) -> None:
        """Forget the failures of the build before."""
        with self._lock:
            self._version += 1
            for path, counters in self._by_path.items():
                if counters.failure:
                    self._by_path[path] = replace(counters, failure=None)

    # -- what is counted ---------------------------------------------------------------------

    def totals(self) -> dict[RequestOutcome, int]:
        """Requests by outcome since the start."""
        with self._lock:
            return dict(zip(RequestOutcome, self._counts.totals, strict=True))

    def timeline(self) -> tuple[TimeBin, ...]:
        """The last `BIN_COUNT` bins, oldest first; bins without requests are zero."""
        with self._lock:
            known = {number: tuple(counts) for number, counts in self._counts.bins}
        last, quiet = self._bin(), (0,) * len(RequestOutcome)
        numbers = range(last - BIN_COUNT + 1, last + 1)
        return tuple(TimeBin(number * BIN_SECONDS, known.get(number, quiet)) for number in numbers)

    def histogram(self) -> RenderHistogram:
        """Renders by duration since the start."""
        with self._lock:
            counts = self._counts
            return RenderHistogram(tuple(counts.renders), counts.total_ms, counts.longest_ms)

    def of_path(self, path: str) -> PathCounters:
        """The counters of a percent-encoded path."""
        return self._by_path.get(path, PathCounters())

    def by_path(self) -> dict[str, PathCounters]:
        """The counters of all paths seen last."""
        with self._lock:
            return dict(self._by_path)

    def failing(self) -> list[str]:
        """The paths whose last render failed."""
        return [path for path, counters in self.by_path().items() if counters.failure]

    # -- counting ----------------------------------------------------------------------------

    def _bin(self) -> int:
        return int(self._now() // BIN_SECONDS)

    def _count_access(self, record: AccessRecord, outcome: RequestOutcome) -> None:
        number = _NUMBERS[outcome]
        self._counts.totals[number] += 1
        self._open_bin()[number] += 1
        if outcome in _SERVED:
            counters = self.of_path(record.path)
            self._keep(record.path, replace(counters, hits=counters.hits + 1))

    def _open_bin(self) -> list[int]:
        """Return the current bin; a clock set back continues with the newest one."""
        number, bins = self._bin(), self._counts.bins
        if not bins or bins[-1][0] < number:
            bins.append((number, [0] * len(RequestOutcome)))
        return bins[-1][1]

    def _count_render(self, record: RenderRecord) -> None:
        counts, milliseconds = self._counts, record.milliseconds
        counts.renders[bisect_left(RENDER_LIMITS_MS, milliseconds)] += 1
        counts.total_ms += milliseconds
        counts.longest_ms = max(counts.longest_ms, milliseconds)
        if record.status != 404:
            renders = self.of_path(record.path).renders + 1
            self._keep(
                record.path,
                replace(
                    self.of_path(record.path),
                    renders=renders,
                    last_render_ms=milliseconds,
                    failure=failure_of(record),
                ),
            )

    def _keep(self, path: str, counters: PathCounters) -> None:
        """Keep the counters of a path, and evict those not changed for longest."""
        if len(path) > MAX_PATH_CHARACTERS:
            return
        self._by_path[path] = counters
        self._by_path.move_to_end(path)
        if len(self._by_path) > self._max_paths:
            self._by_path.popitem(last=False)


def failure_of(record: RenderRecord) -> Failure | None:
    """Why a page was not stored, if that is a failure, with a message of bounded length."""
    if record.verdict not in FAILURES:
        return None
    failure = record.failure or Failure(f"the function answered with status {record.status}")
    return replace(failure, message=failure.message[:MAX_MESSAGE_CHARACTERS])
