"""Which pages of a site can be found, and in which batches they are read."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

import ssg
from ssg.model.page import Page
from ssg.model.queries.site import Site
from ssg.model.urls import base_path, quote_path
from ssg.search.batch import MOST_PAGES, Batch, IndexedPage, make_batch

FORMAT = 1
"""Goes up when the same pages make another batch than before."""
USUAL_PAGES = 256
"""So many pages make a batch, on average. A multiple of the sources of a block of texts, of which
the last is told in the same way (`ssg.content.reading.chunks`): so a batch ends where a block ends,
and a changed text changes one batch."""


@dataclass(frozen=True, slots=True)
class BatchTask:
    """A batch that is to be made. Two orders with one `key` make the same."""

    key: str
    pages: tuple[tuple[int, IndexedPage], ...]
    """The id of each page, and what is known of it without its text."""


class _Known(NamedTuple):
    """A page that can be found. The text of two pages is the same if their `mark` is."""

    id: int
    source: str | None
    entry: IndexedPage
    mark: str


def batch_tasks(site: Site) -> dict[str, list[BatchTask]]:
    """The batches of each language, in the order of the pages' sources."""
    sections = site.section_titles()
    base = base_path(site.settings.base_url)
    found: dict[str, list[_Known]] = {}
    for page, mark in site.pages_with_text():
        if can_be_found(page):
            entry = IndexedPage(
                url=base + quote_path(page.path),
                title=page.title or site.settings.in_language(page.language).title,
                description=page.description,
                section=sections.get(page.parent_id or 0, ""),
            )
            language = page.language or site.settings.default_language
            found.setdefault(language, []).append(_Known(page.id, page.source, entry, mark))
    return {language: list(map(_order, _batches(known))) for language, known in found.items()}


def can_be_found(page: Page) -> bool:
    """Whether the index has a page. `search: false` in its front matter says no."""
    if '"search"' not in page.front:
        return True
    return json.loads(page.front).get("search", True) is True


def make_task_batch(site: Site, order: BatchTask) -> Batch:
    """Read the texts that an order names."""
    return make_batch([(entry, site.body(page_id).text) for page_id, entry in order.pages])


def _batches(pages: Iterable[_Known]) -> Iterator[list[_Known]]:
    """Where a batch ends hangs on the name of a source, so that a new page changes one batch."""
    batch: list[_Known] = []
    for page in pages:
        batch.append(page)
        is_last = page.source and zlib.crc32(page.source.encode()) % USUAL_PAGES == 0
        if is_last or len(batch) == MOST_PAGES:
            yield batch
            batch = []
    if batch:
        yield batch


def _order(batch: Iterable[_Known]) -> BatchTask:
    digest = hashlib.blake2b(f"{ssg.__version__} {FORMAT}".encode(), digest_size=16)
    for page in batch:
        digest.update(f"\0{page.entry}{page.mark}".encode())
    return BatchTask(digest.hexdigest(), tuple((page.id, page.entry) for page in batch))
