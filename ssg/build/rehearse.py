"""Which deferred pages a build renders all the same, so that no deploy ships one that must fail.

One page of each template is rendered, and each page whose text could fail by itself: it calls a
shortcode, numbers lines of code, or links to a source or a part of one that is not there. So is one
page for each render hook.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ssg.build.judge import JUDGED, Ids, Judge, Verdict
from ssg.build.recorder import Recorder, Renders
from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError

__all__ = ["JUDGED", "Wanted", "pages_to_rehearse", "rehearse"]

RUN = 2048
"""So many pages, by their ids, are judged together."""

Spread = Callable[[Callable[[Ids], Verdict], Iterable[Ids]], Iterable[Verdict]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which deferred pages a build has to look at: all, where it knows of no build before."""

    texts: Collection[str] | None = None
    """Pages whose texts are to be judged. None: all."""
    again: Collection[str] = ()
    """Pages that were rehearsed before, and ask for something that has another answer by now."""
    known: Collection[str] = ()
    """Pages whose renders hold."""


def rehearse(
    database: Path, wanted: Wanted = Wanted(), spread: Spread = map
) -> tuple[list[Problem], Renders]:
    """Problems of deferred pages that could not be rendered on a visitor's request.

    `spread` calls a function with each of some values, in other processes maybe.
    """
    recorder = Recorder(database)
    problems: list[Problem] = []
    page_ids, renders = pages_to_rehearse(database, wanted, spread)
    for page_id in page_ids:
        try:
            recorder.render(recorder.site.page_by_id(page_id))
        except RenderError as error:
            problems += error.problems
    recorder.close()
    renders.add(recorder.taken())
    return problems, renders


def pages_to_rehearse(
    database: Path, wanted: Wanted = Wanted(), spread: Spread = map
) -> tuple[list[int], Renders]:
    """Ids of the deferred pages to try, and what it took to choose them."""
    renders, tried = Renders(), set[str]()
    with contextlib.closing(open_readonly(database)) as connection:
        found = set(_samples(connection, wanted))
        orders = list(_orders(connection, wanted.texts))
    if wanted.texts is not None:
        spread = map  # they are few
    with contextlib.closing(Judge(database)) as judge:
        for verdict in spread(judge, orders):
            found.update(verdict.suspects)
            callers = (page for hook, page in verdict.callers.items() if hook not in tried)
            found.update(callers)
            tried |= verdict.callers.keys() if wanted.texts is None else set()
            renders.add(verdict.renders)
    return sorted(found), renders


def _orders(connection: sqlite3.Connection, paths: Collection[str] | None) -> Iterator[Ids]:
    """Runs of pages to be judged together; each by itself where only some are meant."""
    if paths is None:
        query = "SELECT min(id), max(id) FROM page WHERE deferred"
        first, last = connection.execute(query).fetchone()
        ids = range(first, last + 1) if first else range(0)
        yield from (ids[start : start + RUN] for start in range(0, len(ids), RUN))
        return
    for path in sorted(paths):
        query = "SELECT id FROM page WHERE path = ? AND deferred"
        yield from (range(number, number + 1) for (number,) in connection.execute(query, (path,)))


def _samples(connection: sqlite3.Connection, wanted: Wanted) -> Iterator[int]:
    """One page of each template and language, and those that were tried before on other grounds."""
    for page_id, path in connection.execute(
        "SELECT min(id), path FROM page WHERE deferred GROUP BY kind, template, language"
    ):
        if path not in wanted.known:
            yield page_id
    for path in wanted.again:
        query = "SELECT id FROM page WHERE path = ? AND deferred"
        yield from (page_id for (page_id,) in connection.execute(query, (path,)))
