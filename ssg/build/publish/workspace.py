"""The workspace: the folders of one build, its lock, and the publishing of its results.

A build of a site locks `.ssg/`, so that two never run at once. It writes into temporary folders:
the publish folder beside the real one, because a rename works only within a file system, and the
rest in `.ssg/new`. `publish` then applies all changes as one journal. After a build that fails, the
publish folder and `.ssg` are as the build before left them.

What remains from a build that was killed is handled at the start of the next one: the journal is
completed, half a swap is undone, and the temporary folders are removed.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from ssg.build.layout import Layout
from ssg.build.publish import journal
from ssg.build.publish.faults import fault_problem
from ssg.build.publish.interrupted import WRITTEN, complete_publication, journal_paths, known_files
from ssg.build.publish.journal import FileChange
from ssg.build.publish.publish_folder import (
    exists,
    file_names,
    foreign_files,
    is_within,
    link_files,
    remove_folder,
    undo_half_swap,
)
from ssg.build.publish.work_folder import (
    is_mount_point,
    make_work_folder,
    remove_work_folder,
    work_folder,
)
from ssg.build.publish.written_files import FilesByName, WrittenFile, WrittenFiles, file_digest
from ssg.model import database
from ssg.model.errors import BuildLockError, ConfigError, Problem, TargetError
from ssg.model.texts import MissingBlock

try:
    import fcntl
except ImportError:  # Windows has none: the user must avoid two builds at once
    fcntl = None  # type: ignore[assignment]


SINGLE_MOVES_BELOW = 500
"""A smaller number of changed files is moved one by one, whatever the size of the site."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """The paths of one build. Nothing else changes before `publish`."""

    layout: Layout
    work: Path
    """Where the new publish folder is made."""
    written: WrittenFiles
    """What the builds before have written."""
    warnings: tuple[Problem, ...] = ()

    @property
    def publish_dir(self) -> Path:
        return self.work / "new"

    @property
    def database(self) -> Path:
        """Beside that of the last build, because they share the folder of texts."""
        return self.layout.state / "new.db"

    @property
    def manifest(self) -> Path:
        return self._own / "manifest.json"

    @property
    def target_dir(self) -> Path:
        return self._own / "target"

    @property
    def tag_table(self) -> Path:
        return self._own / "tags.bin"

    @property
    def changes(self) -> Path:
        return self._own / "changes.json"

    @property
    def extra_dir(self) -> Path:
        """For files of the publish folder that are neither pages nor copies."""
        return self.work / "more"

    @property
    def dependencies(self) -> Path:
        return self._own / "dependencies.db"

    @property
    def _own(self) -> Path:
        return self.layout.state / "new"

    def publish(
        self, files: FilesByName, staged: Collection[str], folders: tuple[tuple[Path, str], ...]
    ) -> WrittenFiles:
        """Make this build the last one. Returns what builds have written with it.

        `files` are all files of the publish folder; those in `staged` are in `publish_dir`, the
        others are there already. `folders` are those of the target, with their places.

        Then removes the blocks of texts that neither this build nor the one before needs. A server
        may still read those of the build before.
        """
        needed = _blocks_of(self.database) | _blocks_of(self.layout.database)
        new_written = self._own / WRITTEN
        names = tuple(name for _, name in folders)
        state = self._state_files()
        written = self.written.with_build(self.layout.output, files, names, state)
        written.write(new_written, self.layout.root, durable=not self.layout.is_preview)
        changes = [
            *self._output_changes(files, staged),
            *self._target_changes(folders),
            *self._state_changes(new_written),
        ]
        journal.write_and_apply(self.layout.journal, journal_paths(self.layout), changes)
        _remove_blocks(self.layout.texts, needed)
        return written

    def _output_changes(self, files: FilesByName, staged: Collection[str]) -> Iterator[FileChange]:
        """Move a few files one by one; with many, swap the whole folder, unless it is a mount."""
        output, before = self.layout.output, self.written.files_in(self.layout.output)
        are_few = output.is_dir() and len(staged) < max(SINGLE_MOVES_BELOW, len(files) // 4)
        if are_few or is_mount_point(output):
            removed = (name for name in before if name not in files and is_within(output, name))
            yield from (journal.remove_file(output / name) for name in removed)
            yield from (
                journal.move_file(self.publish_dir / name, output / name) for name in staged
            )
            return
        kept = (name for name in files if name not in staged)
        link_files(output, self.publish_dir, [*foreign_files(output, before), *kept])
        yield journal.swap_folder(self.publish_dir, output, self.work / "old")

    def _target_changes(self, folders: tuple[tuple[Path, str], ...]) -> Iterator[FileChange]:
        hosts_dir = self.layout.hosts_dir
        for number, (staged, name) in enumerate(folders):
            if staged.is_file():
                yield journal.move_file(staged, hosts_dir / name)
            else:
                yield journal.swap_folder(staged, hosts_dir / name, self._own / f"old-{number}")
        for name in self.written.folders:
            if name not in {name for _, name in folders}:
                yield journal.remove_folder(hosts_dir / name)

    def _state_files(self) -> FilesByName:
        """The files on which the next build relies. A preview trusts sizes and times alone."""
        layout = self.layout
        new = {
            layout.database: self.database,
            layout.dependencies: self.dependencies,
            layout.manifest: self.manifest,
        }
        return {
            place.relative_to(layout.state).as_posix(): WrittenFile.of(
                staged, "" if layout.is_preview else file_digest(staged)
            )
            for place, staged in new.items()
        }

    def _state_changes(self, new_written: Path) -> Iterator[FileChange]:
        layout = self.layout
        yield journal.move_file(self.dependencies, layout.dependencies)
        yield journal.move_file(self.database, layout.database)
        yield journal.move_file(self.manifest, layout.manifest)
        for staged, place in ((self.tag_table, layout.tag_table), (self.changes, layout.changes)):
            if staged.exists():
                yield journal.move_file(staged, place)
            elif place.exists():  # of a build for another host
                yield journal.remove_file(place)
        yield journal.move_file(new_written, layout.written_files)


@contextlib.contextmanager
def workspace(layout: Layout, written: WrittenFiles | None = None) -> Iterator[Workspace]:
    """Lock the site for one build, and remove the temporary files at the end of it.

    If a build was interrupted while it published, its publication is completed first. `written` is
    what the builds before have written; None reads it from its file.
    Raises BuildLockError if another build is running, ConfigError if a folder cannot be written.
    """
    _make_writable(layout.state)
    if not is_mount_point(layout.output):
        _make_writable(layout.output.parent)
    with locked(layout.state), told_as_problems(layout):
        work, is_pending = work_folder(layout), exists(layout.journal)
        warnings = complete_publication(layout)
        if is_pending or written is None:
            written = known_files(layout)
        space = Workspace(layout, work, written, tuple(warnings))
        undo_half_swap(layout.output, work / "old")
        _check_output(layout.output)
        _remove_temporary_files(space)
        make_work_folder(work)
        space.publish_dir.mkdir()
        space.extra_dir.mkdir()
        space.target_dir.mkdir(parents=True)
        (layout.state / ".gitignore").write_text("*\n")
        try:
            with _no_orphaned_blocks(layout):
                yield space
        finally:
            if not exists(layout.journal):
                _remove_temporary_files(space)


@contextlib.contextmanager
def told_as_problems(layout: Layout) -> Iterator[None]:
    """Raise TargetError for a full disk, or a file that cannot be read or written."""
    try:
        yield
    except (OSError, sqlite3.Error, MissingBlock) as error:
        problem = fault_problem(error, layout)
        if problem is None:
            raise
        if exists(layout.journal):
            hint = "The publication is not complete: the next build completes it"
            problem = replace(problem, hint=f"{problem.hint}. {hint}" if problem.hint else hint)
        raise TargetError(problem) from error


def _remove_temporary_files(space: Workspace) -> None:
    remove_work_folder(space.work)
    remove_folder(space.layout.state / "new")
    space.database.unlink(missing_ok=True)


@contextlib.contextmanager
def _no_orphaned_blocks(layout: Layout) -> Iterator[None]:
    """Remove the new blocks of a build that fails before it publishes."""
    try:
        yield
    except BaseException:
        if not exists(layout.journal):
            _remove_blocks(layout.texts, _blocks_of(layout.database))
        raise


def _remove_blocks(texts: Path, needed: Collection[str]) -> None:
    for name in file_names(texts):
        if name not in needed:
            (texts / name).unlink(missing_ok=True)


def _blocks_of(path: Path) -> set[str]:
    """The blocks that a database needs; none if it cannot be read."""
    try:
        with contextlib.closing(database.open_readonly(path)) as connection:
            return {digest for (digest,) in connection.execute("SELECT digest FROM block")}
    except sqlite3.Error:  # there is none, or it is of another version
        return set()


def _make_writable(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(folder, error.strerror or "it cannot be made") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise _unwritable(folder, "permission denied")


def _check_output(output: Path) -> None:
    """Fail now, not after the work, if the publish folder cannot be replaced."""
    if output.exists() and not output.is_dir():
        raise _unwritable(output, "it is a file")
    if output.exists() and not os.access(output, os.W_OK | os.X_OK):
        raise _unwritable(output, "permission denied")


def _unwritable(folder: Path, why: str) -> ConfigError:
    hint = "See output_dir and --output-dir"
    return ConfigError(Problem(f"cannot write to {folder}: {why}", None, hint))


@contextlib.contextmanager
def locked(state: Path) -> Iterator[IO[str]]:
    """Lock a folder of state, which exists.

    Raises BuildLockError if another build has locked it, ConfigError if the lock cannot be
    opened.
    """
    file = state / "lock"
    try:
        stream = file.open("w")
    except OSError as error:
        what = "it is a folder" if file.is_dir() else error.strerror
        hint = "Remove it: ssg makes it anew"
        raise ConfigError(Problem(f"cannot open the lock {file}: {what}", None, hint)) from error
    with stream:
        try:
            if fcntl is not None:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            problem = Problem("another ssg build of this site is running")
            raise BuildLockError(problem) from error
        yield stream
