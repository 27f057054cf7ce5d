"""Removes what ssg wrote, and never a file of the user's own.

`.ssg/written.json` lists every file that builds have written into publish folders, and the folders
of targets. `.ssg` contains only files of ssg. If it is a link, only the link is removed: nothing
shows that the folder to which it leads belongs to ssg.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.publish.interrupted import complete_publication, known_files
from ssg.build.publish.publish_folder import exists, file_names
from ssg.build.publish.work_folder import folder_beside, is_work_folder
from ssg.build.publish.workspace import locked, told_as_problems


@dataclass(frozen=True, slots=True)
class Removal:
    """What is removed. Folders are removed with all they contain: they belong to ssg."""

    root: Path
    outputs: Mapping[Path, tuple[Path, ...]]
    """Files that ssg has written, by publish folder."""
    folders: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    """Files in publish folders that ssg did not write."""
    left: tuple[Path, ...] = ()
    """Folders that may have files of ssg, but are outside of the project."""

    @property
    def files(self) -> list[Path]:
        return [file for files in self.outputs.values() for file in files]


def find_caches(layout: Layout) -> Removal:
    """Find the caches only."""
    both = (layout, Layout.for_preview(layout.root))
    named = [folder for one in both for folder in (one.cache, one.search)]
    folders = [folder for folder in (*named, layout.images) if folder.is_dir()]
    left = tuple(folder for folder in folders if not _is_below(layout.root, folder))
    return Removal(
        layout.root, {}, tuple(folder for folder in folders if folder not in left), left=left
    )


def find_all(layout: Layout) -> Removal:
    """Find everything that ssg has written for a site, into any publish folder."""
    written = known_files(layout)
    outputs = {Path(folder): files for folder, files in written.outputs.items()}
    known = {
        folder: files
        for folder, files in outputs.items()
        if folder == layout.output or _is_below(layout.root, folder)
    }
    own = [layout.hosts_dir / name for name in written.folders]
    work = [folder_beside(folder) for folder in dict.fromkeys([*known, layout.output])]
    folders = (
        *(folder for folder in own if _is_below(layout.root, folder)),
        *filter(is_work_folder, work),
        layout.state,
    )
    left = [folder for folder in outputs if folder not in known and folder.is_dir()]
    if layout.state.is_symlink():
        left.append(layout.state.resolve())
    return Removal(
        root=layout.root,
        outputs={folder: tuple(_existing(folder, files)) for folder, files in known.items()},
        folders=tuple(folder for folder in folders if exists(folder)),
        kept=tuple(_foreign(known)),
        left=tuple(left),
    )


def clean(layout: Layout, *, caches_only: bool = False, dry_run: bool = False) -> Removal:
    """Remove what ssg has written, and return what that was.

    A dry run removes nothing. Otherwise the publication of a build that was interrupted is
    completed first. Raises TargetError during a build, or if something cannot be removed.
    """
    find = find_caches if caches_only else find_all
    if dry_run or not layout.state.is_dir():
        return find(layout)
    with locked(layout.state), told_as_problems(layout):
        complete_publication(layout)
        removal = find(layout)
        delete_files(removal)
    return removal


def delete_files(removal: Removal) -> None:
    """Remove files, and folders that are then empty. `.ssg` comes last: it lists the files."""
    for output, files in removal.outputs.items():
        for file in files:
            file.unlink(missing_ok=True)
        for folder in sorted({file.parent for file in files}, reverse=True):
            _remove_empty(folder, output.parent)
    for folder in removal.folders:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        else:
            shutil.rmtree(folder)
        _remove_empty(folder.parent, removal.root)


def _existing(output: Path, names: Collection[str]) -> Iterator[Path]:
    """Written files that still exist. Files behind a link out of the folder are left out."""
    real = output.resolve()
    inside: dict[Path, bool] = {}
    for name in sorted(names):
        file = output / name
        if file.parent not in inside:
            inside[file.parent] = file.parent.resolve().is_relative_to(real)
        if inside[file.parent] and os.path.lexists(file):
            yield file


def _foreign(outputs: Mapping[Path, Collection[str]]) -> Iterator[Path]:
    for folder, files in outputs.items():
        yield from (folder / name for name in file_names(folder) if name not in files)


def _is_below(root: Path, folder: Path) -> bool:
    """Whether a folder is in the project, and no link leads to it."""
    real = folder.resolve()
    return real.is_relative_to(root) and real != root


def _remove_empty(folder: Path, stop: Path) -> None:
    """Remove a folder, and those above it below `stop`, as long as they are empty."""
    with contextlib.suppress(OSError):  # the first folder that is not empty
        while folder != stop and folder.is_relative_to(stop):
            folder.rmdir()
            folder = folder.parent
