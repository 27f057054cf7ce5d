"""What a lean copy of the site database says in another way than in its rows.

Of a very large site not even the facts fit into a function. It is given a copy then, in whose rows
a mark stands for what is long and shown by few lists. What was there is in blocks, as texts are,
each of some consecutive pages. Paths and sources have no index, which repeats each in full, but a
table of short hashes. Who asks is not to know the difference.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from ssg.model.page import Page
from ssg.model.queries.rows import PAGE, RowQueries
from ssg.model.texts import Texts

OFFLOADED = "\x1a"
"""U+001A, "substitute": it stands in a row for a value that is in a block. For a slug it says that
this is the end of the path."""

TABLES = (
    "CREATE TABLE offloaded (first_id INTEGER PRIMARY KEY, digest TEXT NOT NULL)",
    "CREATE TABLE name_hash (bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL)",
)
"""Tables of a lean copy alone: blocks, each with the id of the first page in it; pages by hashes of
their paths and sources. An entry there is a byte more of the hash, and the id in three bytes."""

_BUCKETS = 2**16
_ENTRY_BYTES = 4

OffloadedValues = tuple[str | None, str | None]
"""Description and front matter of a page; None: the row has it."""

_REMEMBERED = 16
"""Blocks that are kept ready: a list shows pages of several."""


class OffloadedColumns(RowQueries):
    """The part of a `Site` that tells what may stand apart. Nobody else reads these columns."""

    texts: Texts

    def description(self, page: Page) -> str:
        """The description of a page. Raises MissingBlock."""
        return self._moved(page)[0] if page.description == OFFLOADED else page.description

    def front(self, page: Page) -> str:
        """A page's `front`. Raises MissingBlock."""
        return self._moved(page)[1] if page.front == OFFLOADED else page.front

    def slug(self, page: Page) -> str:
        """A page's slug."""
        return tail(page.path) if page.slug == OFFLOADED and self._is_lean else page.slug

    def offloaded_block(self, page_id: int) -> str | None:
        """The block that a page is in, if its row may have marks."""
        place = self._place(page_id)
        return place[1] if place else None

    def _named(self, column: str, name: str) -> Page | None:
        """The page, or the first of those, that has a name in the column `path` or `source`."""
        if not self._is_lean:
            return self._page(f"{PAGE} WHERE {column} = ? ORDER BY id LIMIT 1", name)
        sql = f"{PAGE} WHERE id = ? AND {column} = ?"
        found = (self._page(sql, page_id, name) for page_id in self._ids_like(name))
        return next(filter(None, found), None)

    def _ids_like(self, name: str) -> Iterator[int]:
        """Pages whose path or source may be a name, in their order."""
        bucket, more = name_hash(name)
        row = self._connection.execute("SELECT entries FROM name_hash WHERE bucket = ?", (bucket,))
        (entries,) = row.fetchone() or (b"",)
        for start in range(0, len(entries), _ENTRY_BYTES):
            if entries[start] == more:
                yield int.from_bytes(entries[start + 1 : start + _ENTRY_BYTES], "big")

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
            "SELECT first_id, digest FROM offloaded WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            (page_id,),
        ).fetchone()
        return found

    @cached_property
    def _is_lean(self) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'offloaded'"
        return self._connection.execute(sql).fetchone() is not None

    @cached_property
    def _block(self) -> Callable[[str], Mapping[str, Sequence[str | None]]]:
        return lru_cache(maxsize=_REMEMBERED)(lambda digest: json.loads(self.texts.block(digest)))


def name_hash(name: str) -> tuple[int, int]:
    """A bucket, and a byte that stands for a name in it. Others may have the same."""
    more, bucket = divmod(zlib.crc32(name.encode()), _BUCKETS)
    return bucket, more % 256


def buckets(names: Iterable[tuple[str, int]]) -> dict[int, bytes]:
    """The table `name_hash` for some paths and sources with the ids of their pages, in this order."""
    found: dict[int, bytearray] = {}
    for name, page_id in names:
        bucket, more = name_hash(name)
        entry = bytes([more]) + page_id.to_bytes(_ENTRY_BYTES - 1, "big")
        found.setdefault(bucket, bytearray()).extend(entry)
    return {bucket: bytes(entries) for bucket, entries in sorted(found.items())}


def tail(path: str) -> str:
    """The last part of a path."""
    return path.strip("/").rpartition("/")[2]


def raw_block(first_id: int, moved: Mapping[int, OffloadedValues]) -> bytes:
    """A block as it is packed. It speaks of no id, so that it is the same in many builds."""
    entries = {page_id - first_id: values for page_id, values in moved.items()}
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
