"""The plan as a stage of the build: reads the pages of a site database, writes its decisions."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Mapping

from ssg.model.page import Wish
from ssg.model.settings import DeferredSettings
from ssg.plan.decide import Candidate, decide


def plan(
    connection: sqlite3.Connection,
    wishes: Mapping[int, Wish],
    settings: DeferredSettings,
    now: dt.datetime,
) -> None:
    """Decide for every page of the database, and write each decision with its reason there."""
    rows = connection.execute(
        "SELECT id, path, kind, source, parent_id, date_key, coalesce(nullif(language, ''), ?), "
        "id, deferred, ttl_seconds, reason FROM page ORDER BY id",
        _default_language(connection),
    )
    candidates, before = [], []
    for row in rows:
        candidates.append(Candidate._make(row[:7]))
        before.append(row[7:])
    decisions = decide(candidates, wishes, settings, now)
    connection.executemany(
        "UPDATE page SET deferred = ?, ttl_seconds = ?, reason = ? WHERE id = ?",
        (
            (*decision[1:], decision.page_id)
            for decision, known in zip(decisions, before, strict=True)
            if decision != known  # a copy of the last build's database has most of them already
        ),
    )


def _default_language(connection: sqlite3.Connection) -> tuple[str]:
    row: tuple[str] = connection.execute(
        "SELECT json_extract(value, '$.default_language') FROM meta WHERE key = 'settings'"
    ).fetchone()
    return row


def render_everything(connection: sqlite3.Connection, target: str) -> None:
    """The plan of a target that has no builder: every page is critical."""
    connection.execute(
        "UPDATE page SET deferred = 0, ttl_seconds = NULL, reason = ?",
        (f"target {target} renders every page",),
    )
