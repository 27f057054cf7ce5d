"""The scan: `content/`, templates and data files -> the site database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import ssg
from ssg.config.load import Project
from ssg.content.build_hooks import BuildHooks, load_build_hooks
from ssg.content.database_writer import DatabaseContents, write_new, write_over
from ssg.content.document_diff import Replaced
from ssg.content.inputs.render_inputs import RenderInputs, read_render_inputs
from ssg.content.reading.discover import Gathered, Spread, gather
from ssg.content.reading.hook_pages import name_hooks
from ssg.content.reading.source_cache import SourceCache, file_for, key_for
from ssg.content.reading.watched import Watched, gather_again
from ssg.content.row_patch import NOTHING, Patch, Touched
from ssg.content.site_structure import SiteStructure
from ssg.content.source.document import Diagnostics
from ssg.content.source.publication import IncludeOptions
from ssg.content.source.source_files import SkippedSource
from ssg.content.structure.assets import FileCopy, static_files
from ssg.content.structure.published_files import PublishedFiles, prepare_files
from ssg.content.structure.site_checks import check_site
from ssg.content.structure_cache import Outcome, Shaping
from ssg.model import database
from ssg.model.errors import Location, Problem
from ssg.model.page import Alias, DeferOverride
from ssg.model.texts import Texts

_CLOCK_NAMES = re.compile(r"\b(now|build_time)\b")
_ID_NAME = re.compile(r"\bbuild_id\b")


@dataclass(frozen=True, slots=True)
class Changes:
    """What a scan found to be other than it was. `read` sources of `total` were read again.

    Unless `is_reshaped`, the rows of all pages are those of the build before, down to their ids:
    only texts, templates, data, copied files and what a plan decides may be different, and the rows
    that are `touched`.
    """

    total: int = 0
    read: int = 0
    is_reshaped: bool = True
    touched: Touched = NOTHING
    hours: tuple[float, float] = (0.0, 0.0)
    """Since when the same sources give the same, and until when: the clock leaves pages out."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, beside what it put into the database, which is still open."""

    build_id: str
    """The same for two builds that publish the same."""
    connection: sqlite3.Connection
    texts: Texts
    """The texts of its pages."""
    content_id: str = ""
    """The same for two builds whose pages are the same, whatever files are copied beside them."""
    changes: Changes = Changes()
    copies: tuple[FileCopy, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    """A hash of the content of each file in `copies`, by its destination."""
    aliases: tuple[Alias, ...] = ()
    defer_overrides: Mapping[int, DeferOverride] = field(default_factory=dict)
    """What front matter and cascades say of deferring, by page id."""
    skipped: tuple[SkippedSource, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    makers: Mapping[str, Location] = field(default_factory=dict)
    """Where the hooks are that make sources, by source."""
    hooks: BuildHooks = field(default_factory=BuildHooks)
    gathered: Gathered | None = None
    """The content folder, for the next build of the same process."""
    has_broken_code: bool = False
    """Whether `hooks.py` or a plugin cannot be loaded, so that no template can be checked."""


def scan(
    project: Project,
    now: dt.datetime,
    include: IncludeOptions,
    database_path: Path,
    *,
    spread: Spread = map,
    cache: Path | None = None,
    previous: Path | None = None,
    watched: Watched | None = None,
) -> Scan:
    """Read all sources of a site into a new site database.

    Every page is in it, the plan's decisions are not yet. Problems are returned, not raised, so
    that later checks can add theirs. `spread` calls a function with each of some values, in other
    processes maybe. `cache` is the folder of what earlier builds know, and `previous` the database
    of one: where the rows of all pages are still right, a copy of it is brought up to date.
    `watched` is what somebody knows who watched: the site has the same settings and no build hooks.
    """
    diagnostics, texts = Diagnostics(), Texts.beside(database_path)
    texts.folder.mkdir(exist_ok=True)
    hooks = load_build_hooks(project, diagnostics.problems)
    known = SourceCache(cache / file_for(include), key_for(project)) if cache else None
    gathered = gather_again(watched, now, diagnostics, known) if watched else None
    if gathered is None:
        gathered = gather(project, now, include, texts.folder, diagnostics, hooks, spread, known)
    materials = read_render_inputs(project, gathered.assets, diagnostics)
    static = static_files(project, diagnostics.problems)
    shaping = Shaping(project, gathered, materials, static, known, previous)
    outcome, shape = shaping.result(diagnostics)
    published = prepare_files(
        outcome.copied, project.settings.assets, materials, diagnostics.problems
    )
    if isinstance(shape, SiteStructure):
        pages = (shape.rows.pages, shape.sections, published.copies, shape.aliases)
        diagnostics.problems.extend(check_site(project, *pages, materials.templates))
    content_id, build_id = _ids(project, gathered, outcome, materials, published, now)
    if known:
        shaping.keep(outcome, shape, diagnostics)
        known.close()
    meta = _meta(project, materials, outcome, build_id, now) | {"shape": shaping.key}
    makers = gathered.makers
    contents = DatabaseContents(gathered.chunks, materials, published, meta)
    replaced = known.replaced if known else {}
    connection, touched = _write(previous, database_path, contents, shape, replaced)
    return Scan(
        build_id=build_id,
        connection=connection,
        texts=texts,
        content_id=content_id,
        changes=Changes(
            total=gathered.total,
            read=gathered.read,
            is_reshaped=isinstance(shape, SiteStructure),
            touched=touched,
            hours=_hours(gathered, materials),
        ),
        copies=published.copies,
        digests=published.digests,
        aliases=outcome.aliases,
        defer_overrides=outcome.defer_overrides,
        skipped=tuple(gathered.skipped()),
        problems=tuple(dict.fromkeys(name_hooks(diagnostics.problems, makers))),
        warnings=tuple(
            name_hooks(dict.fromkeys([*diagnostics.warnings, *outcome.warnings]), makers)
        ),
        makers=makers,
        hooks=hooks,
        gathered=gathered,
        has_broken_code=bool(materials.code.problems),
    )


def _hours(gathered: Gathered, materials: RenderInputs) -> tuple[float, float]:
    """No time at all where a template reads the clock."""
    if materials.mention(_CLOCK_NAMES):
        return 0.0, 0.0
    since = max((chunk.since for chunk in gathered.chunks), default=0.0)
    return since, min((chunk.until for chunk in gathered.chunks), default=float("inf"))


def _write(
    previous: Path | None,
    path: Path,
    contents: DatabaseContents,
    shape: SiteStructure | Patch,
    replaced: Replaced,
) -> tuple[sqlite3.Connection, Touched]:
    if isinstance(shape, SiteStructure):
        return write_new(path, contents, shape), NOTHING
    if previous is None:
        raise ValueError("no database to start from")
    return write_over(previous, path, contents, shape, replaced)


def _meta(
    project: Project, materials: RenderInputs, outcome: Outcome, build_id: str, now: dt.datetime
) -> dict[str, str]:
    return {
        "settings": project.settings.site.to_json(),
        "build_id": build_id,
        "build_time": now.isoformat(),
        "ssg": ssg.__version__,
        "schema": str(database.SCHEMA_VERSION),
        "setups": json.dumps(materials.code.setups),
        "menus": outcome.menus,
    }


def _ids(
    project: Project,
    gathered: Gathered,
    outcome: Outcome,
    materials: RenderInputs,
    published: PublishedFiles,
    now: dt.datetime,
) -> tuple[str, str]:
    """The content id and the build id."""
    content_id = _content_id(project, gathered, outcome, materials, now)
    build_id = _build_id(content_id, published.digests)
    if materials.mention(_ID_NAME) or published.is_known_to_pages:
        return build_id, build_id
    return content_id, build_id


def _content_id(
    project: Project,
    gathered: Gathered,
    outcome: Outcome,
    materials: RenderInputs,
    now: dt.datetime,
) -> str:
    """A digest of all that pages are made of; of the clock only if a template reads it.

    So do the names of what is left out and of files beside pages: lists show the one and links
    lead to the other. And so does what decides how long a response is cached.
    """
    digest, settings = hashlib.blake2b(digest_size=10), project.settings
    for chunk in gathered.chunks:
        digest.update("\0".join(chunk.names).encode() + chunk.hashes + chunk.facts)
    texts = [ssg.__version__, settings.site.to_json(), repr(settings.deferred)]
    texts += [repr(settings.permalinks), outcome.menus]
    texts += [skipped.source for skipped in gathered.skipped()]
    texts += [asset.relative for asset in gathered.assets]
    texts += materials.texts()
    if materials.mention(_CLOCK_NAMES):
        texts.append(now.isoformat())
    for text in texts:
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _build_id(content_id: str, hashes: Mapping[str, str]) -> str:
    """Pages, and all that lies beside them."""
    digest = hashlib.blake2b(content_id.encode(), digest_size=10)
    for name in sorted(hashes):
        digest.update(f"\0{name}\0{hashes[name]}".encode())
    return digest.hexdigest()
