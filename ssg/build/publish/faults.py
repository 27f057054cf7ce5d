"""Faults of the system as problems: a full disk, a file that cannot be read or written."""

from __future__ import annotations

import errno
import shutil
import sqlite3
import tempfile
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.publish.work_folder import work_folder
from ssg.model.errors import Problem
from ssg.model.texts import MissingBlock

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_SQLITE_FULL = "database or disk is full"
_SQLITE_FAULTS = frozenset({"disk I/O error", "unable to open database file"})
_SPACE_HINT = "Free some space there"
_LIMIT_HINT = "The process may not write larger files: see ulimit -f"


def fault_problem(error: BaseException, layout: Layout | None = None) -> Problem | None:
    """What a person can do about a fault; None if it is a mistake in ssg.

    `layout` is that of the build in which it happened.
    """
    if isinstance(error, MissingBlock):
        return Problem(str(error), None, "Build again")
    if isinstance(error, OSError):
        return _os_problem(error, layout)
    if not isinstance(error, sqlite3.Error):
        return None
    if str(error) == _SQLITE_FULL:
        folder = layout.state if layout else tempfile.gettempdir()
        return Problem(f"the disk of {folder} is full", None, _SPACE_HINT)
    if str(error) in _SQLITE_FAULTS:
        folder = layout.state if layout else tempfile.gettempdir()
        message = f"cannot write a database in {folder}: {error}"
        return Problem(message, None, "The disk may be full, or see ulimit -f")
    return None


def _os_problem(error: OSError, layout: Layout | None) -> Problem | None:
    place = error.filename2 or error.filename
    if layout is None and not place:
        if isinstance(error, FileNotFoundError):
            return Problem("the current folder no longer exists", None, "Change to another one")
        return None if error.errno not in _FULL else Problem("the disk is full", None, _SPACE_HINT)
    if error.errno in _FULL:
        return Problem(f"the disk of {_full_folder(place, layout)} is full", None, _SPACE_HINT)
    if layout is None:
        verb = "use"
    else:
        verb = "read" if place and _is_source(Path(str(place)), layout) else "write"
    what = f" {place}" if place else ""
    hint = _LIMIT_HINT if error.errno == errno.EFBIG else None
    return Problem(f"cannot {verb}{what}: {error.strerror or error}", None, hint)


def _full_folder(place: object, layout: Layout | None) -> Path:
    """The folder for which there is no space: that of a file, or the one with less space."""
    path = Path(str(place)) if place else Path()
    if layout is None or (place and not _is_source(path, layout)):
        return path.parent
    return min((layout.output.parent, layout.state), key=lambda one: shutil.disk_usage(one).free)


def _is_source(path: Path, layout: Layout) -> bool:
    """Whether a file of the site is not one that builds write."""
    ours = (work_folder(layout), layout.output, layout.state)
    return path.is_relative_to(layout.root) and not any(map(path.is_relative_to, ours))
