"""Makes the structure of a site again only if something that decides it changed.

A structure is what follows from all sources together: sections, terms, addresses, menus, and the
rows of the site database. Making it takes every document, while most builds change one text. So the
database stores the key of its structure: a fingerprint of the settings, of what all documents say
(not of their texts), and of the names of templates and files. There are three cases:

- the key is the same: the rows of the previous database are valid, and no document is needed;
- the key is the same but for documents that were edited, and no page moves: the edits become a
  patch of rows (`document_diff`, `row_patch`);
- anything else: the structure is made from all documents (`site_structure`).

What later stages need besides the rows (`StructureFacts`) is kept in the source cache.
"""

from __future__ import annotations

import contextlib
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
from ssg.content.reading.discover import DiscoveredContent
from ssg.content.reading.source_cache import SourceCache, cache_key
from ssg.content.row_patch import RowPatch, RowPatcher
from ssg.content.site_structure import SiteStructure, make_site_structure
from ssg.content.source.document import Diagnostics
from ssg.content.structure.assets import ContentAsset, FileCopy
from ssg.fingerprint.digest import digest_of
from ssg.model.database import open_readonly
from ssg.model.errors import Problem
from ssg.model.page import Alias, DeferOverride


@dataclass(frozen=True, slots=True)
class StructureFacts:
    """What later stages of a build need of a structure, in addition to its rows."""

    copied: tuple[FileCopy, ...]
    aliases: tuple[Alias, ...]
    defer_overrides: Mapping[int, DeferOverride]
    menus: str
    warnings: Sequence[Problem] = ()


class StructureCache:
    """Makes the structure of a site, or reuses that of the previous build."""

    def __init__(
        self,
        project: Project,
        content: DiscoveredContent,
        inputs: RenderInputs,
        static: Sequence[FileCopy],
        cache: SourceCache | None = None,
        previous: Path | None = None,
    ) -> None:
        self._project = project
        self._content = content
        self._templates = inputs.templates
        self._static = static
        self._cache = cache
        self._previous = previous
        self.key = self._key(content.chunks)

    def result(self, diagnostics: Diagnostics) -> tuple[StructureFacts, SiteStructure | RowPatch]:
        """The structure, or a patch if the other rows of the previous database are valid."""
        if not diagnostics.problems and (reused := self._reused()):
            return reused
        own, sources = Diagnostics(diagnostics.problems), self._content.sources()
        made = make_site_structure(self._project, sources, self._templates, self._static, own)
        facts = made.copied, made.aliases, made.defer_overrides, made.menus, own.warnings
        return StructureFacts(*facts), made

    def keep(
        self, facts: StructureFacts, structure: SiteStructure | RowPatch, diagnostics: Diagnostics
    ) -> None:
        """Store the structure for the next build, unless there are problems."""
        if self._cache is None or diagnostics.problems:
            return
        if isinstance(structure, SiteStructure):
            self._cache.keep_structure(self.key, _plain(facts, structure.assets))
        elif structure.pages:
            self._cache.renew_structure(self.key)

    def _reused(self) -> tuple[StructureFacts, RowPatch] | None:
        """The facts of the previous build, and the patch of its rows; None if not valid."""
        if self._cache is None or self._previous is None:
            return None
        before = _structure_key(self._previous)
        values = self._cache.structure(before) if before else None
        if before is None or values is None:
            return None
        patch = (
            RowPatch() if before == self.key else self._patch(self._cache, self._previous, before)
        )
        return (_facts(values, self._static), patch) if patch else None

    def _patch(self, cache: SourceCache, previous: Path, before: str) -> RowPatch | None:
        """The patch of a database that has the key `before`; None if edits change too much."""
        if self._key(chunks_before(self._content.chunks, cache.replaced)) != before:
            return None  # not only documents changed
        edits = edits_of(self._content, cache.replaced)
        if not edits:
            return None
        names = frozenset(template.name for template in self._templates)
        document = partial(document_of, self._content)
        try:
            with contextlib.closing(open_readonly(previous)) as connection:
                return RowPatcher(self._project, connection, names, document).patch(edits)
        except sqlite3.DatabaseError:  # the database is damaged
            return None

    def _key(self, chunks: Iterable[Chunk]) -> str:
        """The fingerprint of everything that decides the rows of pages."""
        return digest_of(
            cache_key(self._project),
            repr(self._project.settings),
            [(chunk.names, chunk.facts) for chunk in chunks],
            self._content.cascades,
            [asset.relative for asset in self._content.assets],
            [template.name for template in self._templates],
            [copy.destination for copy in self._static],
        )


def _structure_key(path: Path) -> str | None:
    """The key of the structure in a finished database."""
    try:
        with contextlib.closing(open_readonly(path)) as connection:
            row = connection.execute("SELECT value FROM meta WHERE key = 'structure'").fetchone()
    except sqlite3.Error:
        return None
    return str(row[0]) if row else None


def _plain(facts: StructureFacts, assets: Iterable[ContentAsset]) -> tuple[Any, ...]:
    """Facts as plain values, without static files, which each build finds itself."""
    return (
        [(asset.copy.source.as_posix(), asset.copy.destination) for asset in assets],
        [astuple(alias) for alias in facts.aliases],
        {number: defer_override.values for number, defer_override in facts.defer_overrides.items()},
        facts.menus,
        pack_diagnostics([], facts.warnings),
    )


def _facts(values: tuple[Any, ...], static: Iterable[FileCopy]) -> StructureFacts:
    assets, aliases, defer_overrides, menus, diagnostics = values
    return StructureFacts(
        copied=(*static, *(FileCopy(Path(source), place) for source, place in assets)),
        aliases=tuple(Alias(*alias) for alias in aliases),
        defer_overrides={number: DeferOverride(*one) for number, one in defer_overrides.items()},
        menus=menus,
        warnings=unpack_diagnostics(diagnostics)[1],
    )
