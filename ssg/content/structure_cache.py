"""What shaping a site came to, beside the rows of its database.

Where everything that shapes a site is as it was, the database of the last build has the right rows
already, and the cache has the rest. Then no document need be looked at; and only those that were
edited, where all pages stay in their places.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from ssg.config.load import Project
from ssg.content.document_diff import chunks_before, document_of, edits_of
from ssg.content.inputs.render_inputs import Materials
from ssg.content.reading.chunks import Chunk, pack_notes, unpack_notes
from ssg.content.reading.discover import Gathered
from ssg.content.reading.source_cache import SourceCache, key_for
from ssg.content.row_patch import Patch, Patcher
from ssg.content.site_structure import Shape, shape_of
from ssg.content.source.document import Notes
from ssg.content.structure.assets import Asset, Copy
from ssg.model.database import open_readonly
from ssg.model.errors import Problem
from ssg.model.page import Alias, Wish


@dataclass(frozen=True, slots=True)
class Outcome:
    """What later stages of a build need to know of the shape of a site."""

    copied: tuple[Copy, ...]
    aliases: tuple[Alias, ...]
    wishes: Mapping[int, Wish]
    menus: str
    warnings: Sequence[Problem] = ()


class Shaping:
    """Shapes a site, unless nothing that shapes it is new."""

    def __init__(
        self,
        project: Project,
        gathered: Gathered,
        materials: Materials,
        static: Sequence[Copy],
        cache: SourceCache | None = None,
        previous: Path | None = None,
    ) -> None:
        self._project = project
        self._gathered = gathered
        self._templates = materials.templates
        self._static = static
        self._cache = cache
        self._previous = previous
        self.key = self._key(gathered.chunks)

    def result(self, notes: Notes) -> tuple[Outcome, Shape | Patch]:
        """A patch where the previous database has all the other rows."""
        if not notes.problems and (known := self._known()):
            return known
        own, sources = Notes(notes.problems), self._gathered.sources()
        shape = shape_of(self._project, sources, self._templates, self._static, own)
        return Outcome(shape.copied, shape.aliases, shape.wishes, shape.menus, own.warnings), shape

    def keep(self, outcome: Outcome, shape: Shape | Patch, notes: Notes) -> None:
        """Let the next build start from here, if nothing is wrong."""
        if self._cache is None or notes.problems:
            return
        if isinstance(shape, Shape):
            self._cache.keep_outcome(self.key, _plain(outcome, shape.assets))
        elif shape.pages:
            self._cache.renew_outcome(self.key)

    def _known(self) -> tuple[Outcome, Patch] | None:
        """What the build before came to, and what edits change of its rows. None: too much."""
        if self._cache is None or self._previous is None:
            return None
        before = _shape_of(self._previous)
        values = self._cache.outcome(before) if before else None
        if before is None or values is None:
            return None
        patch = Patch() if before == self.key else self._patch(self._cache, self._previous, before)
        return (_outcome(values, self._static), patch) if patch else None

    def _patch(self, cache: SourceCache, previous: Path, before: str) -> Patch | None:
        """What edits change of a database with this key."""
        if self._key(chunks_before(self._gathered.chunks, cache.replaced)) != before:
            return None  # there is more than edits
        edits = edits_of(self._gathered, cache.replaced)
        if not edits:
            return None
        names = frozenset(template.name for template in self._templates)
        document = partial(document_of, self._gathered)
        try:
            with contextlib.closing(open_readonly(previous)) as connection:
                return Patcher(self._project, connection, names, document).patch(edits)
        except sqlite3.DatabaseError:  # it was damaged
            return None

    def _key(self, chunks: Iterable[Chunk]) -> str:
        """The same for two builds in which the rows of all pages are the same."""
        digest = hashlib.sha256(repr(self._project.settings).encode())
        for chunk in chunks:
            digest.update("\0".join(chunk.names).encode() + chunk.facts)
        digest.update(self._gathered.handed_down)
        names = [
            *(asset.relative for asset in self._gathered.assets), "",
            *(template.name for template in self._templates), "",
            *(copy.destination for copy in self._static), key_for(self._project),
        ]  # fmt: skip
        digest.update("\0".join(names).encode())
        return digest.hexdigest()


def _shape_of(path: Path) -> str | None:
    """The key of the shape that a finished database has."""
    try:
        with contextlib.closing(open_readonly(path)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'shape'").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _plain(outcome: Outcome, assets: Iterable[Asset]) -> tuple[Any, ...]:
    """An outcome as plain values. Static files are no part of it: they are looked for anew."""
    return (
        [(asset.copy.source.as_posix(), asset.copy.destination) for asset in assets],
        [astuple(alias) for alias in outcome.aliases],
        {number: astuple(wish) for number, wish in outcome.wishes.items()},
        outcome.menus,
        pack_notes([], outcome.warnings),
    )


def _outcome(values: tuple[Any, ...], static: Iterable[Copy]) -> Outcome:
    assets, aliases, wishes, menus, notes = values
    return Outcome(
        copied=(*static, *(Copy(Path(source), place) for source, place in assets)),
        aliases=tuple(Alias(*alias) for alias in aliases),
        wishes={number: Wish(*wish) for number, wish in wishes.items()},
        menus=menus,
        warnings=unpack_notes(notes)[1],
    )
