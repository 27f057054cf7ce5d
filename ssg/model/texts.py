"""The Markdown of pages, in blocks beside the site database.

A block is a file with the texts of some consecutive sources, about 32, concatenated in UTF-8 and
compressed as one frame of Zstandard (RFC 8878): neighbours compress well together. The table `body`
has the block, start and length of each page's text.

A block is named by the hash of its content and never changes. So a build shares every block whose
texts are unchanged with the build before, a deploy uploads only new ones, and a cache may keep a
block for ever. A function has only some blocks in its folder; a render that needs another raises
`MissingBlock`, the shell fetches it and hands it over with `give`, and the render starts anew.
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
"""Of Zstandard. Level 3 makes blocks 4 to 5 per cent smaller and takes 1.4 times as long."""
_DIGEST_DIGITS = 32
_UNPACKED_BLOCKS = 8
"""Blocks that are kept unpacked: neighbours in a list are often neighbours in a block."""

_GIVEN_BYTES = 48 * 1024 * 1024
"""The limit for packed blocks from outside the folder: a long list needs many at once."""


class MissingBlock(BaseException):
    """A block is not in the folder. `digest` names it.

    It is a BaseException, because hooks of a site may catch `Exception`, and no render can go on
    without the text. A caller that can fetch the block does so and starts the render anew.
    """

    def __init__(self, digest: str) -> None:
        super().__init__(digest)
        self.digest = digest

    def __str__(self) -> str:
        return f"the texts of the site lack the block {self.digest}"


class Texts:
    """Reads texts from a folder of blocks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._block = lru_cache(maxsize=_UNPACKED_BLOCKS)(self.block)
        self._given: dict[str, bytes] = {}

    @classmethod
    def beside(cls, database: Path) -> Texts:
        """The texts that belong to a database."""
        return cls(database.parent / FOLDER)

    def read(self, digest: str, start: int, length: int) -> str:
        """A part of a block. Raises MissingBlock."""
        return self._block(digest)[start : start + length].decode()

    def hits_and_misses(self) -> tuple[int, int]:
        """How often a read found its block unpacked, and how often it did not."""
        info = self._block.cache_info()
        return info.hits, info.misses

    def block(self, digest: str) -> bytes:
        """A whole block, unpacked. Raises MissingBlock, also for one that is damaged."""
        packed = self._given.get(digest)
        if packed is None:
            packed = read_intact(self.folder / digest)
        if packed is None:
            raise MissingBlock(digest)
        return zstd.decompress(packed)

    def give(self, digest: str, packed: bytes) -> None:
        """Add a block that is not in the folder. Past the limit, the oldest ones are dropped."""
        self._given[digest] = packed
        while sum(map(len, self._given.values())) > _GIVEN_BYTES:
            del self._given[next(iter(self._given))]

    def has(self, digest: str) -> bool:
        """Whether a block can be read."""
        return digest in self._given or (self.folder / digest).is_file()


def pack(raw: bytes) -> bytes:
    """Compress a block, as its file holds it."""
    return zstd.compress(raw, _LEVEL)


def block_digest(packed: bytes) -> str:
    """The name of a block: the hash of its file, by which a fetched block can be verified."""
    return hashlib.sha256(packed).hexdigest()[:_DIGEST_DIGITS]


def read_intact(file: Path) -> bytes | None:
    """The packed content of a block's file; None unless its digest is the file's name."""
    try:
        packed = file.read_bytes()
    except FileNotFoundError:
        return None
    return packed if block_digest(packed) == file.name else None


def keep(raw: bytes, folder: Path) -> str:
    """Write a block atomically; returns its digest."""
    packed = pack(raw)
    digest = block_digest(packed)
    place = f"{folder}/{digest}"
    draft = f"{place}.{os.getpid()}"
    with open(draft, "wb", 0) as stream:  # noqa: PTH123 once per block: a Path costs more
        stream.write(packed)
    os.replace(draft, place)  # noqa: PTH105 a Path costs more
    return digest
