"""The header of a TIFF picture: the tags of its first directory. See TIFF 6.0."""

from __future__ import annotations

from typing import Literal

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

_WIDTH, _HEIGHT, _BITS, _ORIENTATION, _EXTRA_SAMPLES = 256, 257, 258, 274, 338
_VALUE_BYTES = {1: 1, 3: 2, 4: 4}
"""Sizes of the types of values: byte, short and long."""


def read_tiff(reader: ByteReader) -> PictureHeader:
    """Read the size and the orientation of the first page."""
    order: Literal["little", "big"] = "little" if reader.take(2) == b"II" else "big"
    reader.skip(2)
    reader.seek(int.from_bytes(reader.take(4), order))
    tags = dict(_tag(reader.take(12), order) for _ in range(int.from_bytes(reader.take(2), order)))
    if not {_WIDTH, _HEIGHT} <= tags.keys():
        raise PictureError("has no size in its header")
    header = PictureHeader(
        "tiff", tags[_WIDTH], tags[_HEIGHT], has_alpha=_EXTRA_SAMPLES in tags,
        bits=tags.get(_BITS, 1) if tags.get(_BITS, 1) <= 32 else 8,
    )  # fmt: skip
    return oriented(header, tags.get(_ORIENTATION, 1))


def _tag(entry: bytes, order: Literal["little", "big"]) -> tuple[int, int]:
    """The number of a tag and its first value; the place of its values if there are many."""
    size = _VALUE_BYTES.get(int.from_bytes(entry[2:4], order), 4)
    is_inside = int.from_bytes(entry[4:8], order) * size <= 4
    value = entry[8 : 8 + size] if is_inside else entry[8:12]
    return int.from_bytes(entry[:2], order), int.from_bytes(value, order)
