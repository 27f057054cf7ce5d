"""Writing into a user's folders: where nothing is, and never over anything."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Location, Problem, ScaffoldError


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be made. `name` is its path below the site's folder, with `/`."""

    name: str
    content: bytes


def taken(root: Path, names: Sequence[str]) -> list[str]:
    """Those of the names that stand for something already, be it a link that leads nowhere."""
    return [name for name in names if os.path.lexists(root / name)]


def write_new(root: Path, files: Sequence[NewFile]) -> None:
    """Write files that are not there yet. Raises ScaffoldError, before the first, if one is."""
    if there := taken(root, [file.name for file in files]):
        raise ScaffoldError(Problem("the file is there already", Location(name)) for name in there)
    try:
        for file in files:
            place = root / file.name
            place.parent.mkdir(parents=True, exist_ok=True)
            with place.open("xb") as stream:  # `x` refuses a file that came in between
                stream.write(file.content)
    except OSError as error:
        message = f"cannot write {error.filename}: {error.strerror}"
        raise ScaffoldError(Problem(message)) from error
