"""Make sources of data fail on purpose: as if they were away, slow, or had nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum

from ssg.model.live.data_request import DataAnswer, DataRequest
from ssg.model.live.data_source import DEFAULT_TIMEOUT_SECONDS, DataSource
from ssg.runtime.rounds import BringData
from ssg.sources.source_shell import Observer

SLOW_SECONDS = 3.0
"""How much longer a slow source takes."""


class SourceFault(StrEnum):
    """What is wrong with a source."""

    DOWN = "down"
    SLOW = "slow"
    MISSING = "missing"
    """It answers 404 to everything."""


class SourceFaults:
    """The faults of sources, by name. Safe between threads."""

    def __init__(self, sleep: Callable[[float], None] = time.sleep) -> None:
        self._faults: dict[str, SourceFault] = {}
        self._sleep = sleep
        self._lock = threading.Lock()

    def of(self, source: str) -> SourceFault | None:
        """The fault of a source; None if it is asked as usual."""
        return self._faults.get(source)

    def set(self, source: str, fault: SourceFault | None) -> None:
        """Make a source fail in this way, or ask it as usual."""
        with self._lock:
            if fault is None:
                self._faults.pop(source, None)
            else:
                self._faults[source] = fault

    def wrap(
        self, bring: BringData, sources: Mapping[str, DataSource], observe: Observer
    ) -> BringData:
        """What answers as the faults say, which `observe` is told, and else as `bring` does."""

        def bring_or_fail(requests: Iterable[DataRequest]) -> dict[DataRequest, DataAnswer]:
            asked = list(dict.fromkeys(requests))
            if not self._faults:
                return dict(bring(asked))
            limits = [_seconds(sources, one) for one in asked if self._is(one, SourceFault.SLOW)]
            if limits:
                self._sleep(min(SLOW_SECONDS, max(limits)))
            failed = {one: answer for one in asked if (answer := self._answer(one, sources))}
            for request, answer in failed.items():
                observe(request, answer, 0.0)
            return {**failed, **bring([one for one in asked if one not in failed])}

        return bring_or_fail

    def _is(self, request: DataRequest, fault: SourceFault) -> bool:
        return self._faults.get(request.source) is fault

    def _answer(self, request: DataRequest, sources: Mapping[str, DataSource]) -> DataAnswer | None:
        """The answer of a source that is not asked; None if it is."""
        name, limit = request.source, _seconds(sources, request)
        if self._is(request, SourceFault.DOWN):
            return DataAnswer(0, problem=f"{name} is down: so says the dashboard")
        if self._is(request, SourceFault.MISSING):
            return DataAnswer(404)
        if self._is(request, SourceFault.SLOW) and limit <= SLOW_SECONDS:
            return DataAnswer(
                0, problem=f"{name} took longer than {limit} s: so says the dashboard"
            )
        return None


def _seconds(sources: Mapping[str, DataSource], request: DataRequest) -> int:
    source = sources.get(request.source)
    return source.timeout_seconds if source else DEFAULT_TIMEOUT_SECONDS
