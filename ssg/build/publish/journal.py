"""The journal: a list of file changes that a killed build leaves for the next one to complete.

A build changes many files when it publishes: pages, folders of the target, the site database, its
own notes. They belong together, but no file system changes them in one step. So:

1. Everything new is finished under a temporary name before the first change.
2. The list of all changes is written to the journal, which appears in one step (a rename).
3. The changes are applied, in order; then the journal is removed.

If the process dies in step 3, the next build finds the journal and applies all of it again. That is
correct because each change is idempotent: it first looks whether it was made already, and then does
nothing. If the process dies before the rename in step 2, there is no journal and nothing changed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ssg.build.publish import publish_folder
from ssg.build.publish.publish_folder import is_folder, swap_folders

FileChange = tuple[str, ...]
"""The name of a change and its arguments, for JSON."""


def move_file(staged: Path, place: Path) -> FileChange:
    """Move a file to its place, over the file that is there."""
    return "move", str(staged), str(place)


def remove_file(file: Path, within: Path) -> FileChange:
    """Remove a file, and the folders around it that are then empty."""
    return "remove file", str(file), str(within)


def swap_folder(staged: Path, place: Path, old: Path) -> FileChange:
    """Swap a folder with the one in its place, which then moves to `old`."""
    return "swap", str(staged), str(place), str(old), str(staged.stat().st_ino)


def remove_folder(folder: Path) -> FileChange:
    """Remove a folder and everything in it."""
    return "remove folder", str(folder)


def write_and_apply(path: Path, changes: Iterable[FileChange]) -> None:
    """Write a journal at `path`, and apply its changes."""
    temporary = path.with_suffix(".new")
    temporary.write_text(json.dumps(list(changes), ensure_ascii=False), "utf-8")
    temporary.replace(path)
    apply_pending(path)


def apply_pending(path: Path) -> None:
    """Apply the changes of a journal, if there is one, and remove it."""
    try:
        changes = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    for name, *values in changes:
        _APPLY[name](*values)
    path.unlink()


def _move_file(staged: str, place: str) -> None:
    source, target = Path(staged), Path(place)
    if not source.exists():
        return  # moved before the crash
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_folder(target):
        target.rmdir()  # it is empty: files of the user's own were reported as clashes
    source.replace(target)


def _remove_file(file: str, within: str) -> None:
    if not is_folder(Path(file)):
        Path(file).unlink(missing_ok=True)
    folder = Path(file).parent
    with contextlib.suppress(OSError):  # the first folder that is not empty
        while folder != Path(within) and folder.is_relative_to(within):
            folder.rmdir()
            folder = folder.parent


def _swap_folder(staged: str, place: str, old: str, inode: str) -> None:
    source, target = Path(staged), Path(place)
    if not source.exists():
        return
    if target.exists() and target.stat().st_ino == int(inode):
        source.rename(old)  # swapped before the crash: `staged` is the old folder
        return
    swap_folders(source, target, Path(old))


_APPLY: Mapping[str, Callable[..., Any]] = {
    "move": _move_file,
    "remove file": _remove_file,
    "swap": _swap_folder,
    "remove folder": lambda folder: publish_folder.remove_folder(Path(folder)),
}
