"""The Markdown of pages: blocks of text, in a folder beside the site database.

A block is a file of the texts of some consecutive sources, one behind the other in UTF-8, as one
frame of Zstandard (RFC 8878). It is named after its content and never changes, so a new build
shares with the one before it all blocks whose texts are the same, and a cache may keep a block for
ever. The database says where in which block a page's text is.
"""

from __future__ import annotations

import hashlib
import os
import sys
from functools import lru_cache
from pathlib import Path

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

FOLDER = "texts"
"""The name of the folder."""

_LEVEL = 1
"""Of Zstandard. Level 3 makes blocks 4 to 5 per cent smaller in 1.4 times the time."""
_DIGITS = 32
_REMEMBERED = 8
"""Blocks that a reader keeps unpacked: neighbours in a list are often neighbours in a block."""


_GIVEN_BYTES = 48 * 1024 * 1024
"""So much is kept of blocks, packed, that are not in the folder: a long list needs many at once."""


class MissingBlock(BaseException):
    """A block is not in the folder. `digest` names it.

    No render can go on without its text, nor may anything in between pass over that: hooks of the
    site catch `Exception`. Whoever can fetch the block does, and begins the render anew.
    """

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest

    def __str__(self) -> str:
        return f"the texts of the site lack the block {self.digest}"


class Texts:
    """Reads texts of a folder of blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._block = lru_cache(maxsize=_REMEMBERED)(self.block)
        self._given: dict[str, bytes] = {}

    @classmethod
    def beside(cls, database: Path) -> Texts:
        """The texts that belong to a database."""
        return cls(database.parent / FOLDER)

    def read(self, digest: str, start: int, length: int) -> str:
        """A part of a block. Raises MissingBlock."""
        return self._block(digest)[start : start + length].decode()

    def hits_and_misses(self) -> tuple[int, int]:
        """How often a block was unpacked already, and how often it was not."""
        info = self._block.cache_info()
        return info.hits, info.misses

    def block(self, digest: str) -> bytes:
        """A whole block, unpacked. Raises MissingBlock."""
        packed = self._given.get(digest)
        try:
            return zstd.decompress(packed or (self.folder / digest).read_bytes())
        except FileNotFoundError:
            raise MissingBlock(digest) from None

    def give(self, digest: str, packed: bytes) -> None:
        """Take in a block that is not in the folder. The oldest such blocks are forgotten."""
        self._given[digest] = packed
        while sum(map(len, self._given.values())) > _GIVEN_BYTES:
            del self._given[next(iter(self._given))]

    def has(self, digest: str) -> bool:
        """Whether a block is here."""
        return digest in self._given or (self.folder / digest).is_file()


def pack(raw: bytes) -> bytes:
    """A block as its file holds it."""
    return zstd.compress(raw, _LEVEL)


def block_digest(packed: bytes) -> str:
    """The name of a block: whoever fetches one can tell whether it is whole."""
    return hashlib.sha256(packed).hexdigest()[:_DIGITS]


def keep(raw: bytes, folder: Path) -> str:
    """Write a block, whole or not at all; returns its digest."""
    packed = pack(raw)
    digest = block_digest(packed)
    place = f"{folder}/{digest}"
    draft = f"{place}.{os.getpid()}"
    with open(draft, "wb", 0) as stream:  # noqa: PTH123 once per block: a Path costs more
        stream.write(packed)
    os.replace(draft, place)  # noqa: PTH105 a Path costs more
    return digest
