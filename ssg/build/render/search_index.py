"""The search index of a build: made batch by batch, in several processes, and kept for the next."""

from __future__ import annotations

import contextlib
import os
import zlib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

from ssg.build.render.workers import Workers
from ssg.model.queries.site import Site
from ssg.search.batch import Batch
from ssg.search.index_files import make_index_files
from ssg.search.indexed_pages import BatchTask, batch_tasks, make_task_batch

IN_PLACE = "the search index needs this place"

_FAST = 1  # levels of zlib: the others take longer than making a batch anew


def write_index(site: Site, database: Path, kept: Path, publish_dir: Path, pool: Workers) -> None:
    """Write the files of the index into an empty folder.

    What is kept hangs on pages alone, so the same site has the same index, with or without it.
    """
    kept.mkdir(parents=True, exist_ok=True)
    wanted = batch_tasks(site)
    everything = [order for batches in wanted.values() for order in batches]
    known = _names(kept)
    missing = [order for order in everything if order.key not in known]
    with contextlib.closing(BatchKeeper(database, kept)) as keeper:
        list(pool.map(keeper, missing))
        for language, batches in wanted.items():
            _write(make_index_files(language, map(keeper.read, batches)), publish_dir)
    _forget(kept, known - {order.key for order in everything})


class BatchKeeper:
    """Makes batches and keeps them as files. In another process it opens the database anew."""

    def __init__(self, database: Path, kept: Path) -> None:
        self._database = database
        self._kept = kept

    def __reduce__(self) -> tuple[type[BatchKeeper], tuple[Path, Path]]:
        return BatchKeeper, (self._database, self._kept)

    def __call__(self, order: BatchTask) -> None:
        """Make a batch, and write it whole or not at all."""
        data = zlib.compress(make_task_batch(self._site, order).to_json().encode(), _FAST)
        draft = self._kept / f"{order.key}.{os.getpid()}"
        draft.write_bytes(data)
        draft.replace(self._kept / order.key)

    def read(self, order: BatchTask) -> Batch:
        """The batch of an order; one that cannot be read is made again."""
        with contextlib.suppress(OSError, ValueError, zlib.error):
            return Batch.from_json(zlib.decompress((self._kept / order.key).read_bytes()))
        self(order)
        return Batch.from_json(zlib.decompress((self._kept / order.key).read_bytes()))

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


def _forget(folder: Path, names: Iterable[str]) -> None:
    for name in names:
        (folder / name).unlink(missing_ok=True)
