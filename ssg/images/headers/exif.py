"""The orientation in EXIF data, which are a small TIFF file. See CIPA DC-008, 4.6."""

from __future__ import annotations

import struct

_ORIENTATION = 274
_PREFIX = b"Exif\0\0"


def exif_orientation(data: bytes) -> int:
    """The orientation of EXIF data, with or without their prefix; 1 if they do not say it."""
    try:
        return _tag(data.removeprefix(_PREFIX), _ORIENTATION)
    except (struct.error, ValueError):
        return 1


def _tag(data: bytes, wanted: int) -> int:
    """The value of a tag with a number of 16 bits in the first directory; 1 without it."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(data[:4])
    if order is None:
        return 1
    (start,) = struct.unpack_from(order + "I", data, 4)
    (count,) = struct.unpack_from(order + "H", data, start)
    for place in range(start + 2, start + 2 + 12 * count, 12):
        tag, _, _, value = struct.unpack_from(order + "HHIH", data, place)
        if tag == wanted:
            return int(value)
    return 1
