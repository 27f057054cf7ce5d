"""The publish folder: which files in it are the user's own, and how a new one takes its place.

A large build makes the whole publish folder anew, beside the old one, and swaps the two. On Linux
that is one system call (`renameat2`), so a visitor sees the old folder or the new one. Elsewhere it
is two renames; if the process dies between them, `undo_half_swap` puts the old folder back.

A publish folder may also contain files that ssg did not write (*foreign* files). A build keeps
them: `link_files` adds them to the new folder. It never replaces one: `clashes` finds those that
are in the way of the build's own files, and the build stops.
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
    return [name for name in file_names(output) if name not in ours]


def clashes(output: Path, files: Iterable[str], written: Collection[str]) -> list[Problem]:
    """A problem that lists the foreign files which `files` would replace; empty if there are none.

    `written` are the files that ssg wrote.
    """
    if not output.is_dir():
        return []
    found, folders = set[str](), dict[str, bool]()
    for name in files:
        for above in _folders(name):
            if above not in folders:
                folders[above] = exists(output / above) and not is_folder(output / above)
            if folders[above]:
                found.add(above)
        if is_folder(output / name):
            found |= {f"{name}/{below}" for below in file_names(output / name)}
        elif name not in written and exists(output / name):
            found.add(name)
    return _clash_problems(output, sorted(found - set(written)))


def _clash_problems(output: Path, found: list[str]) -> list[Problem]:
    if not found:
        return []
    shown = ", ".join(found[:_SHOWN]) + (", ..." if len(found) > _SHOWN else "")
    message = f"{output.name}/ has files that ssg did not write and this build would replace"
    hint = "Move them away, delete the folder, or choose another with --output-dir"
    return [Problem(f"{message}: {shown}", None, hint)]


def exists(place: Path) -> bool:
    return os.path.lexists(place)


def is_folder(place: Path) -> bool:
    """Whether the place is a folder, and not a link to one."""
    return _mode(place, stat.S_ISDIR)


def is_file(place: Path) -> bool:
    return _mode(place, stat.S_ISREG)


def _mode(place: Path, is_kind: Callable[[int], bool]) -> bool:
    try:
        return is_kind(os.lstat(place).st_mode)
    except OSError:
        return False


def is_within(output: Path, name: str) -> bool:
    """Whether all folders on the way to a file are real ones: a link may lead out of `output`."""
    return all(is_folder(output / above) for above in _folders(name))


def _folders(name: str) -> Iterator[str]:
    while "/" in name:
        name = name.rpartition("/")[0]
        yield name


def link_files(output: Path, staged: Path, names: Iterable[str]) -> None:
    """Add files of the old folder to the new one: as hard links, or as copies if that fails."""
    for name in names:
        place = staged / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(output / name, place, follow_symlinks=False)
        except OSError:
            shutil.copy2(output / name, place, follow_symlinks=False)


def swap_folders(staged: Path, place: Path, old: Path) -> None:
    """Put the folder `staged` at `place`, and the folder that was there at `old`, which is free."""
    place.parent.mkdir(parents=True, exist_ok=True)
    if not place.exists():
        staged.rename(place)
    elif _swap_atomically(staged, place):
        staged.rename(old)
    else:
        place.rename(old)
        try:
            staged.rename(place)
        except OSError:
            old.rename(place)
            raise


def undo_half_swap(place: Path, old: Path) -> None:
    """Undo half a `swap_folders` that a crash interrupted."""
    if old.exists() and not place.exists():
        old.rename(place)


def remove_folder(path: Path) -> None:
    """Remove a folder that ssg made, if it exists."""
    shutil.rmtree(path, ignore_errors=True)


def file_names(folder: Path, prefix: str = "") -> Iterator[str]:
    """Names of all files below a folder, relative to it. Symbolic links are not followed."""
    if not folder.is_dir():
        return
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from file_names(Path(entry.path), f"{prefix}{entry.name}/")
            else:
                yield prefix + entry.name


def _swap_atomically(one: Path, other: Path) -> bool:
    """Swap two folders in one step (Linux, renameat2); False if the system cannot do that."""
    try:
        renameat2 = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    result = renameat2(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE)
    return bool(result == 0)
