"""The file of a tag table: about 8 bytes a tag.

| bytes | content |
|---|---|
| 8 | `ssg-tags`, so that nothing else is taken for it |
| 1 | version: 1 |
| 1 | the length of the next |
| 0 to 255 | the id of the build |
| the rest | zlib: the number of tags (4 bytes, big-endian), then 11 planes |

A tag is 11 bytes: its kind (a place in `ssg.render.dependencies.tags.KINDS`), 5 bytes of the
SHA-256 of its name, which are its hexadecimal digits, and 5 bytes of a hash of what it stands for.
Tags are sorted. A plane is one of these bytes of every tag: the first planes of sorted bytes
compress to nearly nothing. The file is named by its SHA-256, so it never changes.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from ssg.render.dependencies.tags import HASH_BYTES, KINDS, Dependency, name_hash, tag_of

MAGIC, VERSION = b"ssg-tags", 1
VALUE_BYTES = 5
"""The chance that a change is missed is 1 in 10^12."""
MAX_TAGS = 20_000_000
"""More tags are not read: a file of a few bytes could otherwise fill the memory."""
_KEY_BYTES = 1 + HASH_BYTES
_TAG_BYTES = _KEY_BYTES + VALUE_BYTES
_HEAD = MAGIC + bytes([VERSION])
_COUNT_BYTES = 4
_DIGEST_DIGITS = 32
_LEVEL = 6


class TableError(ValueError):
    """Bytes that are not a tag table of this version."""


@dataclass(frozen=True, slots=True)
class TagTable:
    """Tags and their values."""

    values: Mapping[bytes, bytes]
    """By the number of a kind, and the hash of a name."""
    build_id: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Mapping[bytes, bytes]], build_id: str) -> Self:
        """A table of values by kind and hash of the name."""
        numbers = {kind: bytes([number]) for number, kind in enumerate(KINDS)}
        flat = {
            numbers[kind] + name: value
            for kind, own in values.items()
            for name, value in own.items()
        }
        return cls(flat, build_id)

    def __len__(self) -> int:
        return len(self.values)

    def value(self, one: Dependency) -> bytes | None:
        """The value of a tag; None if the site does not have it."""
        return self.values.get(bytes([KINDS.index(one.kind)]) + name_hash(one.name))

    def differing(self, other: TagTable) -> list[str]:
        """The tags that have another value in another table, sorted."""
        keys = {key for key, _ in self.values.items() ^ other.values.items()}
        return sorted(map(_tag, keys))

    def to_bytes(self) -> bytes:
        """The content of the file."""
        keys = sorted(self.values)
        joined = b"".join(keys)
        values = b"".join([self.values[key] for key in keys])
        planes = [joined[place::_KEY_BYTES] for place in range(_KEY_BYTES)]
        planes += [values[place::VALUE_BYTES] for place in range(VALUE_BYTES)]
        count = len(keys).to_bytes(_COUNT_BYTES, "big")
        packed = zlib.compress(count + b"".join(planes), _LEVEL)
        build = self.build_id.encode()
        return _HEAD + bytes([len(build)]) + build + packed

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read a file. Raises TableError."""
        start = len(_HEAD) + 1
        if not data.startswith(_HEAD) or len(data) < start:
            raise TableError("it is not a tag table of this version")
        end = start + data[start - 1]
        raw = _unpacked(data[end:])
        count = int.from_bytes(raw[:_COUNT_BYTES], "big")
        if len(raw) != _COUNT_BYTES + count * _TAG_BYTES:
            raise TableError("it is not complete")
        keys = _columns(raw[_COUNT_BYTES : _COUNT_BYTES + count * _KEY_BYTES], _KEY_BYTES, count)
        values = _columns(raw[_COUNT_BYTES + count * _KEY_BYTES :], VALUE_BYTES, count)
        if any(key[0] >= len(KINDS) for key in keys[-1:]):
            raise TableError("it has tags of an unknown kind")
        build_id = data[start:end].decode("ascii", "replace")
        return cls(dict(zip(keys, values, strict=True)), build_id)


def table_name(data: bytes) -> str:
    """The name of the file with some content."""
    return f"{hashlib.sha256(data).hexdigest()[:_DIGEST_DIGITS]}.bin"


def _tag(key: bytes) -> str:
    kind, name = KINDS[key[0]], key[1:]
    return kind if name == name_hash("") else tag_of(kind, name)


def _unpacked(packed: bytes) -> bytes:
    limit = _COUNT_BYTES + MAX_TAGS * _TAG_BYTES
    unpacker = zlib.decompressobj()
    try:
        raw = unpacker.decompress(packed, limit)
    except zlib.error as error:
        raise TableError("it is damaged") from error
    if not unpacker.eof or unpacker.unused_data:
        raise TableError("it is not complete")
    return raw


def _columns(planes: bytes, width: int, count: int) -> list[bytes]:
    """Values of some bytes each, from the planes of their bytes."""
    joined = bytearray(len(planes))
    for place in range(width):
        joined[place::width] = planes[place * count : (place + 1) * count]
    whole = bytes(joined)
    return [whole[start : start + width] for start in range(0, len(whole), width)]
