"""Rendering pages into files, in several processes where that pays."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from ssg.model.errors import Problem, RenderError
from ssg.model.page import Page
from ssg.model.site import Site
from ssg.model.urls import output_file
from ssg.render.renderer import Renderer

ALONE_BELOW = 100
"""Fewer pages are rendered sooner than another process starts."""
CHUNK = 50

Advance = Callable[[int], None]


class PageWriter:
    """Renders pages of a site database into a publish folder."""

    def __init__(self, database: Path, publish_dir: Path) -> None:
        self._site = Site.open(database)
        self._renderer = Renderer(self._site)
        self._publish_dir = str(publish_dir)
        self._folders: set[str] = set()

    def write(self, page_ids: Sequence[int]) -> list[Problem]:
        """Write the files of some pages; problems of those that cannot be rendered."""
        problems: list[Problem] = []
        for page_id in page_ids:
            page = self._site.page_by_id(page_id)
            try:
                self._write(page, self._renderer.render(page))
            except RenderError as error:
                problems += error.problems
        return problems

    def _write(self, page: Page, data: bytes) -> None:
        file = f"{self._publish_dir}/{output_file(page.path)}"
        folder = file.rpartition("/")[0]
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103 once per page: a Path costs more
            self._folders.add(folder)
        with open(file, "wb") as stream:  # noqa: PTH123
            stream.write(data)


def write_pages(
    database: Path, publish_dir: Path, page_ids: Sequence[int], advance: Advance
) -> list[Problem]:
    """Render and write all pages. The order of problems follows that of the pages."""
    processes = os.process_cpu_count() if hasattr(os, "process_cpu_count") else os.cpu_count()
    chunks = [page_ids[start : start + CHUNK] for start in range(0, len(page_ids), CHUNK)]
    if len(page_ids) < ALONE_BELOW or not processes or processes == 1:
        return _write_alone(PageWriter(database, publish_dir), chunks, advance)
    context = multiprocessing.get_context("spawn")
    problems: list[Problem] = []
    with ProcessPoolExecutor(processes, context, _start, (database, publish_dir)) as pool:
        for chunk, found in zip(chunks, pool.map(_write_chunk, chunks), strict=True):
            problems += found
            advance(len(chunk))
    return problems


def _write_alone(
    writer: PageWriter, chunks: Sequence[Sequence[int]], advance: Advance
) -> list[Problem]:
    problems: list[Problem] = []
    for chunk in chunks:
        problems += writer.write(chunk)
        advance(len(chunk))
    return problems


_writers: list[PageWriter] = []  # one in each worker process


def _start(database: Path, publish_dir: Path) -> None:
    _writers.append(PageWriter(database, publish_dir))


def _write_chunk(page_ids: Sequence[int]) -> list[Problem]:
    return _writers[0].write(page_ids)
