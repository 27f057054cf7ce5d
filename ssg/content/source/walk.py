"""Walks the files of a folder of sources."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.model.errors import Location, Problem

_EDITOR_LEFTOVERS = ("~", ".swp", ".swx", ".bak", ".orig")
_PUBLISHED_DOT_NAMES = frozenset({".well-known", ".nojekyll", ".htaccess"})
"""Hidden names that web servers and hosts use (RFC 8615 for the first)."""


@dataclass(frozen=True, slots=True)
class FileEntry:
    """A file: where it is, and its path with `/` below the folder that was walked."""

    place: str
    relative: str
    is_linked: bool = False
    """Whether a symbolic link leads to it: it may change while the link stays the same."""

    @property
    def is_source(self) -> bool:
        """Whether it is a Markdown page."""
        return self.relative.endswith(".md")

    @property
    def path(self) -> Path:
        """Where it is. Made on demand, because most sources are unchanged and never opened."""
        return Path(self.place)


def walk(folder: Path, problems: list[Problem], name: str) -> Iterator[FileEntry]:
    """Every file below `folder`, in the order of paths; nothing if there is no such folder.

    Hidden files, leftovers of editors, and special files (a pipe) are ignored. A symbolic link that
    leaves the folder, or leads to a folder above itself, is a problem. Messages call the folder
    `name`.
    """
    if folder.is_dir():
        yield from _walk(folder, "", (folder.resolve(),), problems, name)


def _walk(
    folder: Path, prefix: str, trail: tuple[Path, ...], problems: list[Problem], name: str
) -> Iterator[FileEntry]:
    """`trail` has the real paths of the folders down to this one."""
    try:
        with os.scandir(folder) as entries:
            found = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        where = Location(f"{name}/{prefix}".rstrip("/"))
        problems.append(Problem(f"cannot read the folder: {error.strerror}", where))
        return
    for entry in found:
        relative = prefix + entry.name
        if is_ignored(entry.name):
            continue
        if not _is_utf8(entry.name):
            shown = relative.encode("utf-8", "backslashreplace").decode()
            problems.append(Problem("the file's name is not UTF-8", Location(f"{name}/{shown}")))
        elif entry.is_symlink() and (message := _link_problem(Path(entry.path), trail)):
            problems.append(Problem(message, Location(f"{name}/{relative}")))
        elif entry.is_dir():
            place = Path(entry.path)
            real = place.resolve() if entry.is_symlink() else trail[-1] / entry.name
            below = _walk(place, relative + "/", (*trail, real), problems, name)
            if entry.is_symlink():
                below = (replace(one, is_linked=True) for one in below)
            yield from below
        elif entry.is_file():
            yield FileEntry(entry.path, relative, entry.is_symlink())


def is_ignored(name: str) -> bool:
    """Whether a file is ignored: it is hidden, or a leftover of an editor."""
    if name in _PUBLISHED_DOT_NAMES:
        return False
    return name.startswith((".", "#")) or name.endswith(_EDITOR_LEFTOVERS)


def _is_utf8(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _link_problem(link: Path, trail: tuple[Path, ...]) -> str | None:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return "the symbolic link leads nowhere"
    if not target.is_relative_to(trail[0]):
        return f"the symbolic link leaves the folder: it leads to {link.readlink()}"
    if target in trail or trail[-1].is_relative_to(target):
        return "the symbolic link leads back to a folder above it"
    return None
