"""`paths.bin`: which paths a function may know; `blocks.bin`: which blocks their pages need.

Read by `function/lib/paths.js` and `texts.js`, before Python.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

PREFIX_BYTES = 6
NUMBER_BYTES = 3
DIGESTS = 2
DIGEST_BYTES = 16


def path_prefixes(paths: Iterable[str]) -> bytes:
    """Sorted prefixes of the SHA-256 digests of canonical paths, each once."""
    return b"".join(sorted({_prefix(path) for path in paths}))


def block_numbers(blocks: Mapping[str, Sequence[str]]) -> bytes:
    """For each path, in the order of their prefixes, a number: that of a row of the table behind
    them, which holds the digests of its blocks, two at most. Zeros stand for none.
    """
    by_prefix = {_prefix(path): tuple(digests) for path, digests in blocks.items()}
    table = sorted(set(by_prefix.values()))
    numbers = {digests: number for number, digests in enumerate(table)}
    rows = (numbers[by_prefix[prefix]] for prefix in sorted(by_prefix))
    packed = b"".join(number.to_bytes(NUMBER_BYTES, "big") for number in rows)
    return packed + b"".join(map(_table_row, table))


def _table_row(digests: Sequence[str]) -> bytes:
    return bytes.fromhex("".join(digests)).ljust(DIGESTS * DIGEST_BYTES, b"\0")


def _prefix(path: str) -> bytes:
    return hashlib.sha256(path.encode()).digest()[:PREFIX_BYTES]
