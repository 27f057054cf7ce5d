"""What the dashboard reads and turns: the clock, the trap, the counters. Made once a preview."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ssg.edge.deployment import Deployment
from ssg.edge.events import EdgeLog, EdgeRecord
from ssg.preview.clock import AdjustableClock
from ssg.preview.counters import TrafficCounters
from ssg.preview.fault_injection import FaultInjector
from ssg.preview.watch import Rebuild


@dataclass(frozen=True, slots=True)
class DebugTools:
    """Fitted around an edge: it goes by `clock`, tells `log`, and serves what `fit` returns."""

    clock: AdjustableClock
    trap: FaultInjector
    stats: TrafficCounters

    @classmethod
    def new(cls, now: Callable[[], float] = time.time) -> DebugTools:
        """Instruments at rest."""
        return cls(AdjustableClock(now), FaultInjector(), TrafficCounters(now))

    def log(self, then: EdgeLog) -> EdgeLog:
        """Counts a record, and passes it on."""

        def both(record: EdgeRecord) -> None:
            self.stats.record(record)
            then(record)

        return both

    def fit(self, deployment: Deployment) -> Deployment:
        """The deployment with the trap before its builder. Its pages have not failed yet."""
        self.stats.new_build()
        return replace(deployment, answer=self.trap.around(deployment.answer))

    def fitted(self, rebuild: Rebuild) -> Rebuild:
        """`rebuild`, each build of it fitted."""
        return lambda changed: self.fit(rebuild(changed))
