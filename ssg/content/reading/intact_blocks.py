"""Checks the blocks of texts that earlier builds left, before a build relies on them."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from ssg.fingerprint.files import UNKNOWN, FileStat, settled_stat
from ssg.model.texts import read_intact


def intact_blocks(folder: Path, known: Mapping[str, FileStat], now_ns: int) -> dict[str, FileStat]:
    """The stats of all blocks in a folder whose digests are their names.

    A block is read for its digest unless it has the stat that `known` names for it.
    """
    return {
        name: stat
        for name, stat in _stats(folder, now_ns)
        if (stat != UNKNOWN and known.get(name) == stat) or _is_intact(folder / name)
    }


def _stats(folder: Path, now_ns: int) -> Iterator[tuple[str, FileStat]]:
    with os.scandir(folder) as entries:
        for entry in entries:
            yield entry.name, settled_stat(entry.stat(follow_symlinks=False), now_ns)


def _is_intact(file: Path) -> bool:
    with contextlib.suppress(OSError):
        return read_intact(file) is not None
    return False
