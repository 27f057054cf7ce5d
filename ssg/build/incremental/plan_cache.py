"""Whether the plan of the build before still stands, so that nothing need be decided again.

A plan hangs on the rows of all pages, on what front matter and configuration say of deferring, and
on the clock: a page may grow old enough for a rule.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.content.scan import Scan
from ssg.model.durations import SECONDS_PER_DAY
from ssg.model.page import Template
from ssg.model.queries.site import Site
from ssg.model.settings import DeferredSettings, DeferRule
from ssg.targets.target import Target

NOTE = "plan"
"""Its name among what a build leaves to know."""


def code_of_templates(before: Path, now: Site) -> list[Template] | None:
    """The templates of a site with their code, where the build before compiled the same ones.

    None if any of them is another, or if code of the site's own is, which may bring filters.
    """
    with contextlib.closing(Site.open(before)) as site:
        if [site.module(name) for name in site.module_names()] != [
            now.module(name) for name in now.module_names()
        ]:
            return None
        known, wanted = site.templates(), now.templates()
    if [replace(one, code=None) for one in known] != [replace(one, code=None) for one in wanted]:
        return None
    return known if all(one.code is not None for one in known) else None


@dataclass(frozen=True, slots=True)
class Settled:
    """What a plan was made of, and between which hours it stands."""

    key: str
    since: float
    until: float

    def note(self) -> str:
        return json.dumps([self.key, self.since, self.until])

    @classmethod
    def read(cls, notes: Mapping[str, str]) -> Settled | None:
        try:
            return cls(*json.loads(notes[NOTE]))
        except (LookupError, ValueError, TypeError):
            return None

    def stands(self, key: str, now: dt.datetime, found: Scan) -> bool:
        """Whether it is right for the pages that a scan found."""
        touched = found.changes.touched
        if found.changes.is_reshaped or touched.is_dated or touched.is_recast or self.key != key:
            return False
        return self.since <= now.timestamp() < self.until


def plan_key(target: Target, settings: DeferredSettings, found: Scan) -> str:
    """The same for two plans that decide the same for the same pages at the same time."""
    defer_overrides = sorted(
        (number, repr(defer_override)) for number, defer_override in found.defer_overrides.items()
    )
    parts = repr((target.name, target.defers, settings, defer_overrides))
    return hashlib.blake2b(parts.encode(), digest_size=16).hexdigest()


def next_turn(
    connection: sqlite3.Connection, rules: Iterable[DeferRule], now: dt.datetime
) -> float:
    """When the next page will be old enough for a rule that defers it."""
    turns = [float("inf")]
    for days in filter(None, (rule.older_than_days for rule in rules)):
        oldest = int(now.timestamp()) - days * SECONDS_PER_DAY
        query = "SELECT max(date_key) FROM page WHERE date_key <= ?"
        (key,) = connection.execute(query, (-oldest,)).fetchone()
        if key is not None:
            turns.append(-key + days * SECONDS_PER_DAY)
    return min(turns)
