"""`paths.bin`: which paths a function may know; `blocks.bin`: which blocks their pages need.

Read by `function/lib/paths.js` and `texts.js`, before Python.
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
    """What belongs to canonical paths, under prefixes of the SHA-256 digests of these, in their
    order."""
    found = {_prefix(path): value for path, value in values}
    return {prefix: found[prefix] for prefix in sorted(found)}


def block_numbers(blocks: Iterable[tuple[str | None, ...]]) -> bytes:
    """For the digests of the blocks of each page, two at most, a number: that of a row of the table
    behind them, which holds these. Zeros stand for none.
    """
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
