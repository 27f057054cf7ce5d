"""The files that builds have written: a later build may keep, replace or remove only these."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any, NamedTuple

from ssg.build.publish.durable import write_durably

_DIGITS = 16
_CREATE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


class WrittenFile(NamedTuple):
    """A file as it was written. Without a `digest`, only its size and time can be compared."""

    size: int
    mtime_ns: int
    digest: str = ""

    @classmethod
    def of(cls, file: Path | str, digest: str = "") -> WrittenFile:
        """The size and time of a file as it is now."""
        status = os.stat(file)  # noqa: PTH116 for every file of a site
        return cls(status.st_size, status.st_mtime_ns, digest)


FilesByName = Mapping[str, WrittenFile]


def write_file(file: str, data: bytes, digest: str = "") -> WrittenFile:
    """Write a file with as few system calls as possible: for small files they take most time."""
    stream = os.open(file, _CREATE, 0o666)
    try:
        size = os.write(stream, data)
        while size < len(data):  # more than 2 GB
            size += os.write(stream, data[size:])
        return WrittenFile(len(data), os.fstat(stream).st_mtime_ns, digest)
    finally:
        os.close(stream)


def content_digest(data: bytes) -> str:
    """A digest of the content of a file: a part of its SHA-384, which assets need in full."""
    return short_digest(hashlib.sha384(data).hexdigest())


def short_digest(sha384: str) -> str:
    """The part of a SHA-384 in hex digits that is kept."""
    return sha384[:_DIGITS]


def all_unchanged(folder: Path, files: FilesByName) -> bool:
    """Whether all files exist with the same sizes and times."""
    prefix = f"{folder}/"
    try:
        for name, file in files.items():
            status = os.lstat(prefix + name)  # a Path for each costs more
            if (status.st_mtime_ns, status.st_size) != (file.mtime_ns, file.size):
                return False
    except OSError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class WrittenFiles:
    """`.ssg/written.json`: files by publish folder, and what targets have put elsewhere.

    `folders` are folders and files of targets, relative to the root.
    """

    outputs: Mapping[str, FilesByName] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    state: FilesByName = field(default_factory=dict)
    """The files in the folder of state that the next build relies on."""
    loss: str = ""
    """Why nothing is known: the file `is missing` or `is damaged`."""

    @classmethod
    def read(cls, path: Path, root: Path) -> WrittenFiles:
        """Read what the last build left; empty if there is no such file or it is damaged.

        Folders within `root` are stored relative to it, so that a site can be moved. A name that
        leads out of its folder is not from ssg: the file counts as damaged.
        """
        try:
            values = json.loads(path.read_text("utf-8"))
            outputs = {
                str(root / folder): _files(files) for folder, files in values["outputs"].items()
            }
            folders = tuple(values["folders"])
            _check_names(folders)
            return cls(outputs, folders, _files(values.get("state", {})))
        except FileNotFoundError:
            return cls(loss="is missing")
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return cls(loss="is damaged")

    def write(self, path: Path, root: Path, *, durable: bool = True) -> None:
        """Write the file. Unless it is `durable`, a loss of power may leave it empty."""
        outputs = ", ".join(
            f"{encode_basestring(_below(root, folder))}: {{{', '.join(_lines(files))}}}"
            for folder, files in self.outputs.items()
        )
        folders = json.dumps(self.folders, ensure_ascii=False)
        state = ", ".join(_lines(self.state))
        text = f'{{"folders": {folders}, "state": {{{state}}}, "outputs": {{{outputs}}}}}'
        if durable:
            write_durably(path, text)
        else:
            path.write_text(text, "utf-8")

    def is_state_intact(self, folder: Path) -> bool:
        """Whether the files of state are as the last build wrote them."""
        return bool(self.state) and all(
            _is_intact(folder / name, file) for name, file in self.state.items()
        )

    def united(self, other: WrittenFiles) -> WrittenFiles:
        """With the files that only `other` lists: a build that wrote them was interrupted."""
        outputs = {
            name: {**other.outputs.get(name, {}), **self.outputs.get(name, {})}
            for name in [*self.outputs, *other.outputs]
        }
        folders = tuple(dict.fromkeys([*self.folders, *other.folders]))
        return WrittenFiles(outputs, folders, self.state, "" if outputs else self.loss)

    def files_in(self, output: Path) -> FilesByName:
        """The files that ssg wrote into `output`."""
        return self.outputs.get(str(output), {})

    def with_build(
        self,
        output: Path,
        files: FilesByName,
        folders: tuple[str, ...],
        state: FilesByName | None = None,
    ) -> WrittenFiles:
        """What is written after a build into `output`. Removed publish folders are left out."""
        others = {name: kept for name, kept in self.outputs.items() if Path(name).is_dir()}
        return WrittenFiles({**others, str(output): files}, folders, state or {})


def _files(values: Mapping[str, Any]) -> dict[str, WrittenFile]:
    """Raises ValueError or TypeError."""
    files = {name: WrittenFile._make(value) for name, value in values.items()}
    _check_names(files)
    return files


def _check_names(names: Iterable[str]) -> None:
    for name in names:
        if name.startswith("/") or (".." in name and ".." in name.split("/")):
            raise ValueError(name)


def _is_intact(file: Path, written: WrittenFile) -> bool:
    try:
        now = WrittenFile.of(file, written.digest)
        if now == written or not written.digest or now.size != written.size:
            return now == written
        return file_digest(file) == written.digest
    except OSError:
        return False


def file_digest(file: Path) -> str:
    """The digest of a file, which is read in parts."""
    with file.open("rb") as stream:
        return short_digest(hashlib.file_digest(stream, "sha384").hexdigest())


def _lines(files: FilesByName) -> Iterator[str]:
    """Lines of JSON. `json.dumps` of lists of all files takes five times as long."""
    for name, (size, mtime_ns, digest) in sorted(files.items()):
        yield f'{encode_basestring(name)}: [{size}, {mtime_ns}, "{digest}"]'


def _below(root: Path, folder: str) -> str:
    path = Path(folder)
    return str(path.relative_to(root)) if path.is_relative_to(root) else folder
