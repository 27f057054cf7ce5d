"""The folder in which a build makes the new publish folder.

It is beside the publish folder, on the same file system, so that the two can be swapped. A publish
folder that is a mount point, such as the volume of a container, cannot be swapped or renamed. The
work is then done in the folder of state, and finished files go into the mount one by one.

A file marks a folder as the work of ssg: a folder of the user's own that has its name stays.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.publish.publish_folder import exists, is_folder, remove_folder
from ssg.model.errors import ConfigError, Problem

MARK = ".made-by-ssg"
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")


def work_folder(layout: Layout) -> Path:
    """Where a build works for a publish folder."""
    if is_mount_point(layout.output):
        return layout.state / "work"
    return folder_beside(layout.output)


def folder_beside(output: Path) -> Path:
    """The work folder of a publish folder that can be swapped."""
    return output.parent / f".{output.name}.ssg"


def is_mount_point(folder: Path) -> bool:
    """Whether another file system, or a part of one, is mounted at a folder."""
    return os.path.ismount(folder) or str(folder) in _mount_points()


def make_work_folder(folder: Path) -> None:
    """Make an empty work folder. Raises ConfigError if the user has a folder of this name."""
    remove_work_folder(folder)
    if exists(folder):
        hint = "Give it another name, or remove it if a killed build of ssg 0.1.0 left it"
        message = f"{folder} is not from ssg, which needs this name for its work"
        raise ConfigError(Problem(message, None, hint))
    folder.mkdir()
    (folder / MARK).touch()


def is_work_folder(folder: Path) -> bool:
    """Whether ssg made a folder, or it is empty."""
    return is_folder(folder) and ((folder / MARK).is_file() or not any(folder.iterdir()))


def remove_work_folder(folder: Path) -> None:
    """Remove a work folder, if there is one. The mark goes last: the process may be killed."""
    if is_work_folder(folder):
        for entry in folder.iterdir():
            if entry.name != MARK:
                remove_folder(entry)
        remove_folder(folder)


def _mount_points() -> set[str]:
    """All mount points on Linux (proc(5)): a bind mount has the device of its parent folder."""
    try:
        lines = _MOUNTS.read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return set()
    return {_ESCAPED.sub(_character, line.split(" ")[4]) for line in lines}


def _character(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 8))
