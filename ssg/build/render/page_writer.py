"""Renders pages into files, in several processes if that is faster."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.build.incremental.dependencies.recording_renderer import PageQuestions, RecordingRenderer
from ssg.build.publish.written_files import FilesByName, WrittenFile, content_digest, write_file
from ssg.build.render.workers import Workers
from ssg.model.errors import Problem, RenderError
from ssg.model.page import Page, PageKind
from ssg.model.queries.site import Site
from ssg.model.urls import output_file
from ssg.render.renderer import NO_ENV

if TYPE_CHECKING:
    from ssg.build.profile import RenderTimes

ALONE_BELOW = 100
"""Fewer pages than this are rendered faster than processes start, unless these run already."""
CHUNK, CHUNK_OF_LISTS = 32, 4
"""Pages in one task. A list may take as long as many pages; a sitemap longer than all others."""

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class WrittenPages:
    """The result of writing some pages."""

    pages: int
    problems: Mapping[int, tuple[Problem, ...]] = field(default_factory=dict)
    """The problems of pages that could not be rendered, by page id."""
    files: FilesByName = field(default_factory=dict)
    questions: PageQuestions = field(default_factory=PageQuestions)
    """What the pages depend on."""
    times: RenderTimes | None = None
    """The measured times of a profiled build."""


@dataclass(frozen=True, slots=True)
class RenderedPages:
    """The result of writing all pages of a build."""

    problems: list[Problem]
    """In the order of the pages."""
    files: dict[str, WrittenFile]
    questions: PageQuestions
    times: list[RenderTimes]


class PageWriter:
    """Renders pages of a site database into a publish folder.

    A copy in another process opens the database itself.
    """

    def __init__(
        self,
        database: Path,
        publish_dir: Path,
        *,
        profiled: bool = False,
        env: Mapping[str, str] = NO_ENV,
    ) -> None:
        self._database = database
        self._env = env
        self._publish_dir = str(publish_dir)
        self._profiled = profiled
        self._folder = ""

    def __reduce__(self) -> tuple[Callable[..., PageWriter], tuple[object, ...]]:
        make = partial(PageWriter, profiled=self._profiled, env=dict(self._env))
        return make, (self._database, Path(self._publish_dir))

    def __call__(self, page_ids: Sequence[int]) -> WrittenPages:
        """Write the files of some pages."""
        problems: dict[int, tuple[Problem, ...]] = {}
        files = {}
        for page_id in page_ids:
            page = self._recorder.site.page_by_id(page_id)
            try:
                name = output_file(page.path)
                files[name] = self._write(name, self._render(page))
            except RenderError as error:
                problems[page_id] = error.problems
        times = self._recorder.listener.times()
        return WrittenPages(len(page_ids), problems, files, self._recorder.taken(), times)

    def close(self) -> None:
        if "_recorder" in vars(self):
            self._recorder.close()

    @cached_property
    def _recorder(self) -> RecordingRenderer:
        if not self._profiled:
            return RecordingRenderer(self._database, env=self._env)
        from ssg.build.render.timing_recorder import TimingRecorder  # noqa: PLC0415 for --profile only

        return RecordingRenderer(self._database, TimingRecorder(), self._env)

    def _render(self, page: Page) -> bytes:
        return self._recorder.listener.time_page(page, self._recorder.render)

    def _write(self, name: str, data: bytes) -> WrittenFile:
        file = f"{self._publish_dir}/{name}"
        folder = file.rpartition("/")[0]
        if folder != self._folder:
            _make(folder)
            self._folder = folder
        return write_file(file, data, content_digest(data))


def _make(folder: str) -> None:
    try:
        os.mkdir(folder)  # noqa: PTH102 a Path for each page costs more
    except FileExistsError:
        pass
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)  # noqa: PTH103 the same


def write_pages(
    pool: Workers,
    database: Path,
    publish_dir: Path,
    page_ids: Sequence[int],
    advance: Advance,
    *,
    profiled: bool = False,
    env: Mapping[str, str] = NO_ENV,
) -> RenderedPages:
    """Render and write pages. `env` are the environment variables that they may show."""
    problems: dict[int, tuple[Problem, ...]] = {}
    files: dict[str, WrittenFile] = {}
    questions = PageQuestions()
    times: list[RenderTimes] = []
    if not page_ids:
        return RenderedPages([], files, questions, times)
    with contextlib.closing(Site.open(database)) as site:
        chunks = _chunks(page_ids, site.list_kinds())
    is_many = len(page_ids) >= ALONE_BELOW or pool.is_running
    alone_below = 2 if is_many else len(chunks) + 1
    with contextlib.closing(
        PageWriter(database, publish_dir, profiled=profiled, env=env)
    ) as writer:
        for written in pool.map(writer, chunks, alone_below):
            problems.update(written.problems)
            files.update(written.files)
            questions.add(written.questions)
            times += [written.times] if written.times else []
            advance(written.pages)
    ordered = [problem for page_id in page_ids for problem in problems.get(page_id, ())]
    return RenderedPages(ordered, files, questions, times)


def _chunks(page_ids: Sequence[int], kinds: Mapping[int, str]) -> list[Sequence[int]]:
    """Tasks for workers, the longest first, so that no long task is the last one.

    `kinds` are the kinds of pages that are lists, by page id.
    """
    tasks: dict[int, list[int]] = {1: [], CHUNK_OF_LISTS: [], CHUNK: []}
    for page_id in page_ids:
        kind = kinds.get(page_id)
        size = CHUNK if kind is None else 1 if kind == PageKind.SITEMAP else CHUNK_OF_LISTS
        tasks[size].append(page_id)
    return [
        pages[start : start + size]
        for size, pages in tasks.items()
        for start in range(0, len(pages), size)
    ]
