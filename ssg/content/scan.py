"""The scan: reads `content/`, templates and data files into the site database."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import ssg
from ssg.config.load import Project
from ssg.content.build_hooks import BuildHooks, load_build_hooks
from ssg.content.database_writer import DatabaseContents, write_new, write_over
from ssg.content.document_diff import ReplacedChunks
from ssg.content.inputs.render_inputs import RenderInputs, read_render_inputs
from ssg.content.reading.discover import DiscoveredContent, discover
from ssg.content.reading.hook_pages import add_hook_names
from ssg.content.reading.source_cache import SourceCache, cache_key, cache_name
from ssg.content.reading.watched_content import WatchedContent, rediscover
from ssg.content.row_patch import NO_PATCHED_ROWS, PatchedRows, RowPatch
from ssg.content.site_structure import SiteStructure
from ssg.content.source.document import Diagnostics
from ssg.content.source.publication import IncludeOptions
from ssg.content.source.source_files import SkippedSource
from ssg.content.structure.assets import FileCopy, static_files
from ssg.content.structure.pictures import (
    BrokenPicture,
    PictureReader,
    PictureRows,
    find_pictures,
    note_broken_pictures,
    picture_inspection,
    shows_colors,
)
from ssg.content.structure.published_files import PublishedFiles, SvgSanitizer, prepare_files
from ssg.content.structure.site_checks import check_site, name_warnings
from ssg.content.structure_cache import StructureCache, StructureFacts
from ssg.fingerprint.digest import digest_of
from ssg.fingerprint.file_facts import FileFactsCache
from ssg.fingerprint.parallel_map import ParallelMap
from ssg.model import database
from ssg.model.errors import Location, Problem
from ssg.model.page import Alias, DeferOverride
from ssg.model.texts import Texts
from ssg.render.templates.image_calls import NO_CALLS, read_image_calls

_CLOCK_NAMES = re.compile(r"\b(now|build_time)\b")
_ID_NAME = re.compile(r"\bbuild_id\b")


@dataclass(frozen=True, slots=True)
class EarlierScan:
    """What a scan can reuse of the previous build."""

    cache: Path
    """The folder of source caches."""
    database: Path | None = None
    """The previous site database. If its rows are still valid, a copy of it is updated."""
    watched: WatchedContent | None = None
    """The content folder and its changes, if the settings are the same and there are no hooks."""


@dataclass(frozen=True, slots=True)
class Changes:
    """The differences from the previous build. Of `total` sources, `read` were read again.

    Unless `is_restructured`, the rows of pages are those of the previous build, ids included,
    except for `patched` rows. Texts, templates, data, copied files and the plan may differ.
    """

    total: int = 0
    read: int = 0
    is_restructured: bool = True
    patched: PatchedRows = NO_PATCHED_ROWS
    valid_between: tuple[float, float] = (0.0, 0.0)
    """The times between which the same sources give the same pages, in seconds since 1970."""


@dataclass(frozen=True, slots=True)
class Scan:
    """The result of a scan: the database, which is still open, and what is not in it."""

    build_id: str
    """The same for two builds that publish the same files."""
    connection: sqlite3.Connection
    texts: Texts
    """The texts of its pages."""
    content_id: str = ""
    """The same for two builds with the same pages, even if copied files differ."""
    changes: Changes = Changes()
    copies: tuple[FileCopy, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    """A hash of the content of each file in `copies`, by its destination."""
    aliases: tuple[Alias, ...] = ()
    defer_overrides: Mapping[int, DeferOverride] = field(default_factory=dict)
    """Decisions in front matter and cascades, by page id."""
    skipped: tuple[SkippedSource, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    hook_locations: Mapping[str, Location] = field(default_factory=dict)
    """The hooks that make sources, by source."""
    hooks: BuildHooks = field(default_factory=BuildHooks)
    content: DiscoveredContent | None = None
    """The content folder, for the next build of the same process."""
    shows_colors: bool = False
    """Whether pages show dominant colours of pictures or placeholders."""
    has_broken_code: bool = False
    """Whether `hooks.py` or a plugin cannot be loaded, so that templates cannot be checked."""


def scan(
    project: Project,
    now: dt.datetime,
    include: IncludeOptions,
    database_path: Path,
    *,
    parallel_map: ParallelMap = map,
    earlier: EarlierScan | None = None,
    file_facts: Path | None = None,
    read_picture: PictureReader,
    broken_pictures: Collection[BrokenPicture] = (),
    sanitize_svg: SvgSanitizer | None = None,
) -> Scan:
    """Read all sources of a site into a new site database.

    It contains every page, but not yet the plan. Problems are returned, not raised, so that later
    checks can add theirs. `parallel_map` is `map`, perhaps with other processes. `file_facts` is
    the file with what is known of copied files. `broken_pictures` turned out to be broken when they
    were decoded.
    """
    diagnostics, texts = Diagnostics(), Texts.beside(database_path)
    texts.folder.mkdir(exist_ok=True)
    hooks = load_build_hooks(project, diagnostics.problems)
    cache = (
        SourceCache(earlier.cache / cache_name(include), cache_key(project)) if earlier else None
    )
    watched, previous = (earlier.watched, earlier.database) if earlier else (None, None)
    content = rediscover(watched, now, diagnostics, cache) if watched else None
    if content is None:
        content = discover(
            project, now, include, texts.folder, diagnostics, hooks, parallel_map, cache
        )
    inputs = read_render_inputs(project, content.assets, diagnostics)
    static = static_files(project, diagnostics.problems)
    structures = StructureCache(project, content, inputs, static, cache, previous)
    facts, structure = structures.result(diagnostics)
    known_files = FileFactsCache(file_facts)
    calls = read_image_calls(inputs.templates) if project.settings.site.images else NO_CALLS
    inspection = picture_inspection(project, facts.copied, read_picture, calls)
    read = known_files.facts([str(one.source) for one in facts.copied], parallel_map, inspection)
    known_files.close()
    note_broken_pictures(broken_pictures, read)
    published = prepare_files(
        facts.copied, project.settings.assets, inputs, read, diagnostics.problems, sanitize_svg
    )
    if isinstance(structure, SiteStructure):
        pages = structure.rows.pages, structure.sections, published.copies, structure.aliases
        diagnostics.problems.extend(check_site(project, *pages, inputs.templates))
        facts = replace(facts, warnings=(*facts.warnings, *name_warnings(project, *pages)))
    if cache:
        structures.keep(facts, structure, diagnostics)
        cache.close()
    pictures = find_pictures(project, published.copies, read, calls)
    content_id, build_id = _ids(project, content, facts, inputs, published, pictures, now)
    meta = _meta(project, inputs, facts, build_id, now) | {"structure": structures.key}
    contents = DatabaseContents(content.chunks, inputs, published, pictures, meta)
    replaced = cache.replaced if cache else {}
    connection, patched = _write(previous, database_path, contents, structure, replaced)
    hook_locations, warnings = (
        content.hook_locations,
        dict.fromkeys([*diagnostics.warnings, *facts.warnings]),
    )
    return Scan(
        build_id=build_id,
        connection=connection,
        texts=texts,
        content_id=content_id,
        changes=Changes(
            total=content.total,
            read=content.read,
            is_restructured=isinstance(structure, SiteStructure),
            patched=patched,
            valid_between=_valid_between(content, inputs),
        ),
        copies=published.copies,
        digests=published.digests,
        aliases=facts.aliases,
        defer_overrides=facts.defer_overrides,
        skipped=tuple(content.skipped()),
        problems=tuple(dict.fromkeys(add_hook_names(diagnostics.problems, hook_locations))),
        warnings=tuple(add_hook_names(warnings, hook_locations)),
        hook_locations=hook_locations,
        hooks=hooks,
        content=content,
        shows_colors=shows_colors(project, calls),
        has_broken_code=bool(inputs.code.problems),
    )


def _valid_between(content: DiscoveredContent, inputs: RenderInputs) -> tuple[float, float]:
    """An empty interval if a template reads the clock."""
    if inputs.mention(_CLOCK_NAMES):
        return 0.0, 0.0
    since = max((chunk.since for chunk in content.chunks), default=0.0)
    return since, min((chunk.until for chunk in content.chunks), default=float("inf"))


def _write(
    previous: Path | None,
    path: Path,
    contents: DatabaseContents,
    structure: SiteStructure | RowPatch,
    replaced: ReplacedChunks,
) -> tuple[sqlite3.Connection, PatchedRows]:
    if isinstance(structure, SiteStructure):
        return write_new(path, contents, structure), NO_PATCHED_ROWS
    if previous is None:
        raise ValueError("no database to patch")
    return write_over(previous, path, contents, structure, replaced)


def _meta(
    project: Project, inputs: RenderInputs, facts: StructureFacts, build_id: str, now: dt.datetime
) -> dict[str, str]:
    return {
        "settings": project.settings.site.to_json(),
        "build_id": build_id,
        "build_time": now.isoformat(),
        "ssg": ssg.__version__,
        "schema": str(database.SCHEMA_VERSION),
        "setups": json.dumps(inputs.code.setups),
        "menus": facts.menus,
    }


def _ids(
    project: Project,
    content: DiscoveredContent,
    facts: StructureFacts,
    inputs: RenderInputs,
    published: PublishedFiles,
    pictures: PictureRows,
    now: dt.datetime,
) -> tuple[str, str]:
    """The content id and the build id.

    The content id covers all that pages are made of; the clock only if a template reads it. The
    names of skipped sources and of files beside pages belong to it, because lists show the first
    and links lead to the second, and so does what decides how long a response is cached.
    """
    settings = project.settings
    content_id = digest_of(
        ssg.__version__, settings.site.to_json(), repr(settings.deferred),
        repr(settings.permalinks), facts.menus,
        [(chunk.names, chunk.hashes, chunk.facts) for chunk in content.chunks],
        [skipped.source for skipped in content.skipped()],
        [asset.relative for asset in content.assets],
        list(inputs.texts()), pictures.fingerprint(),
        now.isoformat() if inputs.mention(_CLOCK_NAMES) else "",
    )[:20]  # fmt: skip
    build_id = digest_of(content_id, sorted(published.digests.items()))[:20]
    if inputs.mention(_ID_NAME) or published.is_known_to_pages:
        return build_id, build_id
    return content_id, build_id
