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
from ssg.content.inputs.render_inputs import RenderInputs
from ssg.content.reading.chunks import Chunk, pack_diagnostics, unpack_diagnostics
from ssg.content.reading.discover import Gathered
from ssg.content.reading.source_cache import SourceCache, key_for
from ssg.content.row_patch import Patch, Patcher
from ssg.content.site_structure import SiteStructure, make_site_structure
from ssg.content.source.document import Diagnostics
from ssg.content.structure.assets import ContentAsset, FileCopy
from ssg.model.database import open_readonly
from ssg.model.errors import Problem
from ssg.model.page import Alias, DeferOverride


@dataclass(frozen=True, slots=True)
class Outcome:
    """What later stages of a build need to know of the shape of a site."""

    copied: tuple[FileCopy, ...]
    aliases: tuple[Alias, ...]
    defer_overrides: Mapping[int, DeferOverride]
    menus: str
    warnings: Sequence[Problem] = ()


class Shaping:
    """Shapes a site, unless nothing that shapes it is new."""

    def __init__(
        self,
        project: Project,
        gathered: Gathered,
        materials: RenderInputs,
        static: Sequence[FileCopy],
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

    def result(self, diagnostics: Diagnostics) -> tuple[Outcome, SiteStructure | Patch]:
        """A patch where the previous database has all the other rows."""
        if not diagnostics.problems and (known := self._known()):
            return known
        own, sources = Diagnostics(diagnostics.problems), self._gathered.sources()
        shape = make_site_structure(self._project, sources, self._templates, self._static, own)
        return Outcome(
            shape.copied, shape.aliases, shape.defer_overrides, shape.menus, own.warnings
        ), shape

    def keep(
        self, outcome: Outcome, shape: SiteStructure | Patch, diagnostics: Diagnostics
    ) -> None:
        """Let the next build start from here, if nothing is wrong."""
        if self._cache is None or diagnostics.problems:
            return
        if isinstance(shape, SiteStructure):
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


def _plain(outcome: Outcome, assets: Iterable[ContentAsset]) -> tuple[Any, ...]:
    """An outcome as plain values. Static files are no part of it: they are looked for anew."""
    return (
        [(asset.copy.source.as_posix(), asset.copy.destination) for asset in assets],
        [astuple(alias) for alias in outcome.aliases],
        {
            number: astuple(defer_override)
            for number, defer_override in outcome.defer_overrides.items()
        },
        outcome.menus,
        pack_diagnostics([], outcome.warnings),
    )


def _outcome(values: tuple[Any, ...], static: Iterable[FileCopy]) -> Outcome:
    assets, aliases, defer_overrides, menus, diagnostics = values
    return Outcome(
        copied=(*static, *(FileCopy(Path(source), place) for source, place in assets)),
        aliases=tuple(Alias(*alias) for alias in aliases),
        defer_overrides={number: DeferOverride(*one) for number, one in defer_overrides.items()},
        menus=menus,
        warnings=unpack_diagnostics(diagnostics)[1],
    )
