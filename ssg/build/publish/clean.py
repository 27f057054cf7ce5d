"""Taking back what ssg wrote: known files, and never one of the user's.

The written names every file that builds have put into publish folders, and the folders of targets.
`.ssg` is ssg's own as a whole.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.publish.publish_folder import file_names, remove_folder
from ssg.build.publish.workspace import locked
from ssg.build.publish.written_files import WrittenFiles


@dataclass(frozen=True, slots=True)
class Removal:
    """What would be removed. Folders go as a whole: they are ssg's own."""

    root: Path
    outputs: Mapping[Path, tuple[Path, ...]]
    """Files that ssg has written, by publish folder."""
    folders: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    """Files of the user's own in publish folders."""

    @property
    def files(self) -> list[Path]:
        return [file for files in self.outputs.values() for file in files]


def find_caches(layout: Layout) -> Removal:
    """What ssg keeps to be quicker, and nothing else."""
    both = (layout, Layout.for_preview(layout.root))
    folders = [folder for one in both for folder in (one.cache, one.search)]
    return Removal(layout.root, {}, tuple(folder for folder in folders if folder.is_dir()))


def find_all(layout: Layout) -> Removal:
    """All that ssg has written for a site, whichever its publish folders were."""
    written = WrittenFiles.read(layout.written_files, layout.root)
    known = {Path(folder): files for folder, files in written.outputs.items()}
    own = [layout.hosts_dir / name for name in written.folders if _is_below(layout.root, name)]
    work = [
        folder.parent / f".{folder.name}.ssg" for folder in dict.fromkeys([*known, layout.output])
    ]
    return Removal(
        root=layout.root,
        outputs={folder: tuple(_written(folder, files)) for folder, files in known.items()},
        folders=tuple(folder for folder in (*own, *work, layout.state) if folder.is_dir()),
        kept=tuple(_foreign(known)),
    )


def clean(layout: Layout, *, caches_only: bool = False, dry_run: bool = False) -> Removal:
    """Remove what ssg has written, and tell what that was. Raises TargetError while a build runs.

    A dry run only tells.
    """
    find = find_caches if caches_only else find_all
    if dry_run or not layout.state.is_dir():
        return find(layout)
    with locked(layout.state):
        removal = find(layout)
        delete_files(removal)
    return removal


def delete_files(removal: Removal) -> None:
    """Remove it, and the folders that are empty then. `.ssg` goes last: it holds the written."""
    for output, files in removal.outputs.items():
        for file in files:
            file.unlink(missing_ok=True)
        for folder in sorted({file.parent for file in files}, reverse=True):
            _remove_empty(folder, output.parent)
    for folder in removal.folders:
        remove_folder(folder)
        _remove_empty(folder.parent, removal.root)


def _written(output: Path, known: Collection[str]) -> Iterator[Path]:
    """Known files that are still there. A link may since lead out of the folder: not after it."""
    real = output.resolve()
    inside: dict[Path, bool] = {}
    for name in sorted(known):
        file = output / name
        if file.parent not in inside:
            inside[file.parent] = file.parent.resolve().is_relative_to(real)
        if inside[file.parent] and os.path.lexists(file):
            yield file


def _foreign(known: Mapping[Path, Collection[str]]) -> Iterator[Path]:
    for folder, files in known.items():
        yield from (folder / name for name in file_names(folder) if name not in files)


def _is_below(root: Path, name: str) -> bool:
    place = (root / name).resolve()
    return place.is_relative_to(root) and place != root


def _remove_empty(folder: Path, stop: Path) -> None:
    """A folder, and those above it as far as `stop`, as long as nothing is left in them."""
    with contextlib.suppress(OSError):  # the first that is not empty
        while folder != stop and folder.is_relative_to(stop):
            folder.rmdir()
            folder = folder.parent
