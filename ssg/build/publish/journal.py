"""Changes that happen together: written down first, so that they can be finished after a crash.

A step that was done is passed over when it is done again, so a journal is simply carried out anew
from its beginning. It ends when its file is removed.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from ssg.build.publish.exchange import exchange, is_folder, remove

Step = tuple[str, ...]


def move(staged: Path, place: Path) -> Step:
    """Put a file in its place, over what is there."""
    return "move", str(staged), str(place)


def take_away(file: Path, within: Path) -> Step:
    """Remove a file, and the folders around it that are empty then."""
    return "take away", str(file), str(within)


def put(staged: Path, place: Path, old: Path) -> Step:
    """Exchange a folder for what is in its place."""
    return "put", str(staged), str(place), str(old), str(staged.stat().st_ino)


def drop(folder: Path) -> Step:
    """Remove a folder with all that is in it."""
    return "drop", str(folder)


def carry_out(path: Path, steps: Iterable[Step]) -> None:
    """Write a journal at `path`, and do what it says."""
    draft = path.with_suffix(".new")
    draft.write_text(json.dumps(list(steps), ensure_ascii=False), "utf-8")
    draft.replace(path)
    finish(path)


def finish(path: Path) -> None:
    """Do the rest of what a journal says, if there is one."""
    try:
        steps = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return
    for name, *values in steps:
        _STEPS[name](*values)
    path.unlink()


def _move(staged: str, place: str) -> None:
    source, target = Path(staged), Path(place)
    if not source.exists():
        return  # it was moved before the crash
    target.parent.mkdir(parents=True, exist_ok=True)
    if is_folder(target):
        target.rmdir()  # an empty one: nothing of the user's own is in the way
    source.replace(target)


def _take_away(file: str, within: str) -> None:
    if not is_folder(Path(file)):
        Path(file).unlink(missing_ok=True)
    folder = Path(file).parent
    with contextlib.suppress(OSError):  # the first one that is not empty
        while folder != Path(within) and folder.is_relative_to(within):
            folder.rmdir()
            folder = folder.parent


def _put(staged: str, place: str, old: str, inode: str) -> None:
    source, target = Path(staged), Path(place)
    if not source.exists():
        return
    if target.exists() and target.stat().st_ino == int(inode):
        source.rename(old)  # they are exchanged: what is staged is the old one
        return
    exchange(source, target, Path(old))


_STEPS: Mapping[str, Callable[..., Any]] = {
    "move": _move,
    "take away": _take_away,
    "put": _put,
    "drop": lambda folder: remove(Path(folder)),
}
