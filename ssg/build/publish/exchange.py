"""Putting a finished build into place: whole, or not at all.

Every folder is made beside its place and then exchanged with it. Files that ssg did not write are
carried over; those that it wrote before and did not write now are gone with the old folder.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from ssg.model.errors import Problem

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
_SHOWN = 5


def foreign_files(output: Path, ours: Collection[str]) -> list[str]:
    """Names of the files in `output` that ssg did not write."""
    return [name for name in names(output) if name not in ours]


def clashes(output: Path, files: Iterable[str], known: Collection[str]) -> list[Problem]:
    """Foreign files that a build would overwrite, or put a folder in place of: it must not.

    `known` are the files that ssg wrote.
    """
    if not output.is_dir():
        return []
    found, folders = set[str](), dict[str, bool]()
    for name in files:
        for above in _folders(name):
            if above not in folders:
                folders[above] = is_there(output / above) and not is_folder(output / above)
            if folders[above]:
                found.add(above)
        if is_folder(output / name):
            found |= {f"{name}/{below}" for below in names(output / name)}
        elif name not in known and is_there(output / name):
            found.add(name)
    return _in_the_way(output, sorted(found - set(known)))


def _in_the_way(output: Path, found: list[str]) -> list[Problem]:
    if not found:
        return []
    shown = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
    message = f"{output.name}/ has files that ssg did not write and this build would replace"
    hint = "Move them away, delete the folder, or choose another with --output-dir"
    return [Problem(f"{message}: {shown}", None, hint)]


def is_there(place: Path) -> bool:
    return os.path.lexists(place)


def is_folder(place: Path) -> bool:
    """Whether there is a folder of its own, and not a link to one."""
    return _mode(place, stat.S_ISDIR)


def is_file(place: Path) -> bool:
    return _mode(place, stat.S_ISREG)


def _mode(place: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(os.lstat(place).st_mode)
    except OSError:
        return False


def is_within(output: Path, name: str) -> bool:
    """Whether nothing on the way to a file leads out of a folder, as a link may."""
    return all(is_folder(output / above) for above in _folders(name))


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
