"""Files that are copied into the publish folder: static files, and assets beside pages."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ssg.config.load import Project
from ssg.config.themes import theme_chain
from ssg.content.source.source_files import ContentFolder, bundles
from ssg.content.source.walk import walk
from ssg.content.structure.permalinks import Permalinks
from ssg.content.structure.sections import Sections, home_of, nearest
from ssg.fingerprint.file_facts import FileFacts
from ssg.model.errors import Location, Problem


@dataclass(frozen=True, slots=True)
class FileCopy:
    """A file to copy. `destination` is its path in the publish folder."""

    source: Path
    destination: str
    content: bytes | None = None
    """What is written instead of the file's content; None to copy it unchanged."""

    def __post_init__(self) -> None:
        """The last defence: nothing is ever written outside of the publish folder."""
        if self.destination.startswith("/") or ".." in self.destination.split("/"):
            raise ValueError(f"outside of the publish folder: {self.destination}")


@dataclass(frozen=True, slots=True)
class ContentAsset:
    """A file beside the source of a page or section. `name` is its path from there."""

    source: str
    owner_id: int
    name: str
    copy: FileCopy


def static_files(project: Project, problems: list[Problem]) -> list[FileCopy]:
    """The files of `static/` of the site and its themes; the nearest layer wins."""
    found: dict[str, FileCopy] = {}
    themes = theme_chain(project.root, project.settings.theme)
    layers = [(theme.folder / "static", f"{theme.origin}/static") for theme in reversed(themes)]
    for folder, name in (*layers, (project.root / "static", "static")):
        for entry in walk(folder, problems, name):
            found[entry.relative] = FileCopy(entry.path, entry.relative)
    return [found[name] for name in sorted(found)]


def file_digests(
    copies: Iterable[FileCopy], facts: Mapping[str, FileFacts | str], problems: list[Problem]
) -> dict[str, str]:
    """The SHA-384 of each file in hex digits, by its destination.

    `facts` are by the places of sources; a text says why a file cannot be read.
    """
    found = {}
    for copy in copies:
        if copy.content is not None:
            found[copy.destination] = hashlib.sha384(copy.content).hexdigest()
            continue
        known = facts[str(copy.source)]
        if isinstance(known, FileFacts):
            found[copy.destination] = known.sha384
        else:
            where = Location(copy.destination)
            problems.append(Problem(f"cannot read the file: {known}", where))
    return found


def content_assets(
    sources: ContentFolder, sections: Sections, permalinks: Permalinks
) -> Iterator[ContentAsset]:
    """The assets of the content folder. Those of a page bundle are published beside its page.

    If the build leaves a bundle out, its assets are left out as well.
    """
    owners = {
        folder: (number, permalinks.path(document, home_of(document, sections)))
        for folder, number in bundles(sources.documents)
        for document in [sources.documents[number - 1]]
    }
    folders_left_out = {
        skipped.source.rpartition("/")[0]
        for skipped in sources.skipped
        if skipped.source.endswith("/index.md")
    }
    for entry in sources.assets:
        folder = entry.relative.rpartition("/")[0]
        if bundle := _nearest_of(folder, owners.keys() | folders_left_out):
            if bundle in owners:
                yield _asset(entry.path, entry.relative, bundle, *owners[bundle])
            continue
        section = nearest(sections, folder)
        yield _asset(entry.path, entry.relative, section.folder, section.id, section.path)


def _nearest_of(folder: str, folders: set[str]) -> str | None:
    while folder and folder not in folders:
        folder = folder.rpartition("/")[0]
    return folder or None


def _asset(file: Path, relative: str, folder: str, owner_id: int, owner_path: str) -> ContentAsset:
    name = relative[len(folder) :].lstrip("/")
    destination = f"{owner_path.rpartition('/')[0]}/{name}".lstrip("/")
    return ContentAsset(relative, owner_id, name, FileCopy(file, destination))
