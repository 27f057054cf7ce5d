"""The header of a PNG picture: chunks before the pixels. See https://www.w3.org/TR/png-3/."""

from __future__ import annotations

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.exif import exif_orientation
from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

_WITH_ALPHA = frozenset({4, 6})
_MAX_CHUNKS = 1000


def read_png(reader: ByteReader) -> PictureHeader:
    """Read the size, and what chunks before the pixels say about transparency and frames."""
    reader.skip(8)
    if reader.take(8)[4:] != b"IHDR":
        raise PictureError("has no size in its header")
    width, height = reader.number(4), reader.number(4)
    bits, color_type = reader.take(2)
    reader.skip(3 + 4)
    orientation, kinds = 1, set[bytes]()
    for _ in range(_MAX_CHUNKS):
        size, kind = reader.number(4), reader.take(4)
        if kind in {b"IDAT", b"IEND"}:
            break
        kinds.add(kind)
        chunk_end = reader.position + size + 4
        if kind == b"eXIf":
            orientation = exif_orientation(reader.take(size))
        reader.seek(chunk_end)
    has_alpha = color_type in _WITH_ALPHA or b"tRNS" in kinds
    header = PictureHeader("png", width, height, b"acTL" in kinds, has_alpha, bits)
    return oriented(header, orientation)
