"""The folders in which a build works, its lock, and how its results are put into place."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ssg.build import publish
from ssg.build.layout import Layout
from ssg.build.ledger import Ledger
from ssg.model.errors import ConfigError, Problem, TargetError

try:
    import fcntl
except ImportError:  # not on Windows: there, two builds at once are the user's to avoid
    fcntl = None  # type: ignore[assignment]


@dataclass(frozen=True, slots=True)
class Workspace:
    """One build's places. Nothing outside of them changes before `put_into_place`."""

    layout: Layout
    ledger: Ledger

    @property
    def publish_dir(self) -> Path:
        return self.layout.work / "new"

    @property
    def database(self) -> Path:
        return self._own / "site.db"

    @property
    def manifest(self) -> Path:
        return self._own / "manifest.json"

    @property
    def target_dir(self) -> Path:
        return self._own / "target"

    @property
    def _own(self) -> Path:
        return self.layout.state / "new"

    def foreign_files(self) -> list[str]:
        """Files in the publish folder that ssg did not write."""
        return publish.foreign_files(self.layout.output, self.ledger.files_in(self.layout.output))

    def put_into_place(
        self, files: frozenset[str], foreign: list[str], folders: tuple[tuple[Path, str], ...]
    ) -> None:
        """Exchange the old build for the new one.

        The ledger comes first: after a crash it names too many files rather than too few, and a
        file that was never written is no file that could be lost.
        """
        layout, old = self.layout, self.layout.work / "old"
        names = tuple(name for _, name in folders)
        both = files | self.ledger.files_in(layout.output)
        self._write_ledger(self.ledger.with_build(layout.output, both, self.ledger.folders))
        publish.carry_over(layout.output, self.publish_dir, foreign)
        publish.exchange(self.publish_dir, layout.output, old)
        for number, (staged, name) in enumerate(folders):
            publish.exchange(staged, layout.hosts_dir / name, self._own / f"old-{number}")
        for name in self.ledger.folders:
            if name not in names:
                publish.remove(layout.hosts_dir / name)
        self.database.replace(layout.database)
        self.manifest.replace(layout.manifest)
        self._write_ledger(self.ledger.with_build(layout.output, files, names))

    def _write_ledger(self, ledger: Ledger) -> None:
        draft = self._own / "written.json"
        ledger.write(draft, self.layout.root)
        draft.replace(self.layout.ledger)


@contextlib.contextmanager
def workspace(layout: Layout) -> Iterator[Workspace]:
    """Lock the site for one build, and clean up after it, whatever happens.

    Raises TargetError if another build is running, ConfigError if a folder cannot be written.
    """
    _make_writable(layout.state)
    _make_writable(layout.output.parent)
    with _lock(layout.state / "lock"):
        space = Workspace(layout, Ledger.read(layout.ledger, layout.root))
        publish.recover(layout.output, layout.work / "old")
        _clean(space)
        _check_output(layout.output)
        space.publish_dir.mkdir(parents=True)
        space.target_dir.mkdir(parents=True)
        (layout.state / ".gitignore").write_text("*\n")
        try:
            yield space
        except OSError as error:  # a full disk, a folder that was taken away
            what = f" {error.filename}" if error.filename else ""
            raise TargetError(Problem(f"cannot write{what}: {error.strerror}")) from error
        finally:
            _clean(space)


def _clean(space: Workspace) -> None:
    publish.remove(space.layout.work)
    publish.remove(space.layout.state / "new")


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error.strerror or "it cannot be made") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, "permission denied")


def _check_output(output: Path) -> None:
    """Fail now, not after the work, where the publish folder could not be exchanged."""
    if output.exists() and not output.is_dir():
        raise _unwritable(output, "it is a file")
    if output.exists() and not os.access(output, os.W_OK | os.X_OK):
        raise _unwritable(output, "permission denied")


def _unwritable(folder: Path, why: str) -> ConfigError:
    hint = "See output_dir and --output-dir"
    return ConfigError(Problem(f"cannot write to {folder}: {why}", None, hint))


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[IO[str]]:
    with path.open("w") as stream:
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TargetError(Problem("another ssg build of this site is running")) from error
        yield stream
