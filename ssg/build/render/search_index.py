"""Writes the search index of a build. Its batches are made in worker processes, and are cached."""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ssg.build.render.workers import Workers
from ssg.model.queries.site import Site
from ssg.search.batch import MOST_PAGES, Batch, IndexedPage, make_batch
from ssg.search.index_files import make_index_files
from ssg.search.indexed_pages import BatchTask, batch_tasks, make_task_batch

IN_PLACE = "the search index needs this place"


@dataclass(frozen=True, slots=True)
class SearchText:
    """The text of a page that the site database does not have."""

    language: str
    entry: IndexedPage
    text: str


_FAST = 1  # higher levels of zlib take longer than making the batch


def write_index(
    site: Site,
    database: Path,
    kept: Path,
    publish_dir: Path,
    pool: Workers,
    live: Sequence[SearchText] = (),
) -> None:
    """Write the files of the index into an empty folder.

    The folder `kept` contains batches of earlier builds. A batch depends only on its pages and on
    the code, so the index is the same with and without them. `live` are the texts of live pages.
    """
    kept.mkdir(parents=True, exist_ok=True)
    wanted = batch_tasks(site)
    tasks = [task for batches in wanted.values() for task in batches]
    cached = _names(kept)
    missing = [task for task in tasks if task.key not in cached]
    with contextlib.closing(BatchCache(database, kept)) as cache:
        list(pool.map(cache, missing))
        for language in dict.fromkeys([*wanted, *(one.language for one in live)]):
            texts = [(one.entry, one.text) for one in live if one.language == language]
            known = map(cache.read, wanted.get(language, ()))
            _write(make_index_files(language, [*known, *_batches(texts)]), publish_dir)
    _remove(kept, cached - {task.key for task in tasks})


def _batches(texts: Sequence[tuple[IndexedPage, str]]) -> Iterator[Batch]:
    for start in range(0, len(texts), MOST_PAGES):
        yield make_batch(texts[start : start + MOST_PAGES])


class BatchCache:
    """Makes batches, and keeps them as files. A copy in another process opens its own database."""

    def __init__(self, database: Path, kept: Path) -> None:
        self._database = database
        self._kept = kept

    def __reduce__(self) -> tuple[type[BatchCache], tuple[Path, Path]]:
        return BatchCache, (self._database, self._kept)

    def __call__(self, task: BatchTask) -> None:
        """Make a batch, and write it in one step."""
        data = zlib.compress(make_task_batch(self._site, task).to_json().encode(), _FAST)
        temporary = self._kept / f"{task.key}.{os.getpid()}"
        temporary.write_bytes(data)
        temporary.replace(self._kept / task.key)

    def read(self, task: BatchTask) -> Batch:
        """The batch of a task. A damaged one is made again."""
        with contextlib.suppress(OSError, ValueError, zlib.error):
            return Batch.from_json(zlib.decompress((self._kept / task.key).read_bytes()))
        self(task)
        return Batch.from_json(zlib.decompress((self._kept / task.key).read_bytes()))

    def close(self) -> None:
        if "_site" in vars(self):
            self._site.close()

    @cached_property
    def _site(self) -> Site:
        return Site.open(self._database)


def _write(files: Iterable[tuple[str, bytes]], publish_dir: Path) -> None:
    for name, data in files:
        file = publish_dir / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _names(folder: Path) -> frozenset[str]:
    return frozenset(entry.name for entry in os.scandir(folder))


def _remove(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
