"""Which deferred pages a build renders all the same, so that no deploy ships one that must fail.

One page of each template is rendered, and each page whose text could fail by itself: it calls a
shortcode, numbers lines of code, or links to a source or a part of one that is not there. So is one
page for each render hook. The features of texts (`content.reading.text_features`)
tell most of that.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ssg.build.incremental.dependencies.recorder import PageQuestions, RecordingRenderer
from ssg.build.incremental.work_list import RehearsalScope
from ssg.build.render.link_prescan import MAY_BREAK, IdRange, LinkPrescan, PrescanResult
from ssg.content.reading.text_features import MAY_FAIL, RENDER_HOOK_FEATURES
from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError

RUN = 2048
"""So many pages, by their ids, are judged together."""
_BODIES = "FROM body CROSS JOIN page ON page.id = page_id WHERE deferred"
_SIGNED = f"SELECT page_id {_BODIES} AND features & ?"
_CHECKED_IDS = f"SELECT min(page_id), max(page_id) {_BODIES} AND {MAY_BREAK}"

ParallelPrescan = Callable[
    [Callable[[IdRange], PrescanResult], Iterable[IdRange]], Iterable[PrescanResult]
]


def rehearse(
    database: Path, scope: RehearsalScope = RehearsalScope(), parallel_map: ParallelPrescan = map
) -> tuple[list[Problem], PageQuestions]:
    """Problems of deferred pages that could not be rendered on a visitor's request.

    `parallel_map` is `map`, perhaps with other processes.
    """
    recorder = RecordingRenderer(database)
    problems: list[Problem] = []
    page_ids, questions = pages_to_rehearse(database, scope, parallel_map)
    for page_id in page_ids:
        try:
            recorder.render(recorder.site.page_by_id(page_id))
        except RenderError as error:
            problems += error.problems
    recorder.close()
    questions.add(recorder.taken())
    return problems, questions


def pages_to_rehearse(
    database: Path, scope: RehearsalScope = RehearsalScope(), parallel_map: ParallelPrescan = map
) -> tuple[list[int], PageQuestions]:
    """Ids of the deferred pages to try, and what it took to choose them."""
    questions = PageQuestions()
    with contextlib.closing(open_readonly(database)) as connection:
        few = None if scope.texts is None else list(_deferred(connection, sorted(scope.texts)))
        found = {*_samples(connection, scope), *_signed(connection, few)}
        orders = [range(one, one + 1) for one in few] if few is not None else _runs(connection)
    with contextlib.closing(LinkPrescan(database)) as judge:
        for result in parallel_map(judge, orders) if few is None else map(judge, orders):
            found.update(result.suspects)
            questions.add(result.questions)
    return sorted(found), questions


def _runs(connection: sqlite3.Connection) -> list[IdRange]:
    """All pages whose links are in doubt."""
    first, last = connection.execute(_CHECKED_IDS).fetchone()
    ids = range(first, last + 1) if first else range(0)
    return [ids[start : start + RUN] for start in range(0, len(ids), RUN)]


def _samples(connection: sqlite3.Connection, scope: RehearsalScope) -> Iterator[int]:
    """One page of each template and language, and those that were tried before on other grounds."""
    for page_id, path in connection.execute(
        "SELECT min(id), path FROM page WHERE deferred GROUP BY kind, template, language"
    ):
        if path not in scope.recorded:
            yield page_id
    yield from _deferred(connection, scope.affected)


def _signed(connection: sqlite3.Connection, few: Iterable[int] | None) -> Iterator[int]:
    """Pages that may fail by themselves, and one for each render hook.

    Where only a few are meant, so are all of those that call a hook.
    """
    hooked = [sign for hook, sign in RENDER_HOOK_FEATURES.items() if _has_hook(connection, hook)]
    if few is not None:
        wanted = MAY_FAIL | sum(hooked)
        for page_id in few:
            yield from _ids(connection, f"{_SIGNED} AND page_id = ?", wanted, page_id)
        return
    yield from _ids(connection, _SIGNED, MAY_FAIL)
    for sign in hooked:
        yield from _ids(connection, f"{_SIGNED} ORDER BY page_id LIMIT 1", sign)


def _has_hook(connection: sqlite3.Connection, name: str) -> bool:
    query = "SELECT 1 FROM template WHERE name = ?"
    return connection.execute(query, (f"markdown/{name}.html",)).fetchone() is not None


def _deferred(connection: sqlite3.Connection, paths: Iterable[str]) -> Iterator[int]:
    for path in paths:
        yield from _ids(connection, "SELECT id FROM page WHERE path = ? AND deferred", path)


def _ids(connection: sqlite3.Connection, query: str, *values: object) -> Iterator[int]:
    return (page_id for (page_id,) in connection.execute(query, values))
