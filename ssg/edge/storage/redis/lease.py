"""Leases, and who has read a line of the log: pure values."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ssg.edge.purge_index import LogPosition

LOG_FIELD = ":log"
SETTLED_FIELD = ":settled"
_CLOCK = getattr(time, "CLOCK_BOOTTIME", None)  # counts the time that a machine sleeps, too


def lease_clock() -> float:
    """Seconds on a clock that is never set, and does not stop while the machine sleeps."""
    return time.monotonic() if _CLOCK is None else time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class LeaseTimes:
    """How long leases last, in seconds: the same for all servers, which rely on it.

    A version of ssg with other times needs another number of the format (`disk_store`).
    """

    lease: float = 2.0
    margin: float = 0.2
    """What a purge waits beyond a lease: clocks of machines run at slightly different speed."""
    beat: float = 0.4
    """The follower renews the lease so often."""
    retry: float = 0.5
    """The follower tries so often while Redis is away."""

    @property
    def end_of_all(self) -> float:
        """After this time, every lease has ended that was not renewed meanwhile."""
        return self.lease + self.margin


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to answer from what is known, until a moment of `lease_clock`."""

    until: float = -math.inf

    def renewed(self, sent_at: float, times: LeaseTimes) -> Lease:
        """The lease after a message that was sent then was answered, however late."""
        return Lease(max(self.until, sent_at + times.lease))

    def holds(self, now: float) -> bool:
        """Whether it has not ended."""
        return now < self.until


@dataclass(frozen=True, slots=True)
class ServerList:
    """The hash `servers`: what each server has read."""

    generation: str
    is_settled: bool
    """Whether all leases of earlier generations have ended."""
    rows: Mapping[str, str]

    @classmethod
    def of(cls, fields: Mapping[bytes, bytes]) -> Self:
        """Read the fields of the hash."""
        texts = {name.decode("utf-8", "replace"): value for name, value in fields.items()}
        generation = texts.pop(LOG_FIELD, b"").decode("utf-8", "replace")
        is_settled = texts.pop(SETTLED_FIELD, None) == b"1"
        rows = {name: value.decode("utf-8", "replace") for name, value in texts.items()}
        return cls(generation, is_settled, rows)

    def behind(self, end: LogPosition, own: str) -> dict[str, str]:
        """The rows of the other servers that have not read up to a position."""
        rows = self.rows.items()
        return {name: row for name, row in rows if name != own and not _has_read(row, end)}

    def has_all_read(self, end: LogPosition, own: str) -> bool:
        """Whether every server with a lease has read up to a position."""
        return self.is_settled and self.generation == end.generation and not self.behind(end, own)


def _has_read(row: str, end: LogPosition) -> bool:
    """Whether a row says so: generation, offset, number of beats."""
    generation, _, rest = row.partition(" ")
    offset = rest.partition(" ")[0]
    return generation == end.generation and offset.isdecimal() and int(offset) >= end.offset
