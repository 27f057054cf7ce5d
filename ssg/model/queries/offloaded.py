"""Columns and indexes that the lean copy of a site database keeps elsewhere.

A very large site has too many facts for a function, even without its texts. The function then gets
a lean copy of the database, which answers the same questions:

- Descriptions and front matter, which are long and shown in few lists, are offloaded: the row holds
  a mark, and the value is in a block of some consecutive pages (`ssg.model.texts`). Table
  `offloaded` has the digest of each block by the id of its first page.
- The indexes of paths and sources would repeat each name in full. Table `name_hash` has short
  hashes in their place; a row is compared before it counts as found.

A slug that is the last part of the path is marked, too, and taken from there. Callers of
`OffloadedColumns` cannot tell which kind of database they ask.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache

from ssg.model.page import Page
from ssg.model.queries.questions import Argument, question
from ssg.model.queries.rows import PAGE, RowQueries
from ssg.model.texts import Texts

OFFLOADED = "\x1a"
"""The mark: U+001A, "substitute"."""

TABLES = (
    "CREATE TABLE offloaded (first_id INTEGER PRIMARY KEY, digest TEXT NOT NULL)",
    "CREATE TABLE name_hash (bucket INTEGER PRIMARY KEY, entries BLOB NOT NULL)",
)
"""Tables that only a lean copy has. An entry of `name_hash` is one more byte of the hash and the id
of the page in three bytes."""

_BUCKETS = 2**16
_ENTRY_BYTES = 4

OffloadedValues = tuple[str | None, str | None]
"""The description and front matter of a page; None for one that is in the row."""

_CACHED_BLOCKS = 16
"""A list shows pages of several blocks."""


class OffloadedColumns(RowQueries):
    """The part of a `Site` that may be offloaded. Nothing else reads these columns."""

    texts: Texts

    def description(self, page: Page) -> str:
        """The description of a page. Raises MissingBlock."""
        if page.description == OFFLOADED:
            return self._offloaded_values(page)[0]
        return page.description

    def front(self, page: Page) -> str:
        """The front matter of a page, as JSON. Raises MissingBlock."""
        return self._offloaded_values(page)[1] if page.front == OFFLOADED else page.front

    def slug(self, page: Page) -> str:
        """The slug of a page."""
        return last_segment(page.path) if page.slug == OFFLOADED and self._is_lean else page.slug

    @question(Argument.PAGE_ID)
    def offloaded_block(self, page_id: int) -> str | None:
        """The block with the values of a page, if its row may have marks."""
        block = self._find_block(page_id)
        return block[1] if block else None

    def _named(self, column: str, name: str) -> Page | None:
        """The first page with this `path` or `source`, whichever `column` is."""
        if not self._is_lean:
            return self._page(f"{PAGE} WHERE {column} = ? ORDER BY id LIMIT 1", name)
        sql = f"{PAGE} WHERE id = ? AND {column} = ?"
        found = (self._page(sql, page_id, name) for page_id in self._candidates(name))
        return next(filter(None, found), None)

    def _candidates(self, name: str) -> Iterator[int]:
        """The ids of pages whose path or source has the hash of a name, in ascending order."""
        bucket, rest = name_hash(name)
        row = self._connection.execute("SELECT entries FROM name_hash WHERE bucket = ?", (bucket,))
        (entries,) = row.fetchone() or (b"",)
        for start in range(0, len(entries), _ENTRY_BYTES):
            if entries[start] == rest:
                yield int.from_bytes(entries[start + 1 : start + _ENTRY_BYTES], "big")

    def _offloaded_values(self, page: Page) -> tuple[str, str]:
        block = self._find_block(page.id)
        if block is None:
            return page.description, page.front
        first_id, digest = block
        description, front = self._block(digest)[str(page.id - first_id)]
        return description or "", front or page.front

    def _find_block(self, page_id: int) -> tuple[int, str] | None:
        """The block with the values of a page: the id of the first page in it, and its digest."""
        if not self._is_lean:
            return None
        found: tuple[int, str] | None = self._connection.execute(
            "SELECT first_id, digest FROM offloaded WHERE first_id <= ? "
            "ORDER BY first_id DESC LIMIT 1",
            (page_id,),
        ).fetchone()
        return found

    @cached_property
    def _is_lean(self) -> bool:
        sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'offloaded'"
        return self._connection.execute(sql).fetchone() is not None

    @cached_property
    def _block(self) -> Callable[[str], Mapping[str, Sequence[str | None]]]:
        return lru_cache(maxsize=_CACHED_BLOCKS)(
            lambda digest: json.loads(self.texts.block(digest))
        )


def name_hash(name: str) -> tuple[int, int]:
    """The bucket of a path or source, and one more byte of its hash. Names may share both."""
    rest, bucket = divmod(zlib.crc32(name.encode()), _BUCKETS)
    return bucket, rest % 256


def hash_buckets(names: Iterable[tuple[str, int]]) -> dict[int, bytes]:
    """The rows of `name_hash` for paths and sources with the ids of their pages, ids ascending."""
    found: dict[int, bytearray] = {}
    for name, page_id in names:
        bucket, rest = name_hash(name)
        entry = bytes([rest]) + page_id.to_bytes(_ENTRY_BYTES - 1, "big")
        found.setdefault(bucket, bytearray()).extend(entry)
    return {bucket: bytes(entries) for bucket, entries in sorted(found.items())}


def last_segment(path: str) -> str:
    """The last segment of a path: `/blog/post/` -> `post`."""
    return path.strip("/").rpartition("/")[2]


def raw_block(first_id: int, values_by_id: Mapping[int, OffloadedValues]) -> bytes:
    """The content of a block, before compression.

    Pages are numbered from `first_id`, so that a block is the same in many builds.
    """
    entries = {page_id - first_id: values for page_id, values in values_by_id.items()}
    return json.dumps(entries, ensure_ascii=False, separators=(",", ":")).encode()
