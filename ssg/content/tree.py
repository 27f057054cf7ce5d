"""The files of a site's source folders."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Location, Problem

_EDITOR_LEFTOVERS = ("~", ".swp", ".swx", ".bak", ".orig")


@dataclass(frozen=True, slots=True)
class Entry:
    """A file: where it is, and its path below the folder that was walked, with `/`."""

    path: Path
    relative: str


def walk(folder: Path, problems: list[Problem], name: str) -> Iterator[Entry]:
    """Every file below `folder`, in the order of its path; nothing if there is no such folder.

    Hidden files and what editors leave behind are passed over. A symbolic link that leaves the
    folder, or leads back above itself, is a problem. `name` is what messages call the folder.
    """
    if folder.is_dir():
        yield from _walk(folder, "", folder.resolve(), problems, name)


def _walk(
    folder: Path, prefix: str, root: Path, problems: list[Problem], name: str
) -> Iterator[Entry]:
    with os.scandir(folder) as entries:
        found = sorted(entries, key=lambda entry: entry.name)
    for entry in found:
        relative = prefix + entry.name
        if _is_leftover(entry.name):
            continue
        if entry.is_symlink() and (message := _link_problem(Path(entry.path), root)):
            problems.append(Problem(message, Location(f"{name}/{relative}")))
        elif entry.is_dir():
            yield from _walk(Path(entry.path), relative + "/", root, problems, name)
        else:
            yield Entry(Path(entry.path), relative)


def _is_leftover(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(_EDITOR_LEFTOVERS)


def _link_problem(link: Path, root: Path) -> str | None:
    try:
        target = link.resolve(strict=True)
    except (OSError, RuntimeError):
        return "the symbolic link leads nowhere"
    if not target.is_relative_to(root):
        return f"the symbolic link leaves the folder: it leads to {link.readlink()}"
    if target in (link.parent.resolve(), *link.parent.resolve().parents):
        return "the symbolic link leads back to a folder above it"
    return None
