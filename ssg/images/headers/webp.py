"""The header of a WebP picture. See RFC 9649."""

from __future__ import annotations

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.exif import exif_orientation
from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

_ANIMATION, _EXIF, _ALPHA = 0x02, 0x08, 0x10
_MAX_CHUNKS = 1000


def read_webp(reader: ByteReader) -> PictureHeader:
    """Read the size from the first chunk."""
    reader.skip(4)
    if reader.little(4) + 8 > reader.size_bytes:
        raise PictureError("is truncated: it is shorter than its header says")
    reader.skip(4)
    kind = reader.take(4)
    reader.skip(4)
    if kind == b"VP8X":
        return _extended(reader)
    if kind == b"VP8L":
        reader.skip(1)
        sizes = reader.little(4)
        width, height = (sizes & 0x3FFF) + 1, (sizes >> 14 & 0x3FFF) + 1
        return PictureHeader("webp", width, height, has_alpha=bool(sizes >> 28 & 1))
    if kind == b"VP8 ":
        reader.skip(6)
        return PictureHeader("webp", reader.little(2) & 0x3FFF, reader.little(2) & 0x3FFF)
    raise PictureError("has no size in its header")


def _extended(reader: ByteReader) -> PictureHeader:
    """Read the chunk that announces what other chunks follow."""
    flags = reader.take(4)[0]
    width, height = reader.little(3) + 1, reader.little(3) + 1
    header = PictureHeader("webp", width, height, bool(flags & _ANIMATION), bool(flags & _ALPHA))
    return oriented(header, _orientation(reader)) if flags & _EXIF else header


def _orientation(reader: ByteReader) -> int:
    """The orientation in the chunk of EXIF data, which stands behind the pixels."""
    for _ in range(_MAX_CHUNKS):
        if reader.is_at_end:
            break
        kind, size = reader.take(4), reader.little(4)
        if kind == b"EXIF":
            return exif_orientation(reader.take(size))
        reader.seek(min(reader.position + size + size % 2, reader.size_bytes))
    return 1
