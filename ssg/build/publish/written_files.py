"""What earlier builds wrote, so that a later one may keep it, replace it or remove it."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path
from typing import NamedTuple

_DIGITS = 16
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class WrittenFile(NamedTuple):
    """A file as it was written. `digest` '': its content is to be read where its time differs."""

    size: int
    mtime_ns: int
    digest: str = ""

    @classmethod
    def of(cls, file: Path | str, digest: str = "") -> WrittenFile:
        """The stamp of a file that is there now."""
        found = os.stat(file)  # noqa: PTH116 for every file of a site
        return cls(found.st_size, found.st_mtime_ns, digest)


FilesByName = Mapping[str, WrittenFile]


def write(file: str, data: bytes, digest: str = "") -> WrittenFile:
    """As few system calls as there can be: with small files they are what takes time."""
    stream = os.open(file, _CREATE, 0o666)
    try:
        written = os.write(stream, data)
        while written < len(data):  # more than 2 GB
            written += os.write(stream, data[written:])
        return WrittenFile(len(data), os.fstat(stream).st_mtime_ns, digest)
    finally:
        os.close(stream)


def digest_of(data: bytes) -> str:
    """What tells the content of a file from another: a part of its SHA-384."""
    return short(hashlib.sha384(data).hexdigest())


def short(sha384: str) -> str:
    """The part of a SHA-384 in hex digits that a stamp keeps."""
    return sha384[:_DIGITS]


def untouched(folder: Path, files: FilesByName) -> bool:
    """Whether all files are there, by their sizes and times."""
    prefix = f"{folder}/"
    try:
        for name, stamp in files.items():
            found = os.lstat(prefix + name)  # a Path for each costs more
            if (found.st_mtime_ns, found.st_size) != (stamp.mtime_ns, stamp.size):
                return False
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """Files by publish folder, and the folders of targets, relative to the root."""

    outputs: Mapping[str, FilesByName] = field(default_factory=dict)
    folders: tuple[str, ...] = ()

    @classmethod
    def read(cls, path: Path, root: Path) -> WrittenFiles:
        """The ledger as the last build left it; an empty one if there is none to be read.

        Folders in the site's `root` are kept relative to it, so that a site can be moved.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
            outputs = {
                str(root / folder): {
                    name: WrittenFile._make(stamp) for name, stamp in files.items()
                }
                for folder, files in values["outputs"].items()
            }
            return cls(outputs, tuple(values["folders"]))
        except (OSError, ValueError, LookupError, TypeError, AttributeError):
            return cls()

    def write(self, path: Path, root: Path) -> None:
        outputs = ", ".join(
            f"{encode_basestring(_below(root, folder))}: {{{', '.join(_lines(files))}}}"
            for folder, files in self.outputs.items()
        )
        folders = json.dumps(self.folders, ensure_ascii=False)
        path.write_text(f'{{"folders": {folders}, "outputs": {{{outputs}}}}}', "utf-8")

    def files_in(self, output: Path) -> FilesByName:
        """The files that ssg wrote into `output`."""
        return self.outputs.get(str(output), {})

    def with_build(
        self, output: Path, files: FilesByName, folders: tuple[str, ...]
    ) -> WrittenFiles:
        """The ledger after a build into `output`. Folders that are gone are forgotten."""
        others = {name: kept for name, kept in self.outputs.items() if Path(name).is_dir()}
        return WrittenFiles({**others, str(output): files}, folders)


def _lines(files: FilesByName) -> Iterator[str]:
    """As JSON. Lists of all files to `json.dumps` take five times as long, at every save."""
    for name, (size, mtime_ns, digest) in sorted(files.items()):
        yield f'{encode_basestring(name)}: [{size}, {mtime_ns}, "{digest}"]'


def _below(root: Path, folder: str) -> str:
    path = Path(folder)
    return str(path.relative_to(root)) if path.is_relative_to(root) else folder
