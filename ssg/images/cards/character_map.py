"""The characters that a font has, from its table `cmap` (OpenType, "Character to Glyph Index").

Pillow draws a box for a character that a font lacks, and does not say so.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_COLLECTION = b"ttcf"
_TABLE_FORMATS = (12, 4)
"""All of Unicode, or its first plane: the formats that fonts of today have."""
_LAST_OF_FORMAT_4 = 0xFFFF


def characters_of(font: bytes) -> frozenset[int]:
    """The code points that a font file has a glyph for. Raises ValueError for another file."""
    try:
        table = _character_table(font)
        by_format = dict(_subtables(table))
        for number in _TABLE_FORMATS:
            if number in by_format:
                read = _format_12 if number == 12 else _format_4
                return frozenset(read(table[by_format[number] :]))
    except struct.error:
        raise ValueError("it is cut off") from None
    raise ValueError("it has no table of Unicode characters")


def _character_table(font: bytes) -> bytes:
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == _COLLECTION else 0
    (count,) = struct.unpack_from(">H", font, start + 4)
    for number in range(count):
        tag, _, offset, length = struct.unpack_from(">4sIII", font, start + 12 + 16 * number)
        if tag == b"cmap":
            return font[offset : offset + length]
    raise ValueError("it is not a font file (.ttf, .otf or .ttc)")


def _subtables(table: bytes) -> Iterator[tuple[int, int]]:
    """Format and offset of each mapping of Unicode."""
    (count,) = struct.unpack_from(">H", table, 2)
    for number in range(count):
        platform, encoding, offset = struct.unpack_from(">HHI", table, 4 + 8 * number)
        if platform == 0 or (platform == 3 and encoding in {1, 10}):
            yield struct.unpack_from(">H", table, offset)[0], offset


def _format_12(table: bytes) -> Iterator[int]:
    (count,) = struct.unpack_from(">I", table, 12)
    for number in range(count):
        first, last, _ = struct.unpack_from(">III", table, 16 + 12 * number)
        yield from range(first, min(last, 0x10FFFF) + 1)


def _format_4(table: bytes) -> Iterator[int]:
    (twice,) = struct.unpack_from(">H", table, 6)
    count = twice // 2
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{count}H", table, 14 + number * twice + 2 * bool(number))
        for number in range(4)
    )
    for index in range(count):
        place = 16 + 3 * twice + 2 * index + offsets[index]
        for code in range(starts[index], ends[index] + 1):
            at = place + 2 * (code - starts[index])
            glyph = struct.unpack_from(">H", table, at)[0] if offsets[index] else code
            has_glyph = glyph and (offsets[index] or (glyph + deltas[index]) & 0xFFFF)
            if has_glyph and code != _LAST_OF_FORMAT_4:
                yield code
