"""Tells which live pages can be files: values of strangers make names that nobody has chosen."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

from ssg.content.structure.output_names import RESERVED, folded
from ssg.model.urls import output_file, path_problem

HOST_FILES = frozenset({"_headers", "_redirects"})
"""Files that configure hosts: no folder has their name."""


class FilePlaces:
    """The places that files of the site and live pages take in the publish folder."""

    def __init__(self, files: Iterable[str]) -> None:
        """`files` are the names of all files of the site that are in a folder by themselves, or
        may be in the way of a folder."""
        self._files = {folded(name) for name in files}
        self._folders = {folded(one) for name in self._files for one in _folders(name)}

    def take(self, path: str) -> bool:
        """Take the place of a page; returns whether it was free and any file system has it."""
        name = folded(output_file(path))
        folders = _folders(name)
        if path_problem(path) or name.partition("/")[0] in {*RESERVED, *HOST_FILES}:
            return False
        if name in self._files or name in self._folders or not self._files.isdisjoint(folders):
            return False
        self._files.add(name)
        self._folders.update(folders)
        return True


def _folders(name: str) -> list[str]:
    return [str(one) for one in PurePosixPath(name).parents][:-1]
