"""How large a function is, zipped and unzipped, against what the host takes."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem

ZIPPED_LIMIT_BYTES = 50 * 1024 * 1024
UNZIPPED_LIMIT_BYTES = 250 * 1024 * 1024
"""Netlify's functions run on AWS Lambda: its quotas, "Deployment package (.zip file archive)"."""

HEAVIEST = 4

_LEVEL = 1  # as Netlify's own bundler deflates
_CHUNK_BYTES = 64 * 1024
_SAMPLES = 48
_NEAR = 0.1
_ENTRY_BYTES = 160  # of a file's two headers in a zip file, with a name of forty letters


@dataclass(frozen=True, slots=True)
class FileSize:
    """A file of a function. `zipped_bytes` is what deflating makes of it."""

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
    """Deflate a whole file, to see what comes of it."""
    deflater = zlib.compressobj(_LEVEL)
    with file.open("rb") as stream:
        chunks = iter(lambda: stream.read(_CHUNK_BYTES), b"")
        zipped = sum(len(deflater.compress(chunk)) for chunk in chunks)
    return FileSize(_name(file, root), file.stat().st_size, zipped + len(deflater.flush()))


def estimate(file: Path, root: Path) -> FileSize:
    """Deflate pieces from all over a file. It errs on the large side: each piece starts anew."""
    length = file.stat().st_size
    if length <= _SAMPLES * _CHUNK_BYTES:
        return exact(file, root)
    pieces = list(_pieces(file, length))
    zipped = sum(len(zlib.compress(piece, _LEVEL)) for piece in pieces)
    whole = round(zipped * length / sum(map(len, pieces)))
    return FileSize(_name(file, root), length, whole, is_estimate=True)


def packed(files: Iterable[Path]) -> list[FileSize]:
    """Files that are compressed already; each has an entry in the zip file all the same."""
    sizes = ((file.name, file.stat().st_size) for file in files)
    return [FileSize(name, length, length + _ENTRY_BYTES) for name, length in sizes]


def _name(file: Path, root: Path) -> str:
    return file.relative_to(root).as_posix()


def _pieces(file: Path, length: int) -> Iterator[bytes]:
    with file.open("rb") as stream:
        for number in range(_SAMPLES):
            stream.seek((length - _CHUNK_BYTES) * number // (_SAMPLES - 1))
            yield stream.read(_CHUNK_BYTES)


def measure(known: Iterable[FileSize], others: Iterable[FileSize], root: Path) -> FunctionSize:
    """Add up a function. Where its `others`, which are estimated, come near the limit, the truth is
    looked for."""
    known, others = tuple(known), tuple(others)
    total = add_up((*known, *others))
    distance = abs(total.zipped_bytes - ZIPPED_LIMIT_BYTES) / ZIPPED_LIMIT_BYTES
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


def is_tight(size: FunctionSize, near: float = _NEAR) -> bool:
    """Whether a function is over the limits, or so near that it soon would be."""
    zipped, unzipped = size.zipped_bytes, size.unzipped_bytes
    most = 1 - near
    return zipped > most * ZIPPED_LIMIT_BYTES or unzipped > most * UNZIPPED_LIMIT_BYTES


def problems(size: FunctionSize) -> list[Problem]:
    """What the host would refuse, so that the build fails and not the deploy."""
    checks = (
        ("zipped", size.zipped_bytes, ZIPPED_LIMIT_BYTES),
        ("unzipped", size.unzipped_bytes, UNZIPPED_LIMIT_BYTES),
    )
    return [_too_large(size, how, found, limit) for how, found, limit in checks if found > limit]


def _too_large(size: FunctionSize, how: str, found: int, limit: int) -> Problem:
    message = f"the function has {_megabytes(found)} {how}, and Netlify takes {_megabytes(limit)}"
    files = ", ".join(
        f"{file.name} {_megabytes(file.zipped_bytes if how == 'zipped' else file.bytes)}"
        for file in size.heaviest
    )
    hint = (
        f"Heaviest: {files}. site.db holds the facts of every page, critical or deferred; "
        "a site of this size can be split, or built with `--target static`."
    )
    return Problem(message, hint=hint)


def _megabytes(count: int) -> str:
    return f"{count / 1024 / 1024:.1f} MB"
