"""The header of a JPEG picture: markers up to the first frame. See ITU T.81, annex B."""

from __future__ import annotations

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.exif import exif_orientation
from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_EXIF = 0xE1
_SCAN, _END = 0xDA, 0xD9
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})
"""Markers without a segment."""


def read_jpeg(reader: ByteReader) -> PictureHeader:
    """Read the size from the first frame, and the orientation from EXIF data before it."""
    orientation: int | None = None
    reader.skip(2)
    while (marker := _next_marker(reader)) not in _FRAMES:
        if marker in {_SCAN, _END}:
            raise PictureError("has no size in its header")
        if marker in _ALONE:
            continue
        segment_end = reader.position + reader.number(2)
        if marker == _EXIF and orientation is None and reader.peek(6) == b"Exif\0\0":
            orientation = exif_orientation(reader.take(segment_end - reader.position))
        reader.seek(segment_end)
    reader.skip(2)
    bits, height, width = reader.number(1), reader.number(2), reader.number(2)
    return oriented(PictureHeader("jpeg", width, height, bits=bits), orientation or 1)


def _next_marker(reader: ByteReader) -> int:
    """Read a marker: a byte FF, which may be repeated, and a number."""
    if reader.number(1) != 0xFF:
        raise PictureError("is damaged: its header has bytes between the segments")
    marker = 0xFF
    while marker == 0xFF:
        marker = reader.number(1)
    return marker
