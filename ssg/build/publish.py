"""Putting a finished build into place: whole, or not at all.

Every folder is made beside its place and then exchanged with it. Files that ssg did not write are
carried over; those that it wrote before and did not write now are gone with the old folder.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from ssg.model.errors import Problem

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_SHOWN = 5


def foreign_files(output: Path, ours: Collection[str]) -> list[str]:
    """Names of the files in `output` that ssg did not write."""
    return [name for name in names(output) if name not in ours]


def in_the_way(output: Path, foreign: Iterable[str], files: Collection[str]) -> list[Problem]:
    """Foreign files that a build would overwrite, or put a folder in place of: it must not."""
    folders = {folder for file in files for folder in _folders(file)}
    found = [
        name
        for name in foreign
        if name in files or name in folders or any(above in files for above in _folders(name))
    ]
    if not found:
        return []
    shown = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
    message = f"{output.name}/ has files that ssg did not write and this build would replace"
    hint = "Move them away, delete the folder, or choose another with --output-dir"
    return [Problem(f"{message}: {shown}", None, hint)]


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def carry_over(output: Path, staged: Path, foreign: Iterable[str]) -> None:
    """Take the user's own files into the new folder. A hard link spares a copy."""
    for name in foreign:
        place = staged / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(output / name, place, follow_symlinks=False)
        except OSError:
            shutil.copy2(output / name, place, follow_symlinks=False)


def exchange(staged: Path, place: Path, old: Path) -> None:
    """Put the folder `staged` at `place`; what was there ends up at `old`, which must be free.

    In one step where the system can, so that a visitor sees the old folder or the new one.
    """
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        staged.rename(place)
    elif _swap(staged, place):
        staged.rename(old)
    else:
        place.rename(old)
        staged.rename(place)


def recover(place: Path, old: Path) -> None:
    """Undo the half of an `exchange` that a crash cut off."""
    if old.exists() and not place.exists():
        old.rename(place)


def remove(path: Path) -> None:
    """Remove a folder that ssg made, if it is there."""
    shutil.rmtree(path, ignore_errors=True)


def names(folder: Path, prefix: str = "") -> Iterator[str]:
    """Names of all files below a folder, relative to it. Symbolic links are not followed."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from names(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders atomically (Linux, renameat2); False where that cannot be done."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
