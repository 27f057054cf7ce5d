"""What faults of disks, crashes and full disks make of a file."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path


def empty(file: Path) -> None:
    """The file without its content."""
    _overwrite(file, b"")


def half(file: Path) -> None:
    """The first half of the file."""
    content = file.read_bytes()
    _overwrite(file, content[: len(content) // 2])


def noise(file: Path) -> None:
    """Random bytes of the same length."""
    _overwrite(file, random.Random(1).randbytes(file.stat().st_size))  # noqa: S311 no secret


def _overwrite(file: Path, content: bytes) -> None:
    """Write in place, as a fault does: a file that replaces another has another inode."""
    with file.open("r+b") as stream:
        stream.truncate(0)
        stream.write(content)


DAMAGES: tuple[Callable[[Path], None], ...] = (empty, half, noise)
