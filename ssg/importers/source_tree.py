"""The files of the old site, for reading."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from ssg.model.errors import Location, OldSiteError, Problem

_SKIPPED = frozenset({"node_modules", "__pycache__", "vendor", "venv"})
PUBLISHED_DOT_NAMES = frozenset({".well-known", ".nojekyll", ".htaccess"})


class SourceTree:
    """The files below a folder, as sorted relative paths with `/`.

    Hidden files, installed packages and symbolic links out of the folder are skipped.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        if not self.root.is_dir():
            raise OldSiteError(Problem(f"there is no folder {root}"))
        self.files = tuple(sorted(self._walk()))
        self._names = frozenset(self.files)

    def _walk(self) -> Iterator[str]:
        for folder, below, names in os.walk(self.root):
            below[:] = [name for name in below if name not in _SKIPPED and _is_shown(name)]
            relative = Path(folder).relative_to(self.root)
            for name in filter(_is_shown, names):
                path = (relative / name).as_posix()
                if self._is_inside(Path(folder, name)) and _is_utf8(path):
                    yield path

    def _is_inside(self, path: Path) -> bool:
        if not path.is_symlink():
            return path.is_file()
        try:
            real = path.resolve()
        except (OSError, RuntimeError):  # a loop of symbolic links
            return False
        return real.is_file() and real.is_relative_to(self.root)

    def __contains__(self, path: object) -> bool:
        return path in self._names

    def below(self, folder: str) -> list[str]:
        """Files below a folder; '' means all."""
        prefix = folder.strip("/") + "/" if folder.strip("/") not in {"", "."} else ""
        return [path for path in self.files if path.startswith(prefix)]

    def bytes(self, path: str) -> bytes:
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            problem = Problem(f"cannot read it: {error.strerror}", Location(path))
            raise OldSiteError(problem) from error

    def text(self, path: str) -> str:
        """The text of a file, with `\\n` as line ends."""
        try:
            text = self.bytes(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            hint = "Save the file in UTF-8"
            raise OldSiteError(Problem("the file is not UTF-8", Location(path), hint)) from error
        return text.replace("\r\n", "\n")

    def text_if_readable(self, path: str) -> str | None:
        """The text of a file; None if there is no such file, or it cannot be read."""
        try:
            return self.text(path) if path in self else None
        except OldSiteError:
            return None


def _is_shown(name: str) -> bool:
    return not name.startswith(".") or name in PUBLISHED_DOT_NAMES


def _is_utf8(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True
