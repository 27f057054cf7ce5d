"""The header of an AVIF picture: boxes of HEIF. See ISO/IEC 23008-12 and av1-avif."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

_ALPHA_NAMES = (b"urn:mpeg:mpegB:cicp:systems:auxiliary:alpha", b"urn:mpeg:hevc:2015:auxid:1")
_MAX_BOXES = 1000
_MAX_META_BYTES = 4_000_000

_ORIENTATIONS = {
    (0, None): 1, (0, 0): 4, (0, 1): 2,
    (1, None): 8, (1, 0): 5, (1, 1): 7,
    (2, None): 3, (2, 0): 2, (2, 1): 4,
    (3, None): 6, (3, 0): 7, (3, 1): 5,
}  # fmt: skip
"""Orientations of EXIF, by quarter turns to the left, and the axis of the mirror after them."""


@dataclass(frozen=True, slots=True)
class _Box:
    kind: bytes
    body: bytes


def read_avif(reader: ByteReader) -> PictureHeader:
    """Read the properties of the primary item."""
    brands = reader.take(reader.number(4) - 4)[4:]
    meta = _top_level_box(reader, b"meta")[4:]
    boxes = {box.kind: box.body for box in _boxes(meta)}
    properties = {box.kind: box.body for box in _boxes(boxes.get(b"iprp", b""))}
    all_items = tuple(_boxes(properties.get(b"ipco", b"")))
    chosen = _properties_of(_primary_item(boxes.get(b"pitm", b"")), properties.get(b"ipma", b""))
    own = {all_items[n - 1].kind: all_items[n - 1].body for n in chosen if n <= len(all_items)}
    if len(size := own.get(b"ispe", b"")) < 12:
        raise PictureError("has no size in its header")
    width, height = int.from_bytes(size[4:8], "big"), int.from_bytes(size[8:12], "big")
    has_alpha = any(box.kind == b"auxC" and _is_alpha(box.body) for box in all_items)
    bits = own.get(b"pixi", b"\0\0\0\0\1\x08")[5:6] or b"\x08"
    header = PictureHeader("avif", width, height, _is_sequence(brands), has_alpha, bits[0])
    return oriented(header, _orientation(own))


def _top_level_box(reader: ByteReader, wanted: bytes) -> bytes:
    """The body of the first box of this kind."""
    for _ in range(_MAX_BOXES):
        start = reader.position
        size, kind = reader.number(4), reader.take(4)
        if size == 1:
            size = reader.number(8)
        body_bytes = (start + size if size else reader.size_bytes) - reader.position
        if kind == wanted and body_bytes <= _MAX_META_BYTES:
            return reader.take(body_bytes)
        reader.skip(body_bytes)
    raise PictureError("has no size in its header")


def _boxes(data: bytes) -> Iterator[_Box]:
    """The boxes in the body of another. An incomplete one ends them."""
    place = 0
    while place + 8 <= len(data):
        size = int.from_bytes(data[place : place + 4], "big")
        if size < 8 or place + size > len(data):
            return
        yield _Box(data[place + 4 : place + 8], data[place + 8 : place + size])
        place += size


def _primary_item(body: bytes) -> int:
    """The id of the primary item: 16 bits in version 0, else 32."""
    return int.from_bytes(body[4:8] if body[:1] > b"\0" else body[4:6], "big")


def _properties_of(item: int, body: bytes) -> tuple[int, ...]:
    """The numbers of the properties of an item, from 1."""
    id_bytes = 4 if body[:1] > b"\0" else 2
    index_bytes = 2 if body[3:4] and body[3] & 1 else 1
    place = 8
    for _ in range(int.from_bytes(body[4:8], "big")):
        if place + id_bytes >= len(body):
            break
        found = int.from_bytes(body[place : place + id_bytes], "big")
        first, count = place + id_bytes + 1, body[place + id_bytes]
        place = first + count * index_bytes
        if found == item:
            mask = 0x7FFF if index_bytes == 2 else 0x7F
            places = range(first, place, index_bytes)
            return tuple(int.from_bytes(body[p : p + index_bytes], "big") & mask for p in places)
    return ()


def _is_alpha(body: bytes) -> bool:
    return body[4:].split(b"\0", 1)[0] in _ALPHA_NAMES


def _is_sequence(brands: bytes) -> bool:
    return brands[:4] == b"avis"


def _orientation(properties: dict[bytes, bytes]) -> int:
    """The orientation of EXIF that does the same as the properties `irot` and `imir`."""
    turns = properties.get(b"irot", b"\0")[:1] or b"\0"
    mirror = properties.get(b"imir", b"")[:1]
    return _ORIENTATIONS[turns[0] & 3, mirror[0] & 1 if mirror else None]
