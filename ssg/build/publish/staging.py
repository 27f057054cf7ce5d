"""Staging: the new files of a build, until they are published.

A build collects here what the publish folder will contain. Each file is either *kept* (it is in the
publish folder already, unchanged) or *staged* (new, in a folder of the build). Each new file is
compared with the one that an earlier build wrote, by size and digest. If they are equal, the old
file is kept, with its time. So publishing moves only files that differ, and a deploy or a browser
with live reload sees only real changes.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from ssg.build.publish.publish_folder import clashes, file_names, is_file
from ssg.build.publish.written_files import (
    FilesByName,
    WrittenFile,
    all_unchanged,
    short_digest,
    write_file,
)
from ssg.content.structure.assets import FileCopy
from ssg.model.errors import Problem


class Staging:
    """All files of one build of a publish folder."""

    def __init__(
        self, folder: Path, output: Path, before: FilesByName, kept: Mapping[str, WrittenFile]
    ) -> None:
        self.folder = folder
        self._output = output
        self._before = before
        self.files: dict[str, WrittenFile] = dict(kept)
        """All files of the publish folder after this build."""
        self.staged: set[str] = set()
        """Those of them that are in `folder`."""

    def add_copies(
        self, copies: Iterable[FileCopy], digests: Mapping[str, str], done: Callable[[int], None]
    ) -> None:
        """Stage copies of files."""
        for copy in copies:
            place = self.folder / copy.destination
            place.parent.mkdir(parents=True, exist_ok=True)
            write_copy(copy, place)
            digest = digests.get(copy.destination) or _digest(place)
            self._add(copy.destination, WrittenFile.of(place, short_digest(digest)))
            done(1)

    def add_immutable(self, copies: Iterable[tuple[Path, str]]) -> None:
        """Stage files whose names change with their content, so no file is read for a digest.

        They are copies, not links: writing to a published file must not change its source.
        """
        folders = set[str]()
        for source, name in copies:
            if self.keep_immutable(name):
                continue
            folder = name.rpartition("/")[0]
            if folder not in folders:
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
                folders.add(folder)
            self.files[name] = write_file(f"{self.folder}/{name}", source.read_bytes())
            self.staged.add(name)

    def leave_out(self, name: str) -> None:
        """Publish no such file, even if the build before did."""
        self.files.pop(name, None)
        self.staged.discard(name)

    def keep_immutable(self, name: str) -> bool:
        """Keep a file whose name changes with its content, if an earlier build wrote it."""
        old = self._before.get(name)
        if old is None or not all_unchanged(self._output, {name: old}):
            return False
        self.files[name] = old
        return True

    def add_written(self, files: FilesByName) -> None:
        """Stage files that were written into `folder`, whatever the build before wrote."""
        self.files.update(files)
        self.staged.update(files)

    def add_pages(self, files: FilesByName) -> None:
        """Stage pages that were rendered into `folder`."""
        for name, file in files.items():
            self._add(name, file)

    def add_folder(self, folder: Path) -> None:
        """Move all files of another folder into this one."""
        for name in file_names(folder):
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(place)
            self._add(name, WrittenFile.of(place, short_digest(_digest(place))))

    @property
    def removed(self) -> set[str]:
        """Files of the build before that this build does not have."""
        return self._before.keys() - self.files.keys()

    def file(self, name: str) -> Path | None:
        """The current path of a file of this build."""
        if name in self.staged:
            return self.folder / name
        return self._output / name if name in self.files else None

    def clashes(self) -> list[Problem]:
        """Files that ssg did not write and this build would replace."""
        return clashes(self._output, self.staged, self._before)

    def _add(self, name: str, new: WrittenFile) -> None:
        old = self._published(name)
        if old is not None and (old.size, old.digest) == (new.size, new.digest):
            self.files[name] = old
            self.staged.discard(name)
        else:
            self.files[name] = new
            self.staged.add(name)

    def _published(self, name: str) -> WrittenFile | None:
        """A file that an earlier build wrote, as it is in the publish folder now."""
        old, place = self._before.get(name), self._output / name
        if old is None or not is_file(place):
            return None
        now = WrittenFile.of(place, old.digest)
        if now == old and old.digest:
            return now
        return now._replace(digest=short_digest(_digest(place)))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha384").hexdigest()


def write_copy(copy: FileCopy, place: Path) -> None:
    """Write a file: a copy of its source, or generated content."""
    if copy.content is None:
        shutil.copyfile(copy.source, place)
    else:
        place.write_bytes(copy.content)


def copy_requested_files(
    wanted: Collection[str], copies: Iterable[FileCopy], staging: Staging, folder: Path
) -> None:
    """Copy the files that a target asks for into `folder`, from their sources if they have one."""
    sources = {copy.destination: copy for copy in copies if copy.destination in wanted}
    for name in wanted:
        if name in sources:
            write_copy(sources[name], folder / name)
        elif (file := staging.file(name)) is not None:
            shutil.copyfile(file, folder / name)
