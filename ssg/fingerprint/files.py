"""Fingerprints of files: from their sizes and times, so that no file is read, or of a content."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from ssg.fingerprint.digest import digest_of

FileStat = tuple[int, int, int]
"""Size in bytes, time of the last change, and of the last change of the inode, in nanoseconds."""
UNKNOWN: FileStat = (-1, 0, 0)
"""The stat of a file that may change again and still show the same times."""

COARSE_TICK_NANOSECONDS = 2 * 10**9
"""The tick of the coarsest clock of a file system (FAT)."""
TICK_NANOSECONDS = 20 * 10**6
"""More than a tick of any kernel whose file systems keep fractions of a second."""


def file_stat(place: str) -> FileStat:
    """The stat of a file, or of the file that a link leads to. Raises OSError."""
    return _stat_of(os.stat(place))  # noqa: PTH116 a Path is slow


def settled_stat(status: os.stat_result, now_ns: int) -> FileStat:
    """The stat of a file, or UNKNOWN if it changed less than a tick before `now_ns`."""
    stat = _stat_of(status)
    return stat if max(stat[1:]) < now_ns - COARSE_TICK_NANOSECONDS else UNKNOWN


def file_sha256(file: Path) -> str:
    """The SHA-256 of the content of a file, in hex digits. Raises OSError."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def tree_fingerprint(places: Iterable[Path], *, with_inodes: bool = True) -> str:
    """A fingerprint of the names, sizes and times of all files at and below some places.

    Without `with_inodes` the times of inodes do not count: adding or removing a hard link changes
    them.
    """
    facts = 4 if with_inodes else 3
    return digest_of([(str(place), [one[:facts] for one in _walk(str(place))]) for place in places])


def settled_tree_fingerprint(places: Iterable[Path]) -> str:
    """The fingerprint of some places, once the current tick of the clock is over.

    A file that changed within this tick may change again with the same times. So this function
    waits until the tick is over: a file that is read later matches the fingerprint, or has new
    times.
    """
    found = [(str(place), list(_walk(str(place)))) for place in places]
    newest = max((max(stat[2:]) for _, stats in found for stat in stats), default=0)
    tick = TICK_NANOSECONDS if newest % 10**9 else COARSE_TICK_NANOSECONDS
    age = time.time_ns() - newest
    if 0 <= age < tick:
        time.sleep((tick - age) / 1e9)
    return digest_of(found)


def _stat_of(status: os.stat_result) -> FileStat:
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _walk(place: str) -> Iterator[tuple[str, int, int, int]]:
    """Name and stat of each file in a folder, in order; for a file, its stat alone."""
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except NotADirectoryError:
        yield "", *file_stat(place)
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield entry.name, -1, 0, 0
            yield from _walk(entry.path)
            yield "", -2, 0, 0
            continue
        try:
            status = entry.stat()
        except OSError:  # a broken link, which the scan reports
            status = entry.stat(follow_symlinks=False)
        yield entry.name, *_stat_of(status)
