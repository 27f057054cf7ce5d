"""Measures a function, zipped and unzipped, against the limits of its host.

The size of a zip file is the sum of its deflated files. Files of the bundle are deflated when it is
made. Of a large database only samples are deflated, because deflating it takes as long as a build:
if the estimate comes near the limit, the whole file is.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem

HEAVIEST = 4

_LEVEL = 1  # the fastest, as hosts' bundlers deflate
_CHUNK_BYTES = 64 * 1024
_SAMPLES = 48
_NEAR = 0.1  # the part of a limit that makes a size "near" it
_ENTRY_BYTES = 160  # of a file's two headers in a zip file, with a name of forty letters


@dataclass(frozen=True, slots=True)
class SizeLimits:
    """The largest function that a host accepts. `host` is its name in messages."""

    host: str
    zipped_bytes: int
    unzipped_bytes: int


@dataclass(frozen=True, slots=True)
class FileSize:
    """A file of a function. `zipped_bytes` is its size after deflating."""

    name: str
    bytes: int
    zipped_bytes: int
    is_estimate: bool = False


@dataclass(frozen=True, slots=True)
class FunctionSize:
    """A function's size, with its heaviest files first."""

    zipped_bytes: int
    zipped_is_estimate: bool
    unzipped_bytes: int
    heaviest: tuple[FileSize, ...]


def exact(file: Path, root: Path) -> FileSize:
    """Measure a file by deflating all of it."""
    deflater = zlib.compressobj(_LEVEL)
    with file.open("rb") as stream:
        chunks = iter(lambda: stream.read(_CHUNK_BYTES), b"")
        zipped = sum(len(deflater.compress(chunk)) for chunk in chunks)
    return FileSize(_name(file, root), file.stat().st_size, zipped + len(deflater.flush()))


def estimate(file: Path, root: Path) -> FileSize:
    """Deflate samples spread over a file. The estimate errs on the large side."""
    length = file.stat().st_size
    if length <= _SAMPLES * _CHUNK_BYTES:
        return exact(file, root)
    pieces = list(_pieces(file, length))
    zipped = sum(len(zlib.compress(piece, _LEVEL)) for piece in pieces)
    whole = round(zipped * length / sum(map(len, pieces)))
    return FileSize(_name(file, root), length, whole, is_estimate=True)


def packed(files: Iterable[Path]) -> list[FileSize]:
    """Files that are compressed already: deflating only adds an entry of the zip file."""
    sizes = ((file.name, file.stat().st_size) for file in files)
    return [FileSize(name, length, length + _ENTRY_BYTES) for name, length in sizes]


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _pieces(file: Path, length: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        for number in range(_SAMPLES):
            stream.seek((length - _CHUNK_BYTES) * number // (_SAMPLES - 1))
            yield stream.read(_CHUNK_BYTES)


def measure(
    known: Iterable[FileSize], others: Iterable[FileSize], root: Path, limits: SizeLimits
) -> FunctionSize:
    """Add up a function. If the sum with the estimates among `others` comes near the limit, these
    files are deflated."""
    known, others = tuple(known), tuple(others)
    total = add_up((*known, *others))
    distance = abs(total.zipped_bytes - limits.zipped_bytes) / limits.zipped_bytes
    if distance > _NEAR or not total.zipped_is_estimate:
        return total
    return add_up((*known, *(exact(root / file.name, root) for file in others)))


def add_up(files: Sequence[FileSize]) -> FunctionSize:
    by_weight = sorted(files, key=lambda file: (-file.zipped_bytes, file.name))
    return FunctionSize(
        zipped_bytes=sum(file.zipped_bytes for file in files),
        zipped_is_estimate=any(file.is_estimate for file in files),
        unzipped_bytes=sum(file.bytes for file in files),
        heaviest=tuple(by_weight[:HEAVIEST]),
    )


def is_tight(size: FunctionSize, limits: SizeLimits, near: float = _NEAR) -> bool:
    """Whether a function exceeds the limits or comes near them."""
    most = 1 - near
    return (
        size.zipped_bytes > most * limits.zipped_bytes
        or size.unzipped_bytes > most * limits.unzipped_bytes
    )


def problems(size: FunctionSize, limits: SizeLimits) -> list[Problem]:
    """A problem for each limit that a function exceeds: the build fails instead of the deploy."""
    checks = (
        ("zipped", size.zipped_bytes, limits.zipped_bytes),
        ("unzipped", size.unzipped_bytes, limits.unzipped_bytes),
    )
    return [
        _too_large(size, how, found, limit, limits.host)
        for how, found, limit in checks
        if found > limit
    ]


def _too_large(size: FunctionSize, how: str, found: int, limit: int, host: str) -> Problem:
    message = f"the function has {_megabytes(found)} {how}, but {host} takes {_megabytes(limit)}"
    files = ", ".join(
        f"{file.name} {_megabytes(file.zipped_bytes if how == 'zipped' else file.bytes)}"
        for file in size.heaviest
    )
    hint = (
        f"Largest files: {files}. site.db contains facts of every page, critical or deferred. "
        "Split the site, or build it with --target static"
    )
    return Problem(message, hint=hint)


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB"
