"""The files of the old site, for reading."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from ssg.importers.limits import MAX_FILES, MAX_TEXT_BYTES
from ssg.model.errors import Location, OldSiteError, Problem

_SKIPPED = frozenset({"node_modules", "__pycache__", "vendor", "venv"})
PUBLISHED_DOT_NAMES = frozenset({".well-known", ".nojekyll", ".htaccess"})
_TEXT_SUFFIXES = (
    ".md", ".markdown", ".mkd", ".mdown", ".mkdn", ".html", ".htm", ".toml", ".yaml", ".yml",
    ".json", ".py", ".txt",
)  # fmt: skip


class SourceTree:
    """The files below a folder, as sorted relative paths with `/`.

    Hidden files, installed packages and symbolic links out of the folder are skipped.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.last_read = ""
        if not self.root.is_dir():
            raise OldSiteError(Problem(f"there is no folder {root}"))
        self.files = tuple(sorted(islice(self._walk(), MAX_FILES + 1)))
        if len(self.files) > MAX_FILES:
            hint = "Choose the folder of the site itself"
            raise OldSiteError(Problem(f"{root} has more than {MAX_FILES:,} files", None, hint))
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

    def text_size(self) -> int:
        """The bytes of all files that may be read."""
        sizes = (self._size(path) for path in self.files if path.endswith(_TEXT_SUFFIXES))
        return sum(size for size in sizes if size <= MAX_TEXT_BYTES)

    def _size(self, path: str) -> int:
        try:
            return (self.root / path).stat().st_size
        except OSError:
            return 0

    def _read(self, path: str, count: int) -> bytes:
        self.last_read = path
        try:
            with (self.root / path).open("rb") as file:
                return file.read(count)
        except OSError as error:
            problem = Problem(f"cannot read it: {error.strerror}", Location(path))
            raise OldSiteError(problem) from error

    def head(self, path: str, count: int) -> bytes:
        """The first bytes of a file."""
        return self._read(path, count)

    def bytes(self, path: str) -> bytes:
        """The content of a file, which is not larger than MAX_TEXT_BYTES."""
        data = self._read(path, MAX_TEXT_BYTES + 1)
        if len(data) > MAX_TEXT_BYTES:
            what = f"the file is larger than {MAX_TEXT_BYTES // 2**20} MiB"
            raise OldSiteError(Problem(what, Location(path)))
        return data

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
