"""The files of a build on their way into the publish folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from ssg.build.publish.exchange import clashes, is_file, names
from ssg.build.publish.written_files import FilesByName, WrittenFile, short, untouched, write
from ssg.content.structure.assets import FileCopy
from ssg.model.errors import Problem


class Staging:
    """Gathers the files of a publish folder: those that stand already, and those made anew.

    What is made anew and comes out as it was stays as it is.
    """

    def __init__(
        self, folder: Path, output: Path, before: FilesByName, kept: Mapping[str, WrittenFile]
    ) -> None:
        self.folder = folder
        self._output = output
        self._before = before
        self.files: dict[str, WrittenFile] = dict(kept)
        """All that is to stand in the publish folder."""
        self.staged: set[str] = set()
        """Those of them that are in `folder`."""

    def copy(
        self, copies: Iterable[FileCopy], digests: Mapping[str, str], done: Callable[[int], None]
    ) -> None:
        """Stage copies of files."""
        for copy in copies:
            place = self.folder / copy.destination
            place.parent.mkdir(parents=True, exist_ok=True)
            write_copy(copy, place)
            digest = digests.get(copy.destination) or _digest(place)
            self._take(copy.destination, WrittenFile.of(place, short(digest)))
            done(1)

    def lasting(self, copies: Iterable[tuple[Path, str]]) -> None:
        """Stage files whose names change with their content: no file is read for a digest.

        They are copies, not links: who writes to a published file must not change its source.
        """
        folders = set[str]()
        for source, name in copies:
            old = self._before.get(name)
            if old is not None and untouched(self._output, {name: old}):
                self.files[name] = old
                continue
            folder = name.rpartition("/")[0]
            if folder not in folders:
                (self.folder / folder).mkdir(parents=True, exist_ok=True)
                folders.add(folder)
            self.files[name] = write(f"{self.folder}/{name}", source.read_bytes())
            self.staged.add(name)

    def pages(self, files: FilesByName) -> None:
        """Take in pages that were rendered into `folder`."""
        for name, stamp in files.items():
            self._take(name, stamp)

    def more(self, folder: Path) -> None:
        """Take over the files of another folder."""
        for name in names(folder):
            place = self.folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(place)
            self._take(name, WrittenFile.of(place, short(_digest(place))))

    @property
    def gone(self) -> set[str]:
        """Files that stand in the publish folder for the last time."""
        return self._before.keys() - self.files.keys()

    def file(self, name: str) -> Path | None:
        """Where a file of the publish folder is now."""
        if name in self.staged:
            return self.folder / name
        return self._output / name if name in self.files else None

    def in_the_way(self) -> list[Problem]:
        """Files that ssg did not write and this build would replace."""
        return clashes(self._output, self.staged, self._before)

    def _take(self, name: str, stamp: WrittenFile) -> None:
        standing = self._standing(name)
        if standing is not None and (standing.size, standing.digest) == (stamp.size, stamp.digest):
            self.files[name] = standing
            self.staged.discard(name)
        else:
            self.files[name] = stamp
            self.staged.add(name)

    def _standing(self, name: str) -> WrittenFile | None:
        """A file of ours as it stands in the publish folder now."""
        old, place = self._before.get(name), self._output / name
        if old is None or not is_file(place):
            return None
        now = WrittenFile.of(place, old.digest)
        return now if now == old and old.digest else now._replace(digest=short(_digest(place)))


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha384").hexdigest()


def write_copy(copy: FileCopy, place: Path) -> None:
    """Write a file that is published as it is, or as it was made."""
    if copy.content is None:
        shutil.copyfile(copy.source, place)
    else:
        place.write_bytes(copy.content)


def provide(
    wanted: Collection[str], copies: Iterable[FileCopy], staging: Staging, folder: Path
) -> None:
    """Put the files that a target asks for into a folder of its own, fresh from their sources."""
    sources = {copy.destination: copy for copy in copies if copy.destination in wanted}
    for name in wanted:
        if name in sources:
            write_copy(sources[name], folder / name)
        elif (file := staging.file(name)) is not None:
            shutil.copyfile(file, folder / name)
