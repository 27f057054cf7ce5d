"""The header of a BMP picture."""

from __future__ import annotations

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.header import PictureHeader


def read_bmp(reader: ByteReader) -> PictureHeader:
    """Read the size. A negative height means rows from the top."""
    reader.skip(14)
    if reader.little(4) == 12:
        return PictureHeader("bmp", reader.little(2), reader.little(2))
    width, height = (int.from_bytes(reader.take(4), "little", signed=True) for _ in range(2))
    return PictureHeader("bmp", width, abs(height))
