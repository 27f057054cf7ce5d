"""The plan as a stage of the build: reads pages from a site database and writes decisions."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from types import MappingProxyType
from typing import Any

from ssg.model.page import DeferOverride
from ssg.model.settings import DeferredSettings
from ssg.plan.decide import PlanCandidate, PlanDecision, decide

_CANDIDATES = """
SELECT id, coalesce(source, trim(path, '/')), kind, parent_id, date_key, language,
  kind = 'section' AND template = '', 0
FROM page ORDER BY id
"""
_PATHS = "SELECT path FROM page ORDER BY id"

NO_REQUESTS: Mapping[str, int] = MappingProxyType({})

_COLUMNS = ", ".join(PlanDecision._fields)
_VALUES = ", ".join(f":{name}" for name in PlanDecision._fields)
_DECIDED = f"""
UPDATE page SET ({_COLUMNS}) = ({_VALUES})
WHERE id BETWEEN :first AND :last AND ({_COLUMNS}) IS NOT ({_VALUES})
"""  # noqa: S608 our own names
"""A row that has the decision already stays untouched, as in a copy of the previous database."""


def plan(
    connection: sqlite3.Connection,
    defer_overrides: Mapping[int, DeferOverride],
    settings: DeferredSettings,
    now: dt.datetime,
    requests: Mapping[str, int] = NO_REQUESTS,
) -> None:
    """Decide for each page of the database, and store the decision with its reason.

    `requests` are those for each path in the logs that were counted.
    """
    candidates = [PlanCandidate._make(row) for row in connection.execute(_CANDIDATES)]
    if requests:
        paths = connection.execute(_PATHS)
        candidates = [
            page._replace(requests=requests.get(path, 0))
            for page, (path,) in zip(candidates, paths, strict=True)
        ]
    decisions = decide(candidates, defer_overrides, settings, now, _default_language(connection))
    connection.executemany(_DECIDED, _runs(candidates, decisions))


def _runs(
    candidates: Sequence[PlanCandidate], decisions: Iterable[PlanDecision]
) -> Iterator[dict[str, Any]]:
    """Runs of pages with one decision; they are often thousands of pages long."""
    pairs = zip(decisions, candidates, strict=True)
    for decision, run in groupby(pairs, key=itemgetter(0)):
        ids = [page.id for _, page in run]
        yield {**decision._asdict(), "first": ids[0], "last": ids[-1]}


def _default_language(connection: sqlite3.Connection) -> str:
    row: tuple[str] = connection.execute(
        "SELECT json_extract(value, '$.default_language') FROM meta WHERE key = 'settings'"
    ).fetchone()
    return row[0]


def render_everything(connection: sqlite3.Connection, target: str) -> None:
    """The plan for a target without a builder: every page is critical."""
    connection.execute(
        "UPDATE page SET deferred = 0, ttl_seconds = NULL, stale_seconds = NULL, cache_tags = '', "
        "reason = ?",
        (f"target {target} renders every page",),
    )
