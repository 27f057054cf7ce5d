"""Whether the plan of the build before is still right, so that nothing is decided again.

A plan depends on the rows of all pages, on what front matter and configuration say of deferring,
and on the clock: a page may become old enough for a rule.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from ssg.content.scan import Scan
from ssg.fingerprint.digest import digest_of
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.targets.target import Target


@dataclass(frozen=True, slots=True)
class PlanValidity:
    """What a plan was made of, and between which times it is right, in seconds since 1970."""

    key: str
    since: float
    until: float

    def note(self) -> str:
        """As a text for the next build."""
        return json.dumps([self.key, self.since, self.until])

    @classmethod
    def read(cls, note: str) -> PlanValidity | None:
        """From such a text; None if it is not one."""
        try:
            return cls(*json.loads(note))
        except (ValueError, TypeError):
            return None

    def holds(self, key: str, now: dt.datetime, found: Scan) -> bool:
        """Whether the plan is right for the pages that a scan found."""
        patched = found.changes.patched
        if found.changes.is_restructured or patched.has_other_dates or patched.has_other_templates:
            return False
        return self.key == key and self.since <= now.timestamp() < self.until


def plan_key(target: Target, settings: DeferredSettings, found: Scan) -> str:
    """The same for two plans that decide the same for the same pages at the same time."""
    overrides = sorted((number, repr(one)) for number, one in found.defer_overrides.items())
    return digest_of(target.name, target.defers, repr(settings), overrides)


def next_change(
    connection: sqlite3.Connection, rules: Iterable[DeferRule], now: dt.datetime
) -> float:
    """The time at which the next page is old enough for a rule that defers it."""
    times = [float("inf")]
    for days in filter(None, (rule.older_than_days for rule in rules)):
        oldest = int(now.timestamp()) - days * SECONDS_PER_DAY
        query = "SELECT max(date_key) FROM page WHERE date_key <= ?"
        (key,) = connection.execute(query, (-oldest,)).fetchone()
        if key is not None:
            times.append(-key + days * SECONDS_PER_DAY)
    return min(times)
