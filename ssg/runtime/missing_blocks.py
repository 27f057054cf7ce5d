"""Finds out which other blocks a page will need, when one is missing.

A page that shows the text of one entry of a list probably shows those of the others. A site that
remembers the lists of a page can name all their blocks at once, instead of one in each render.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import dropwhile, islice
from typing import Any

from ssg.model.page import Body, Page
from ssg.model.queries.site import Site
from ssg.model.texts import MissingBlock

MOST_BLOCKS = 200
"""The largest number of blocks that are asked for at once."""
_MOST_PAGES = 2000
"""The largest number of pages of a list that are looked at."""
_LISTS = 64


class ListTrackingSite(Site):
    """A site that remembers the lists that it returned while a page is rendered."""

    def __init__(self, *arguments: Any) -> None:
        self._lists: deque[Sequence[Page]] = deque(maxlen=_LISTS)
        self._asked = 0
        self._id_in: Callable[[Page], int] = self._text_id
        self._block_for: Callable[[int], str | None] = self.block_of
        super().__init__(*arguments)

    def forget_lists(self) -> None:
        """Call when a page is done: forgets its lists."""
        self._lists.clear()

    def wanted(self, missing: MissingBlock) -> list[str]:
        """Digests of the missing block and, if it belongs to an entry of a list, of those that are
        missing for the entries after it."""
        lists = map(self._from_asked, reversed(self._lists))
        ids = next(filter(None, lists), [])
        blocks = filter(None, map(self._block_for, ids))
        lacking = (block for block in blocks if not self.texts.has(block))
        return list(islice(dict.fromkeys([missing.digest, *lacking]), MOST_BLOCKS))

    def _from_asked(self, pages: Sequence[Page]) -> list[int]:
        """The page that was asked for last and those after it; none if the list lacks it."""
        ids: Iterator[int] = map(self._id_in, pages)
        return list(islice(dropwhile(lambda one: one != self._asked, ids), _MOST_PAGES))

    # -- questions that may miss a block -------------------------------------------------------

    def body(self, page_id: int) -> Body:
        """The text of a page. Raises MissingBlock."""
        self._asked, self._id_in, self._block_for = page_id, self._text_id, self.block_of
        return super().body(page_id)

    def _offloaded_values(self, page: Page) -> tuple[str, str]:
        self._asked, self._id_in, self._block_for = page.id, _own_id, self.offloaded_block
        return super()._offloaded_values(page)

    def _text_id(self, page: Page) -> int:
        """The page whose text a page shows."""
        original = page.original_path
        return ((self.page_at(original) if original else None) or page).id

    # -- lists ---------------------------------------------------------------------------------

    def _pages(self, sql: str, *values: object) -> list[Page]:
        found = super()._pages(sql, *values)
        self._lists.append(found)
        return found


def _own_id(page: Page) -> int:
    return page.id
