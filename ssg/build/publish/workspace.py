"""The folders in which a build works, its lock, and how its results are put into place."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ssg.build.layout import Layout
from ssg.build.publish import exchange, journal
from ssg.build.publish.journal import Step
from ssg.build.publish.written_files import FilesByName, WrittenFiles
from ssg.model import database
from ssg.model.errors import ConfigError, Problem, TargetError

try:
    import fcntl
except ImportError:  # not on Windows: there, two builds at once are the user's to avoid
    fcntl = None  # type: ignore[assignment]


FEW = 500
"""Fewer changed files go to their places one by one, whatever their share of the site."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """One build's places. Nothing outside of them changes before `put_into_place`."""

    layout: Layout
    written: WrittenFiles

    @property
    def publish_dir(self) -> Path:
        return self.layout.work / "new"

    @property
    def database(self) -> Path:
        """Beside that of the last build: they share the folder of texts."""
        return self.layout.state / "new.db"

    @property
    def manifest(self) -> Path:
        return self._own / "manifest.json"

    @property
    def target_dir(self) -> Path:
        return self._own / "target"

    @property
    def extra_dir(self) -> Path:
        """For what is added to the publish folder beside pages and copies."""
        return self.layout.work / "more"

    @property
    def dependencies(self) -> Path:
        return self._own / "dependencies.db"

    @property
    def _own(self) -> Path:
        return self.layout.state / "new"

    def foreign_files(self) -> list[str]:
        """Files in the publish folder that ssg did not write."""
        return exchange.foreign_files(self.layout.output, self.written.files_in(self.layout.output))

    def put_into_place(
        self, files: FilesByName, staged: Collection[str], folders: tuple[tuple[Path, str], ...]
    ) -> WrittenFiles:
        """Make this build the last one: `files` are to stand in the publish folder, those of them
        that are `staged` anew. Returns the ledger with it.

        Blocks of texts that neither build needs are gone then. Those of the old one stay once
        more, for who may be reading it still.
        """
        needed = _blocks_of(self.database) | _blocks_of(self.layout.database)
        names = tuple(name for _, name in folders)
        draft = self._own / "written.json"
        ledger = self.written.with_build(self.layout.output, files, names)
        ledger.write(draft, self.layout.root)
        steps = [*self._publish(files, staged), *self._exchange(folders), *self._state(draft)]
        journal.carry_out(self.layout.journal, steps)
        _sweep(self.layout.texts, needed)
        return ledger

    def _publish(self, files: FilesByName, staged: Collection[str]) -> Iterator[Step]:
        """A few files go to their places one by one; with many the folder is exchanged."""
        output, known = self.layout.output, self.written.files_in(self.layout.output)
        if output.is_dir() and len(staged) < max(FEW, len(files) // 4):
            gone = (name for name in known if name not in files)
            ours = (name for name in gone if exchange.is_within(output, name))
            yield from (journal.take_away(output / name, output) for name in ours)
            yield from (journal.move(self.publish_dir / name, output / name) for name in staged)
            return
        kept = (name for name in files if name not in staged)
        exchange.carry_over(output, self.publish_dir, [*self.foreign_files(), *kept])
        yield journal.put(self.publish_dir, output, self.layout.work / "old")

    def _exchange(self, folders: tuple[tuple[Path, str], ...]) -> Iterator[Step]:
        for number, (staged, name) in enumerate(folders):
            yield journal.put(staged, self.layout.hosts_dir / name, self._own / f"old-{number}")
        for name in self.written.folders:
            if name not in {name for _, name in folders}:
                yield journal.drop(self.layout.hosts_dir / name)

    def _state(self, ledger: Path) -> Iterator[Step]:
        layout = self.layout
        yield journal.move(self.dependencies, layout.dependencies)
        yield journal.move(self.database, layout.database)
        yield journal.move(self.manifest, layout.manifest)
        yield journal.move(ledger, layout.written_files)


@contextlib.contextmanager
def workspace(layout: Layout, ledger: WrittenFiles | None = None) -> Iterator[Workspace]:
    """Lock the site for one build, and clean up after it, whatever happens.

    `ledger` is that of the last build, where it is at hand.
    Raises TargetError if another build is running, ConfigError if a folder cannot be written.
    """
    _make_writable(layout.state)
    _make_writable(layout.output.parent)
    with locked(layout.state):
        journal.finish(layout.journal)
        space = Workspace(layout, ledger or WrittenFiles.read(layout.written_files, layout.root))
        exchange.recover(layout.output, layout.work / "old")
        _clean(space)
        _check_output(layout.output)
        space.publish_dir.mkdir(parents=True)
        space.extra_dir.mkdir()
        space.target_dir.mkdir(parents=True)
        (layout.state / ".gitignore").write_text("*\n")
        try:
            with _no_text_without_a_page(layout):
                yield space
        except OSError as error:  # a full disk, a folder that was taken away
            what = f" {error.filename}" if error.filename else ""
            raise TargetError(Problem(f"cannot write{what}: {error.strerror}")) from error
        finally:
            _clean(space)


def _clean(space: Workspace) -> None:
    exchange.remove(space.layout.work)
    exchange.remove(space.layout.state / "new")
    space.database.unlink(missing_ok=True)


@contextlib.contextmanager
def _no_text_without_a_page(layout: Layout) -> Iterator[None]:
    """A build that fails takes its new blocks with it."""
    try:
        yield
    except BaseException:
        _sweep(layout.texts, _blocks_of(layout.database))
        raise


def _sweep(texts: Path, needed: Collection[str]) -> None:
    for name in exchange.names(texts):
        if name not in needed:
            (texts / name).unlink(missing_ok=True)


def _blocks_of(path: Path) -> set[str]:
    """The blocks that a database counts on; none where it cannot be read."""
    try:
        with contextlib.closing(database.open_readonly(path)) as connection:
            return {digest for (digest,) in connection.execute("SELECT digest FROM block")}
    except sqlite3.Error:  # no database, or that of another version
        return set()


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
def locked(state: Path) -> Iterator[IO[str]]:
    """Keep other builds away from a folder of state, which must be there. Raises TargetError."""
    with (state / "lock").open("w") as stream:
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise TargetError(Problem("another ssg build of this site is running")) from error
        yield stream
