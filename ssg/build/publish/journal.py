"""The journal: a list of file changes that an interrupted build leaves for the next to complete.

A build changes many files when it publishes: pages, folders of the target, the site database, its
own notes. They belong together, but no file system changes them in one step. So:

1. Everything new is finished under a temporary name before the first change.
2. The list of all changes is written to the journal, which appears in one step (a rename).
3. The changes are applied, in order; then the journal is removed.

If the process dies in step 3, or a change fails, the journal and all staged files stay, and the
next build applies all of it again. That is correct because each change is idempotent: it first
looks whether it was made already, and then does nothing. If the process dies before the rename in
step 2, there is no journal and nothing changed.

A journal may come from elsewhere, with a copied folder. So it names each path relative to a folder
of the build, and is applied only if every path stays in its folder.
"""

from __future__ import annotations

import contextlib
import errno
import json
import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ssg.build.publish.durable import sync_folder, write_durably
from ssg.build.publish.publish_folder import exists, is_folder, swap_folders

FileChange = tuple[str, ...]
"""The name of a change, and the paths that are its arguments."""

SWAPPED = ".ssg-swap"
"""A file in a staged folder: once it is in place, it says that the folders were swapped."""
_MOVING = ".ssg-move"
"""A file on its way to another file system."""


class UnusableJournalError(ValueError):
    """A journal is damaged, or names a place outside of the folders of the build."""


class OtherOutputError(Exception):
    """A journal is of a build into another publish folder, which `output` names."""

    def __init__(self, output: str) -> None:
        super().__init__(output)
        self.output = output


@dataclass(frozen=True, slots=True)
class JournalPaths:
    """The folders whose files a journal may change. Inner ones come before those around them."""

    root: Path
    output: Path
    folders: Mapping[str, Path]

    @property
    def output_name(self) -> str:
        """The publish folder: relative to the root, or its place if it is outside."""
        inside = self.output.is_relative_to(self.root)
        return str(self.output.relative_to(self.root) if inside else self.output)

    def name(self, path: Path) -> str:
        """The name of a path in a journal."""
        for name, folder in self.folders.items():
            if path.is_relative_to(folder):
                return f"{name}/{path.relative_to(folder).as_posix()}".removesuffix("/.")
        raise ValueError(f"outside of the folders of the build: {path}")

    def path(self, name: str) -> Path:
        """The path that a journal names. Raises UnusableJournalError."""
        folder_name, *parts = name.split("/")
        folder = self.folders.get(folder_name)
        is_plain = all(part not in {"", ".", ".."} and "\0" not in part for part in parts)
        if folder is None or not is_plain:
            raise UnusableJournalError(name)
        if not parts:
            return folder
        path = folder.joinpath(*parts)
        if not _real(path.parent).is_relative_to(_real(folder)):  # a link leads out of it
            raise UnusableJournalError(name)
        return path


@lru_cache(maxsize=1024)
def _real(folder: Path) -> Path:
    return folder.resolve()


def move_file(staged: Path, place: Path) -> FileChange:
    """Move a file to its place, over the file that is there."""
    return "move", str(staged), str(place)


def remove_file(file: Path) -> FileChange:
    """Remove a file of the publish folder, and the folders around it that are then empty."""
    return "remove file", str(file)


def swap_folder(staged: Path, place: Path, old: Path) -> FileChange:
    """Swap a folder with the one in its place, which then moves to `old`."""
    (place / SWAPPED).unlink(missing_ok=True)
    (staged / SWAPPED).touch()
    return "swap", str(staged), str(place), str(old)


def remove_folder(folder: Path) -> FileChange:
    """Remove a folder and everything in it."""
    return "remove folder", str(folder)


def write_and_apply(path: Path, paths: JournalPaths, changes: Iterable[FileChange]) -> None:
    """Write a journal at `path`, and apply its changes."""
    changes = list(changes)
    named = [[name, *(paths.name(Path(one)) for one in values)] for name, *values in changes]
    content = {"output": paths.output_name, "changes": named}
    write_durably(path, json.dumps(content))
    _apply(path, paths, changes)


def apply_pending(path: Path, paths: JournalPaths) -> None:
    """Apply the changes of a journal, if there is one, and remove it.

    Raises UnusableJournalError or OtherOutputError, before any change, and OSError if a change
    fails: the journal then stays.
    """
    if exists(path):
        _real.cache_clear()
        changes = _read(path, paths)
        for name, *values in changes:
            if name == "move":
                _unlink(Path(values[1]).with_name(_MOVING))
        _apply(path, paths, changes)


def _read(path: Path, paths: JournalPaths) -> list[FileChange]:
    try:
        content = json.loads(path.read_text("utf-8"))
        output, changes = content["output"], content["changes"]
        if output != paths.output_name:
            raise OtherOutputError(output)
        if not all(_is_known(*change) for change in changes):
            raise UnusableJournalError(path)
        found = [(name, *(str(paths.path(one)) for one in values)) for name, *values in changes]
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise UnusableJournalError(str(error)) from error
    return found


def _is_known(name: str, *values: str) -> bool:
    """Whether a build may make a change. It swaps the publish folder, and no other whole one."""
    folders = [value.partition("/")[0] for value in values if "/" in value]
    if name == "swap" and values[1:2] == ("output",):
        folders.insert(1, "output")
    return folders in _FOLDERS[name]


def _apply(path: Path, paths: JournalPaths, changes: Iterable[FileChange]) -> None:
    for name, *values in changes:
        _APPLY[name](*map(Path, values), within=paths.output)
    path.unlink()
    sync_folder(path.parent)


def _move_file(staged: Path, place: Path, *, within: Path) -> None:  # noqa: ARG001 as all changes
    if not staged.exists():
        return  # moved before the crash
    place.parent.mkdir(parents=True, exist_ok=True)
    if is_folder(place):
        place.rmdir()  # it is empty: files of the user's own were reported as clashes
    try:
        staged.replace(place)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _copy_over(staged, place)
        staged.unlink()


def _unlink(file: Path) -> None:
    """Remove a file, unless it is gone, or a file is in the place of its folder."""
    with contextlib.suppress(FileNotFoundError, NotADirectoryError):
        file.unlink()


def _copy_over(source: Path, place: Path) -> None:
    """Copy a file to another file system: a visitor sees the old file or the new one."""
    temporary = place.with_name(_MOVING)
    try:
        shutil.copy2(source, temporary)
        temporary.replace(place)
    finally:
        temporary.unlink(missing_ok=True)


def _remove_file(file: Path, *, within: Path) -> None:
    if not is_folder(file):
        _unlink(file)
    folder = file.parent
    with contextlib.suppress(OSError):  # the first folder that is not empty
        while folder != within and folder.is_relative_to(within):
            folder.rmdir()
            folder = folder.parent


def _swap_folder(staged: Path, place: Path, old: Path, *, within: Path) -> None:  # noqa: ARG001
    if (place / SWAPPED).exists():
        if staged.exists():
            staged.rename(old)  # swapped before the crash: `staged` is the old folder
    elif staged.exists():
        swap_folders(staged, place, old)
    (place / SWAPPED).unlink(missing_ok=True)


def _remove_folder(folder: Path, *, within: Path) -> None:  # noqa: ARG001
    if is_folder(folder):
        shutil.rmtree(folder)
    elif exists(folder):
        folder.unlink()


_APPLY: Mapping[str, Callable[..., Any]] = {
    "move": _move_file,
    "remove file": _remove_file,
    "swap": _swap_folder,
    "remove folder": _remove_folder,
}
_FOLDERS: Mapping[str, list[list[str]]] = {
    "move": [["work", "output"], ["state", "state"], ["state", "target"]],
    "remove file": [["output"]],
    "swap": [["work", "output", "work"], ["state", "target", "state"], ["state"] * 3],
    "remove folder": [["target"], ["state"]],
}
"""The folders of the arguments of each change. In a preview, those of the target are in `state`."""
