"""The rehearsal: a build renders some deferred pages, so that no deploy ships one that must fail.

It renders one page of each template and language, one page that calls each render hook, and every
page whose text can fail by itself: it calls a shortcode, numbers lines of code, or links to a
source or heading that does not exist. The features of texts (`content.reading.text_features`)
select most of these pages; the link prescan finds the dead links.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ssg.build.incremental.dependencies.recording_renderer import PageQuestions, RecordingRenderer
from ssg.build.incremental.work_list import RehearsalScope
from ssg.build.render.link_prescan import MAY_BREAK, IdRange, LinkPrescan, PrescanResult
from ssg.content.reading.text_features import MAY_FAIL, RENDER_HOOK_FEATURES
from ssg.model.database import open_readonly
from ssg.model.errors import Problem, RenderError
from ssg.render.renderer import NO_ENV
from ssg.render.views.env import EnvDefaults

PRESCAN_IDS = 2048
"""The number of page ids in one task of the prescan."""
_BODIES = "FROM body CROSS JOIN page ON page.id = page_id WHERE deferred"
_WITH_FEATURES = f"SELECT page_id {_BODIES} AND features & ?"
_CHECKED_IDS = f"SELECT min(page_id), max(page_id) {_BODIES} AND {MAY_BREAK}"

ParallelPrescan = Callable[
    [Callable[[IdRange], PrescanResult], Iterable[IdRange]], Iterable[PrescanResult]
]


def rehearse(
    database: Path,
    scope: RehearsalScope = RehearsalScope(),
    parallel_map: ParallelPrescan = map,
    env: Mapping[str, str] = NO_ENV,
) -> tuple[list[Problem], PageQuestions]:
    """Rehearse deferred pages. Returns the problems that visitors would meet, and the dependencies.

    `parallel_map` is `map`, perhaps with other processes. Environment variables that only the host
    has, and so are not in `env`, are empty.
    """
    recorder = RecordingRenderer(database, env=EnvDefaults(env))
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
    """Ids of the deferred pages to render, and the questions that were asked to select them."""
    questions = PageQuestions()
    with contextlib.closing(open_readonly(database)) as connection:
        few = None if scope.texts is None else list(_deferred(connection, sorted(scope.texts)))
        selected = {*_samples(connection, scope), *_with_features(connection, few)}
        ranges = _all_ranges(connection) if few is None else [range(n, n + 1) for n in few]
    with contextlib.closing(LinkPrescan(database)) as prescan:
        for result in parallel_map(prescan, ranges) if few is None else map(prescan, ranges):
            selected.update(result.suspects)
            questions.add(result.questions)
    return sorted(selected), questions


def _all_ranges(connection: sqlite3.Connection) -> list[IdRange]:
    """Ranges of ids that contain every page whose links must be checked."""
    first, last = connection.execute(_CHECKED_IDS).fetchone()
    ids = range(first, last + 1) if first else range(0)
    return [ids[start : start + PRESCAN_IDS] for start in range(0, len(ids), PRESCAN_IDS)]


def _samples(connection: sqlite3.Connection, scope: RehearsalScope) -> Iterator[int]:
    """One page of each template and language, and the affected pages that were rehearsed before."""
    for page_id, path in connection.execute(
        "SELECT min(id), path FROM page WHERE deferred GROUP BY kind, template, language"
    ):
        if path not in scope.recorded:
            yield page_id
    yield from _deferred(connection, scope.affected)


def _with_features(connection: sqlite3.Connection, few: Iterable[int] | None) -> Iterator[int]:
    """Pages whose texts may fail, and one page for each render hook.

    Of only a `few` pages, all that call a render hook.
    """
    hooked = [bit for hook, bit in RENDER_HOOK_FEATURES.items() if _has_hook(connection, hook)]
    if few is not None:
        wanted = MAY_FAIL | sum(hooked)
        for page_id in few:
            yield from _ids(connection, f"{_WITH_FEATURES} AND page_id = ?", wanted, page_id)
        return
    yield from _ids(connection, _WITH_FEATURES, MAY_FAIL)
    for bit in hooked:
        yield from _ids(connection, f"{_WITH_FEATURES} ORDER BY page_id LIMIT 1", bit)


def _has_hook(connection: sqlite3.Connection, name: str) -> bool:
    query = "SELECT 1 FROM template WHERE name = ?"
    return connection.execute(query, (f"markdown/{name}.html",)).fetchone() is not None


def _deferred(connection: sqlite3.Connection, paths: Iterable[str]) -> Iterator[int]:
    for path in paths:
        yield from _ids(connection, "SELECT id FROM page WHERE path = ? AND deferred", path)


def _ids(connection: sqlite3.Connection, query: str, *values: object) -> Iterator[int]:
    return (page_id for (page_id,) in connection.execute(query, values))
