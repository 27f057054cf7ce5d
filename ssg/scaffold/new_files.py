"""Writes new files, and never over an existing one."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Location, Problem, ScaffoldError


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to write. `name` is its path below the folder of the site, with `/`."""

    name: str
    content: bytes


def existing(root: Path, names: Sequence[str]) -> list[str]:
    """The names that exist already, even as a dangling symbolic link."""
    return [name for name in names if os.path.lexists(root / name)]


def write_new(root: Path, files: Sequence[NewFile]) -> None:
    """Write new files. Raises ScaffoldError, before it writes any, if one exists."""
    if found := existing(root, [file.name for file in files]):
        raise ScaffoldError(Problem("the file exists already", Location(name)) for name in found)
    try:
        for file in files:
            place = root / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as stream:  # `x` fails if another process has just made the file
                stream.write(file.content)
    except OSError as error:
        message = f"cannot write {error.filename}: {error.strerror}"
        raise ScaffoldError(Problem(message)) from error
