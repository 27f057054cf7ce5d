"""The pictures of a site: copied files that are pictures, and the recipes of their variants."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple

from ssg.config.load import Project
from ssg.content.structure.assets import FileCopy
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of
from ssg.fingerprint.file_facts import FileFacts, Inspection
from ssg.model import database
from ssg.model.glob import compile_glob
from ssg.model.images.picture import SUFFIXES, Picture, PictureFacts
from ssg.model.images.settings import ImageFormat, ImageSettings, Placeholder
from ssg.model.images.variant import DIGEST_DIGITS
from ssg.render.pictures.image_request import ImageRequest
from ssg.render.templates.image_calls import NO_CALLS, ImageCalls

PictureReader = Callable[[bool, str], tuple[Any, ...]]
"""Reads the values of `PictureFacts` of a file, with colours or without. It may run in another
process."""


class BrokenPicture(NamedTuple):
    """A picture that turned out to be broken when it was decoded."""

    source: str
    sha256: str
    reason: str
    is_lasting: bool
    """Whether the content is the reason, and not a lack of time or memory."""


@dataclass(frozen=True, slots=True)
class PictureRows:
    """The rows of pictures and recipes."""

    pictures: tuple[Picture, ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()
    """Names of recipes, each with a format."""

    def fingerprint(self) -> str:
        return digest_of(list(map(tuple, self.pictures)), self.recipes)

    def insert(self, connection: sqlite3.Connection) -> None:
        database.insert_pictures(connection, self.pictures)
        connection.executemany("INSERT INTO recipe VALUES (?, ?)", self.recipes)


NO_PICTURES = PictureRows()


def picture_inspection(
    project: Project, copies: Iterable[FileCopy], read: PictureReader, calls: ImageCalls = NO_CALLS
) -> Inspection | None:
    """How to read the pictures among copied files; None for a site without `[images]`."""
    settings = project.settings.site.images
    if settings is None:
        return None
    places = frozenset(str(copy.source) for copy in copies if is_picture(copy))
    colors = shows_colors(project, calls)
    return Inspection(places, partial(read, colors), reader_key(settings, colors))


def reader_key(settings: ImageSettings, wants_colors: bool) -> str:
    """A fingerprint of what a `PictureReader` finds in a file, besides the file."""
    return digest_of(code_fingerprint(), settings.max_pixels, wants_colors)


def shows_colors(project: Project, calls: ImageCalls) -> bool:
    """Whether pages show dominant colours of pictures or placeholders."""
    settings = project.settings.site.images
    return settings is not None and (calls.use_colors or settings.placeholder != Placeholder.NONE)


def note_broken_pictures(
    broken: Iterable[BrokenPicture], facts: dict[str, FileFacts | str]
) -> None:
    """Note which pictures turned out to be broken. One that has changed since then may be whole.

    Later builds find it out again: only pictures that pages show are decoded, so what a build knew
    of the others would depend on the builds before.
    """
    by_content = {picture.sha256: picture for picture in broken}
    for place, known in facts.items() if by_content else ():
        if isinstance(known, str) or not known.found:
            continue
        found = PictureFacts(*known.found)
        if picture := by_content.get(found.sha256):
            facts[place] = known._replace(found=tuple(found._replace(problem=picture.reason)))


def is_picture(copy: FileCopy) -> bool:
    """Whether the name of a file is that of a picture."""
    return PurePosixPath(copy.destination).suffix.lower() in SUFFIXES


def find_pictures(
    project: Project,
    copies: Iterable[FileCopy],
    facts: Mapping[str, FileFacts | str],
    calls: ImageCalls = NO_CALLS,
) -> PictureRows:
    """Find the pictures among copied files. `facts` are by the places of sources."""
    settings = project.settings.site.images
    if settings is None:
        return NO_PICTURES
    focus = FocalPoints(settings)
    rows = (
        _row(project.root, copy, _facts_of(copy, facts), focus.of(copy.destination), settings)
        for copy in copies
        if is_picture(copy)
    )
    recipes = {*settings_recipes(settings), *calls.rows(settings)}
    by_path = {row.path: row for row in rows}  # two files at one path are reported elsewhere
    return PictureRows(tuple(sorted(by_path.values())), tuple(sorted(recipes)))


def _facts_of(copy: FileCopy, facts: Mapping[str, FileFacts | str]) -> PictureFacts:
    known = facts[str(copy.source)]
    return PictureFacts(problem=known) if isinstance(known, str) else PictureFacts(*known.found)


def _row(
    root: Path, copy: FileCopy, facts: PictureFacts, focus: str, settings: ImageSettings
) -> Picture:
    source = copy.source
    name = source.relative_to(root) if source.is_relative_to(root) else source
    return picture_row("/" + copy.destination, name.as_posix(), facts, focus, settings)


def picture_row(
    path: str, source: str, facts: PictureFacts, focus: str, settings: ImageSettings
) -> Picture:
    """The row of a picture, before the plan decides about it."""
    digest = digest_of(facts.sha256, focus, settings.encoding_values)[:DIGEST_DIGITS]
    return Picture(path, source, digest, *facts[:6], focus, *facts[6:])


class FocalPoints:
    """The focal points of pictures. The first glob that matches counts."""

    def __init__(self, settings: ImageSettings) -> None:
        self._globs = [(compile_glob(glob), point) for glob, point in settings.focus.items()]

    def of(self, path: str) -> str:
        """The focal point of the picture at a path, by name."""
        return next((point for glob, point in self._globs if glob.fullmatch(path)), "")


def settings_recipes(settings: ImageSettings) -> Iterator[tuple[str, str]]:
    """The recipes that the configuration names, each with a format."""
    texts = ImageRequest((*settings.formats, ImageFormat.ORIGINAL))
    yield from texts.rows(settings)
    for name in settings.recipes:
        named = ImageRequest.of(settings, recipe=name)
        yield from replace(named, formats=texts.formats).rows(settings)
