"""What the dashboard reads and turns: the clock, the trap, the counters. Made once a preview."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ssg.edge.deployment import Deployment
from ssg.edge.events import Log, Record
from ssg.preview.clock import AdjustableClock
from ssg.preview.counters import Stats
from ssg.preview.fault_injection import Trap
from ssg.preview.watch import Rebuild


@dataclass(frozen=True, slots=True)
class Instruments:
    """Fitted around an edge: it goes by `clock`, tells `log`, and serves what `fit` returns."""

    clock: AdjustableClock
    trap: Trap
    stats: Stats

    @classmethod
    def new(cls, now: Callable[[], float] = time.time) -> Instruments:
        """Instruments at rest."""
        return cls(AdjustableClock(now), Trap(), Stats(now))

    def log(self, then: Log) -> Log:
        """Counts a record, and passes it on."""

        def both(record: Record) -> None:
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
