"""What a lean copy of the site database has moved out of its rows.

Of a very large site not even the facts fit into a function. It is given a copy then, in whose rows
a mark stands for what is long and shown by few lists. What was there is in blocks, as texts are,
each of some consecutive pages; who asks for it is not to know the difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache

from ssg.model.page import Page
from ssg.model.rows import Rows
from ssg.model.texts import Texts

APART = "\x1a"
"""U+001A, "substitute": it stands in a row for a value that is in a block."""

TABLE = "CREATE TABLE apart (first_id INTEGER PRIMARY KEY, digest TEXT NOT NULL)"
"""The blocks of a lean copy, each with the id of the first page in it. Others have no such table.
"""

Moved = tuple[str | None, str | None]
"""Description and front matter of a page; None: the row has it."""

_REMEMBERED = 16
"""Blocks that are kept ready: a list shows pages of several."""


class Apart(Rows):
    """The part of a `Site` that tells what may stand apart. Nobody else reads these columns."""

    texts: Texts

    def description(self, page: Page) -> str:
        """The description of a page. Raises MissingBlock."""
        return self._moved(page)[0] if page.description == APART else page.description

    def front(self, page: Page) -> str:
        """A page's `front`. Raises MissingBlock."""
        return self._moved(page)[1] if page.front == APART else page.front

    def apart_of(self, page_id: int) -> str | None:
        """The block that a page is in, if its row may have marks."""
        place = self._place(page_id)
        return place[1] if place else None

    def _moved(self, page: Page) -> tuple[str, str]:
        place = self._place(page.id)
        if place is None:
            return page.description, page.front
        first_id, digest = place
        description, front = self._block(digest)[str(page.id - first_id)]
        return description or "", front or page.front

    def _place(self, page_id: int) -> tuple[int, str] | None:
        if not self._is_lean:
            return None
        found: tuple[int, str] | None = self._connection.execute(
            "SELECT first_id, digest FROM apart WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            (page_id,),
        ).fetchone()
        return found

    @cached_property
    def _is_lean(self) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'apart'"
        return self._connection.execute(sql).fetchone() is not None

    @cached_property
    def _block(self) -> Callable[[str], Mapping[str, Sequence[str | None]]]:
        return lru_cache(maxsize=_REMEMBERED)(lambda digest: json.loads(self.texts.block(digest)))


def raw_block(first_id: int, moved: Mapping[int, Moved]) -> bytes:
    """A block as it is packed. It speaks of no id, so that it is the same in many builds."""
    entries = {page_id - first_id: values for page_id, values in moved.items()}
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
