"""Selects the pages that the search index contains, and divides them into batches."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, quote_path
from ssg.search.batch import MOST_PAGES, Batch, IndexedPage, make_batch

USUAL_PAGES = 256
"""The average number of pages in a batch. It is a multiple of the sources in a block of texts, and
both end by the same hash (`ssg.content.reading.chunks`), so a batch ends where a block ends."""


@dataclass(frozen=True, slots=True)
class BatchTask:
    """A batch to make. Tasks with equal `key` make equal batches."""

    key: str
    pages: tuple[tuple[int, IndexedPage], ...]
    """The id of each page, and its facts."""


class _PageWithMark(NamedTuple):
    """A page for the index. Two pages with equal `mark` have the same text."""

    id: int
    source: str | None
    entry: IndexedPage
    mark: str


def batch_tasks(site: Site) -> dict[str, list[BatchTask]]:
    """The batches of each language, in the order of the pages' sources."""
    sections = site.section_titles()
    base = base_path(site.settings.base_url)
    found: dict[str, list[_PageWithMark]] = {}
    for page, mark in site.pages_with_text():
        if can_be_found(page):
            entry = IndexedPage(
                url=base + quote_path(page.path),
                title=page.title or site.settings.in_language(page.language).title,
                description=page.description,
                section=sections.get(page.parent_id or 0, ""),
            )
            language = page.language or site.settings.default_language
            found.setdefault(language, []).append(_PageWithMark(page.id, page.source, entry, mark))
    return {language: list(map(_task, _batches(known))) for language, known in found.items()}


def can_be_found(page: Page) -> bool:
    """Whether the index contains a page: not with `search: false` in its front matter."""
    if '"search"' not in page.front:
        return True
    return json.loads(page.front).get("search", True) is True


def make_task_batch(site: Site, task: BatchTask) -> Batch:
    """Make the batch of a task, from the texts of its pages."""
    return make_batch([(entry, site.body(page_id).text) for page_id, entry in task.pages])


def _batches(pages: Iterable[_PageWithMark]) -> Iterator[list[_PageWithMark]]:
    """The end of a batch depends on the name of a source, so that a new page changes one batch."""
    batch: list[_PageWithMark] = []
    for page in pages:
        batch.append(page)
        is_last = page.source and zlib.crc32(page.source.encode()) % USUAL_PAGES == 0
        if is_last or len(batch) == MOST_PAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _task(batch: Sequence[_PageWithMark]) -> BatchTask:
    key = digest_of(code_fingerprint(), [(repr(page.entry), page.mark) for page in batch])
    return BatchTask(key, tuple((page.id, page.entry) for page in batch))
