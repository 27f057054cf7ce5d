"""Tells whether the plan of the previous build is still valid, so that it can be reused.

A plan depends on the rows of all pages, on what front matter and configuration say of deferring,
on the requests that rules with `popular` compare, and on the clock: a page may become old enough
for a rule.
"""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ssg.content.scan import Scan
from ssg.fingerprint.digest import digest_of
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.targets.target import Target


@dataclass(frozen=True, slots=True)
class PlanValidity:
    """The key of a plan, and the times between which it is valid, in seconds since 1970."""

    key: str
    since: float
    until: float

    def note(self) -> str:
        """A text for the next build."""
        return json.dumps([self.key, self.since, self.until])

    @classmethod
    def read(cls, note: str) -> PlanValidity | None:
        """Read a text of `note`; None if it is not one."""
        try:
            return cls(*json.loads(note))
        except (ValueError, TypeError):
            return None

    def is_valid(self, key: str, now: dt.datetime, scan: Scan) -> bool:
        """Whether the plan is valid for the pages of a scan."""
        patched = scan.changes.patched
        if scan.changes.is_restructured or patched.has_other_dates or patched.has_other_templates:
            return False
        return self.key == key and self.since <= now.timestamp() < self.until


def plan_key(
    target: Target, settings: DeferredSettings, scan: Scan, requests: Mapping[str, int]
) -> str:
    """The fingerprint of everything that decides a plan, except the pages and the time."""
    overrides = sorted((number, one.values) for number, one in scan.defer_overrides.items())
    counted = sorted(requests.items())
    return digest_of(target.name, target.defers, repr(settings), overrides, counted)


def next_change(
    connection: sqlite3.Connection, rules: Iterable[DeferRule], now: dt.datetime
) -> float:
    """The time at which the next page becomes old enough for a rule that defers it."""
    times = [float("inf")]
    for days in filter(None, (rule.older_than_days for rule in rules)):
        oldest = int(now.timestamp()) - days * SECONDS_PER_DAY
        query = "SELECT max(date_key) FROM page WHERE date_key <= ?"
        (key,) = connection.execute(query, (-oldest,)).fetchone()
        if key is not None:
            times.append(-key + days * SECONDS_PER_DAY)
    return min(times)
