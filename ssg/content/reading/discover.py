"""Discovers the content folder: finds the sources, and reads those that the cache does not have.

For each chunk of sources there are three cases. If the sizes and times of its files are those in
the cache, nothing is read. If only these differ, the files are read, and their contents turn out to
be the same. Otherwise, the documents and texts of the chunk are made anew.
"""

from __future__ import annotations

import datetime as dt
import time
import zoneinfo
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.config.load import Project
from ssg.content.build_hooks import BuildHooks
from ssg.content.reading.chunk_reader import ChunkReader, ChunkRequest, OpenedSection, ReadChunk
from ssg.content.reading.chunks import (
    Chunk,
    ChunkDocuments,
    chunks_of,
    unpack_diagnostics,
    unpack_documents,
)
from ssg.content.reading.codec import pack
from ssg.content.reading.hook_pages import merge_paths, pages_from_hooks
from ssg.content.reading.intact_blocks import intact_blocks
from ssg.content.reading.source_cache import SourceCache
from ssg.content.source.cascade import Cascades, read_cascade, section_key
from ssg.content.source.document import Diagnostics, SourceDocument
from ssg.content.source.document_reader import DocumentReader
from ssg.content.source.publication import IncludeOptions
from ssg.content.source.source_files import ContentFolder, SkippedSource, sort_entries
from ssg.content.source.walk import FileEntry, walk
from ssg.fingerprint.files import FileStat, file_stat
from ssg.fingerprint.parallel_map import ParallelMap
from ssg.model.errors import Location, Problem
from ssg.model.language import SourceNames


@dataclass(frozen=True, slots=True)
class DiscoveredContent:
    """The content folder. `documents` are those of each chunk; None if it was not read."""

    chunk_reader: ChunkReader
    assets: list[FileEntry]
    chunks: list[Chunk]
    documents: list[ChunkDocuments | None]
    cache: SourceCache | None = None
    warnings: Sequence[Problem] = ()
    """Warnings about the folder as a whole."""
    has_links: bool = False
    """Whether a symbolic link leads to a source."""

    @property
    def total(self) -> int:
        """The number of sources."""
        return sum(len(chunk.names) for chunk in self.chunks)

    @property
    def read(self) -> int:
        """The number of sources that were read. The others are unchanged."""
        pairs = zip(self.chunks, self.documents, strict=True)
        return sum(len(chunk.names) for chunk, found in pairs if found is not None)

    @property
    def cascades(self) -> str:
        """A fingerprint of the cascades of all sections."""
        return self.chunk_reader.reader.cascades.digest_of_all()

    @property
    def hook_locations(self) -> dict[str, Location]:
        """Where the hooks are that make sources, by source."""
        return {name: made.hook for name, made in self.chunk_reader.hook_sources.items()}

    def add(
        self, previous: Chunk | None, result: Chunk | ReadChunk | bytes, diagnostics: Diagnostics
    ) -> None:
        """Add a chunk. `result` is what reading it gave; `previous` is that of the last build."""
        chunk = _store_result(previous, result, self.cache)
        self.chunks.append(chunk)
        self.documents.append(
            unpack_documents(result.facts) if isinstance(result, ReadChunk) else None
        )
        problems, warnings = unpack_diagnostics(chunk.diagnostics)
        diagnostics.problems.extend(problems)
        diagnostics.warnings.extend(warnings)

    def skipped(self) -> list[SkippedSource]:
        return [SkippedSource(*one) for chunk in self.chunks for one in chunk.skipped]

    def sources(self) -> ContentFolder:
        """All documents; those that were not read come from the cache."""
        documents: list[SourceDocument] = []
        for chunk, found in zip(self.chunks, self.documents, strict=True):
            documents += filter(None, self._cached(chunk) if found is None else found)
        return ContentFolder(self.chunk_reader.reader, documents, self.assets, self.skipped())

    def _cached(self, chunk: Chunk) -> ChunkDocuments:
        found = self.cache.found(chunk) if self.cache else None
        if found is not None:
            return found
        again = self.chunk_reader(ChunkRequest(chunk.names, chunk.cascade))  # the cache is damaged
        return unpack_documents(again.facts) if isinstance(again, ReadChunk) else ()


def discover(
    project: Project,
    now: dt.datetime,
    include: IncludeOptions,
    texts: Path,
    diagnostics: Diagnostics,
    hooks: BuildHooks,
    parallel_map: ParallelMap = map,
    cache: SourceCache | None = None,
) -> DiscoveredContent:
    """Read `content/`. Writes blocks of texts into the folder `texts`.

    Files of sections are read first, because other files inherit their cascades, even those of
    sections that are left out. With a hook for pages, all work is done in this process.
    """
    started, site = time.time_ns(), project.settings.site
    content, zone = project.root / "content", zoneinfo.ZoneInfo(site.timezone)
    names = SourceNames(site.languages, site.default_language)
    known_warnings = len(diagnostics.warnings)
    entries = list(walk(content, diagnostics.problems, "content"))
    pages, assets = sort_entries(entries, diagnostics)
    hook_sources = pages_from_hooks(hooks, project.root, frozenset(pages), diagnostics.problems)
    pages = merge_paths(pages, hook_sources) if hook_sources else pages
    asked = hooks if hooks.page_hooks else BuildHooks()
    chunk_reader = ChunkReader(
        content,
        texts,
        DocumentReader(site),
        now,
        include,
        zone,
        started,
        hook_sources=hook_sources,
        hooks=asked,
    )
    sections = _read_sections(chunk_reader, filter(_of_sections(names), pages), diagnostics)
    cascades = Cascades(
        {
            section_key(names.read(name)): read_cascade(section.source, diagnostics.problems)
            for name, section in sections.items()
        }
    )
    reader = DocumentReader(site, cascades, project.settings.collections, names)
    reader.check(diagnostics)
    chunk_reader = replace(chunk_reader, reader=reader, sections=sections)
    if hooks.page_hooks:
        parallel_map, cache = map, None
    previous = _PreviousChunks(chunk_reader, cascades, cache)
    decisions = [previous.decide(chunk) for chunk in chunks_of(pages)]
    results = iter(
        parallel_map(chunk_reader, [one for one in decisions if isinstance(one, ChunkRequest)])
    )
    has_links = any(entry.is_linked for entry in entries)
    own = tuple(diagnostics.warnings[known_warnings:])
    discovered = DiscoveredContent(chunk_reader, assets, [], [], cache, own, has_links)
    for decision in decisions:
        result = next(results) if isinstance(decision, ChunkRequest) else decision
        discovered.add(previous.chunks.get(decision.names), result, diagnostics)
    previous.forget_all_but(chunk.names[0] for chunk in discovered.chunks)
    return discovered


class _PreviousChunks:
    """The chunks of the previous build, of which some are still valid."""

    def __init__(
        self, chunk_reader: ChunkReader, cascades: Cascades, cache: SourceCache | None
    ) -> None:
        self._chunk_reader = chunk_reader
        self._cascades = cascades
        self._cache = cache
        self.chunks = cache.chunks if cache else {}
        self._blocks = self._check_blocks().keys() if self.chunks else frozenset[str]()
        self._now = chunk_reader.now.timestamp()

    def decide(self, names: tuple[str, ...]) -> Chunk | ChunkRequest:
        """The chunk of the previous build, or a request to read it."""
        cascade = self._cascades.digest(names, self._chunk_reader.reader.names)
        before = self.chunks.get(names)
        if before is None or not self._is_valid(before, cascade):
            return ChunkRequest(names, cascade)
        if before.stats == self._stats(names):
            return before
        return ChunkRequest(names, cascade, before.hashes)

    def _check_blocks(self) -> Mapping[str, FileStat]:
        """The blocks that are intact."""
        known = self._cache.blocks if self._cache else {}
        found = intact_blocks(self._chunk_reader.texts, known, self._chunk_reader.started_ns)
        if self._cache and found != known:
            self._cache.keep_blocks(found)
        return found

    def forget_all_but(self, first_names: Iterable[str]) -> None:
        """Remove the chunks that begin with other names from the cache."""
        kept = set(first_names)
        for names in self.chunks:
            if self._cache and names[0] not in kept:
                self._cache.forget(names[0])

    def _is_valid(self, before: Chunk, cascade: str) -> bool:
        """Whether the same contents would give the same chunk."""
        return (
            before.cascade == cascade
            and before.since <= self._now < before.until
            and self._blocks >= set(before.blocks)
        )

    def _stats(self, names: tuple[str, ...]) -> bytes:
        try:
            return pack([self._stat(name) for name in names])
        except OSError:
            return b""

    def _stat(self, name: str) -> FileStat:
        made = self._chunk_reader.hook_sources.get(name)
        return made.file.stat if made else file_stat(f"{self._chunk_reader.content}/{name}")


def _store_result(
    before: Chunk | None, result: Chunk | ReadChunk | bytes, cache: SourceCache | None
) -> Chunk:
    """Store the result for a chunk in the cache, and return the chunk.

    A chunk with problems is not stored, so that the next build reports them again.
    """
    if isinstance(result, Chunk):
        return result
    if isinstance(result, ReadChunk):
        if cache and not unpack_diagnostics(result.chunk.diagnostics)[0]:
            cache.keep(result)
        return result.chunk
    if before is None:
        raise ValueError("stats of an unknown chunk")
    chunk = before._replace(stats=result)
    if cache:
        cache.renew(chunk)
    return chunk


def _of_sections(names: SourceNames) -> Callable[[str], bool]:
    def is_section(source: str) -> bool:
        name = source.rpartition("/")[2]
        return name.startswith("_index.") and names.read(name).name == "_index.md"

    return is_section


def _read_sections(
    chunk_reader: ChunkReader, names: Iterable[str], diagnostics: Diagnostics
) -> dict[str, OpenedSection]:
    found = {}
    for name in names:
        file = chunk_reader.file(name, diagnostics)
        source = chunk_reader.source(name, file, diagnostics) if file else None
        if file and source:
            found[name] = OpenedSection(file._replace(data=b""), source)
    return found
