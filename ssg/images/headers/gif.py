"""The header of a GIF picture, and whether it has a second frame."""

from __future__ import annotations

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.header import PictureHeader
from ssg.images.picture_error import PictureError

_EXTENSION, _FRAME = 0x21, 0x2C
_GRAPHIC_CONTROL = 0xF9
_MAX_BLOCKS = 100_000


def read_gif(reader: ByteReader) -> PictureHeader:
    """Read the size, and pass over the first frame to see whether there is another."""
    reader.skip(6)
    width, height = reader.little(2), reader.little(2)
    flags = reader.take(3)[0]
    reader.skip(_palette_bytes(flags))
    frames, has_alpha = 0, False
    while frames < 2 and not reader.is_at_end:
        kind = reader.number(1)
        if kind == _EXTENSION:
            if reader.number(1) == _GRAPHIC_CONTROL:
                has_alpha |= _has_clear_color(reader.peek(2))
        elif kind == _FRAME:
            frames += 1
            reader.skip(8)
            reader.skip(_palette_bytes(reader.number(1)) + 1)
        else:
            break
        if frames < 2:
            _pass_over_blocks(reader)
    if not frames:
        raise PictureError("has no frame")
    return PictureHeader("gif", width, height, frames > 1, has_alpha)


def _has_clear_color(block: bytes) -> bool:
    """Whether a graphic control block names a transparent colour."""
    return len(block) > 1 and bool(block[1] & 1)


def _palette_bytes(flags: int) -> int:
    """The size of the palette that these flags announce."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _pass_over_blocks(reader: ByteReader) -> None:
    """Pass over blocks of data up to the empty one. A file that ends before is read as far."""
    for _ in range(_MAX_BLOCKS):
        if reader.is_at_end or not (size := reader.number(1)):
            return
        reader.seek(min(reader.position + size, reader.size_bytes))
