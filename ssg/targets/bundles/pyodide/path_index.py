"""Writes `paths.bin`, the paths of deferred pages, and `blocks.bin`, the blocks that they need.

JavaScript reads both before Python starts (`lib/paths.js`, `lib/texts.js`): an unknown path is
answered without Python, and a page's text is fetched while Python starts.

`paths.bin` contains the first 6 bytes of the SHA-256 digest of each path, sorted, and is searched
by bisection. The place of a prefix is the number of its page. One unknown path in 2^48 / pages has
the prefix of a page; Python then answers 404.

`blocks.bin` contains a row number of 3 bytes for each page, in the same order, and then the rows:
two digests of 16 bytes each, of a text and of offloaded columns. Pages of one block share a row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TypeVar

_Value = TypeVar("_Value")

PREFIX_BYTES = 6
NUMBER_BYTES = 3
DIGESTS = 2
DIGEST_BYTES = 16


def by_prefix(values: Iterable[tuple[str, _Value]]) -> dict[bytes, _Value]:
    """Values of canonical paths by the prefixes of these paths, sorted."""
    found = {_prefix(path): value for path, value in values}
    return {prefix: found[prefix] for prefix in sorted(found)}


def block_numbers(blocks: Iterable[tuple[str | None, ...]]) -> bytes:
    """The content of `blocks.bin` for the digests of each page, at most two; zeros mean none."""
    blocks = list(blocks)
    rows = {digests: tuple(filter(None, digests)) for digests in set(blocks)}
    table = sorted(set(rows.values()))
    packed = {row: number.to_bytes(NUMBER_BYTES, "big") for number, row in enumerate(table)}
    numbers = {digests: packed[row] for digests, row in rows.items()}
    return b"".join(map(numbers.__getitem__, blocks)) + b"".join(map(_table_row, table))


def _table_row(digests: Sequence[str]) -> bytes:
    return bytes.fromhex("".join(digests)).ljust(DIGESTS * DIGEST_BYTES, b"\0")


def _prefix(path: str) -> bytes:
    return hashlib.sha256(path.encode()).digest()[:PREFIX_BYTES]
