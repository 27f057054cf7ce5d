"""The tools of the dashboard: an adjustable clock, faults on purpose, and counters."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from ssg.edge.events import EdgeLog, EdgeRecord, SourceRecord, VariantRecord
from ssg.preview.clock import AdjustableClock
from ssg.preview.counters import TrafficCounters
from ssg.preview.deployment import PreviewDeployment
from ssg.preview.fault_injection import FaultInjector
from ssg.preview.images.variant_counts import VariantCounts
from ssg.preview.sources.source_calls import SourceCalls
from ssg.preview.sources.source_faults import SourceFaults
from ssg.preview.watch import Rebuild


@dataclass(frozen=True, slots=True)
class DebugTools:
    """The tools of one preview. Its edge uses `clock` and `log`, and serves instrumented builds."""

    clock: AdjustableClock
    fault: FaultInjector
    counters: TrafficCounters
    source_faults: SourceFaults
    source_calls: SourceCalls
    variants: VariantCounts

    @classmethod
    def new(cls, now: Callable[[], float] = time.time) -> DebugTools:
        """Make tools that change nothing yet."""
        clock, counters = AdjustableClock(now), TrafficCounters(now)
        calls, variants = SourceCalls(now), VariantCounts(now)
        return cls(clock, FaultInjector(), counters, SourceFaults(), calls, variants)

    def log(self, then: EdgeLog) -> EdgeLog:
        """Return a log that counts each record and passes it on."""

        def both(record: EdgeRecord) -> None:
            self.counters.record(record)
            if isinstance(record, SourceRecord):
                self.source_calls.add(record)
            elif isinstance(record, VariantRecord):
                self.variants.add(record)
            then(record)

        return both

    def instrument(self, deployment: PreviewDeployment) -> PreviewDeployment:
        """Put the fault injector in front of the builder, and forget failures of earlier builds."""
        self.counters.new_build()
        answer = self.fault.wrap(deployment.answer, deployment.deferred_headers)
        return replace(deployment, answer=answer)

    def instrument_builds(self, rebuild: Rebuild) -> Rebuild:
        """Instrument every deployment that `rebuild` returns."""
        return lambda changed: self.instrument(rebuild(changed))
