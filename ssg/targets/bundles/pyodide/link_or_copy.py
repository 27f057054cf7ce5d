"""Puts files into the folder of a new function: links those that the last build put there, too."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


class LinkOrCopy:
    """Copies files with their times, or links them to the same file in `before`.

    The folder `before` is removed when the new one takes its place. Nothing is linked to its
    source: a file in the cache must not change when somebody writes to a function.
    """

    def __init__(self, folder: Path, before: Path | None) -> None:
        self._folder = folder
        self._before = before
        self._made: set[Path] = set()

    def __call__(self, source: Path, name: str) -> None:
        """Put a file there."""
        place = self._folder / name
        if place.parent not in self._made:
            place.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(place.parent)
        if self._before is None or not _link(self._before / name, place, source):
            shutil.copy2(source, place)


def _link(old: Path, place: Path, source: Path) -> bool:
    """Link an old copy if it is unchanged. Writing to it changes its time."""
    try:
        there, here = old.lstat(), source.stat()
        if (there.st_size, there.st_mtime_ns) != (here.st_size, here.st_mtime_ns):
            return False
        os.link(old, place, follow_symlinks=False)
    except OSError:  # it is not there, or the file system has no links
        return False
    return True
