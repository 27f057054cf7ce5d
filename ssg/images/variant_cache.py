"""The cache of variants: files that survive builds, by name and checked.

    <folder>/01/23456789abcdef-640.webp.10240-9ab3c1f2

The first two digits of the name are a folder; the file has the rest, the number of its bytes and
their CRC-32, so that a damaged file is found. The content follows from the name: nothing here is
ever out of date. The time of a file says on which day it was last used.
"""

from __future__ import annotations

import os
import tempfile
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

DAY_SECONDS = 86_400
KEPT_SECONDS = 30 * DAY_SECONDS
_TEMPORARY = ".tmp-"


class _CachedFile(NamedTuple):
    """A file of the cache."""

    path: str
    file_name: str
    """Of the variant."""
    size_bytes: int
    crc: str
    status: os.stat_result

    @property
    def is_whole(self) -> bool:
        return self.size_bytes == self.status.st_size > 0


class VariantCache:
    """Variants by their file names. Processes and threads may share a folder."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock

    def find(self, file_name: str) -> Path | None:
        """The file of a variant, if it has its full length. Counts as a use."""
        found = self._find(file_name)
        if found is None:
            return None
        self._touch(found, self._clock())
        return Path(found.path)

    def read(self, file_name: str) -> bytes | None:
        """The bytes of a variant. Deletes a damaged file."""
        found = self._find(file_name)
        if found is None:
            return None
        try:
            data = Path(found.path).read_bytes()
        except OSError:  # another process has just deleted it
            return None
        if _crc(data) != found.crc:
            _delete(found.path)
            return None
        self._touch(found, self._clock())
        return data

    def write(self, file_name: str, data: bytes) -> Path:
        """Store a variant. Other processes see all of it or nothing."""
        folder = self.folder / file_name[:2]
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{file_name[2:]}.{len(data)}-{_crc(data)}"
        handle, temporary = tempfile.mkstemp(prefix=_TEMPORARY, dir=folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            Path(temporary).chmod(0o644)
            os.replace(temporary, path)  # noqa: PTH105 two texts
        except BaseException:
            _delete(temporary)
            raise
        return path

    def file_names(self) -> set[str]:
        """The file names of all variants that have their full length."""
        return {found.file_name for found in self._all() if found.is_whole}

    def size(self) -> tuple[int, int]:
        """The number of variants, and their bytes."""
        sizes = [found.size_bytes for found in self._all() if found.is_whole]
        return len(sizes), sum(sizes)

    def collect(self, known: Callable[[str], bool], now: float | None = None) -> int:
        """Delete what no build has used for 30 days. Return the number of deleted files.

        What is `known`, by file name, is in use.
        """
        now, deleted = self._clock() if now is None else now, 0
        for found in list(self._all()):
            if found.is_whole and known(found.file_name):
                self._touch(found, now)
            elif not found.is_whole or now - found.status.st_mtime > KEPT_SECONDS:
                deleted += _delete(found.path)
        self._delete_leftovers(now)
        return deleted

    def _delete_leftovers(self, now: float) -> None:
        """Delete what killed processes had begun to write, and folders without files."""
        for path in self.folder.glob(f"??/{_TEMPORARY}*"):
            with suppress(OSError):
                if now - path.stat().st_mtime > DAY_SECONDS:
                    path.unlink()
        for folder in self.folder.glob("??"):
            with suppress(OSError):  # it is not empty
                folder.rmdir()

    def _find(self, file_name: str) -> _CachedFile | None:
        """The file of a variant. Deletes one that is shorter or longer than its name says."""
        for found in _files(self.folder / file_name[:2], file_name[2:] + "."):
            if found.file_name == file_name:
                if found.is_whole:
                    return found
                _delete(found.path)
        return None

    def _all(self) -> Iterator[_CachedFile]:
        with suppress(FileNotFoundError), os.scandir(self.folder) as folders:
            for entry in folders:
                if len(entry.name) == 2:
                    yield from _files(Path(entry.path))

    def _touch(self, found: _CachedFile, now: float) -> None:
        """Note that a file is used today; once a day, so that reading seldom writes."""
        if now - found.status.st_mtime > DAY_SECONDS:
            with suppress(OSError):
                os.utime(found.path, (now, now))


def _files(folder: Path, start: str = "") -> Iterator[_CachedFile]:
    """The files of a folder whose names have this start."""
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            name, _, check = entry.name.rpartition(".")
            size, dash, crc = check.partition("-")
            if entry.name.startswith(start) and name and dash and size.isdecimal():
                yield _CachedFile(entry.path, folder.name + name, int(size), crc, entry.stat())


def _crc(data: bytes) -> str:
    return f"{zlib.crc32(data):08x}"


def _delete(path: str) -> bool:
    try:
        os.unlink(path)  # noqa: PTH108 a text
    except OSError:
        return False
    return True
