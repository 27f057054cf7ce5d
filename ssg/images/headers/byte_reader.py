"""Reading bytes that must be there."""

from __future__ import annotations

import os
from typing import BinaryIO

from ssg.images.picture_error import PictureError


class ByteReader:
    """A file, read by exact numbers of bytes. Raises PictureError where it ends too early."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size_bytes = file.seek(0, os.SEEK_END)
        file.seek(0)

    @property
    def position(self) -> int:
        """The number of bytes before the next one."""
        return self._file.tell()

    @property
    def is_at_end(self) -> bool:
        """Whether all bytes are read."""
        return self.position >= self.size_bytes

    def take(self, count: int) -> bytes:
        """Read exactly `count` bytes."""
        if self.position + count > self.size_bytes:
            raise PictureError("ends within its header")
        return self._file.read(count)

    def peek(self, count: int) -> bytes:
        """Return up to `count` of the next bytes, and stay before them."""
        position = self.position
        data = self._file.read(count)
        self._file.seek(position)
        return data

    def seek(self, position: int) -> None:
        """Go to a position, which must be within the file."""
        if not 0 <= position <= self.size_bytes:
            raise PictureError("ends within its header")
        self._file.seek(position)

    def skip(self, count: int) -> None:
        """Pass over `count` bytes."""
        self.seek(self.position + count)

    def number(self, count: int) -> int:
        """Read an unsigned number of `count` bytes, the highest first."""
        return int.from_bytes(self.take(count), "big")

    def little(self, count: int) -> int:
        """Read an unsigned number of `count` bytes, the lowest first."""
        return int.from_bytes(self.take(count), "little")
