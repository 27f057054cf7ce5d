"""The scan: `content/`, templates and data files -> the site database."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

import ssg
from ssg.config.load import Project
from ssg.content.assets import Copy
from ssg.content.build_hooks import BuildHooks, load_build_hooks
from ssg.content.checks import check_rows
from ssg.content.document import Notes
from ssg.content.materials import Materials, read_materials
from ssg.content.published import publish
from ssg.content.shape import Shape, shape_of
from ssg.content.sources import Include, Skipped, Sources, read_sources
from ssg.model import database
from ssg.model.errors import Problem
from ssg.model.page import Alias, Wish

_CLOCK_NAMES = re.compile(r"\b(now|build_time)\b")
_ID_NAME = re.compile(r"\bbuild_id\b")


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found, beside what it put into the database, which is still open."""

    build_id: str
    """The same for two builds that publish the same."""
    connection: sqlite3.Connection
    content_id: str = ""
    """The same for two builds whose pages are the same, whatever files are copied beside them."""
    copies: tuple[Copy, ...] = ()
    digests: Mapping[str, str] = field(default_factory=dict)
    """A hash of the content of each file in `copies`, by its destination."""
    aliases: tuple[Alias, ...] = ()
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    """What front matter and cascades say of deferring, by page id."""
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()
    hooks: BuildHooks = field(default_factory=BuildHooks)
    has_broken_code: bool = False
    """Whether `hooks.py` or a plugin cannot be loaded, so that no template can be checked."""


def scan(project: Project, now: dt.datetime, include: Include, database_path: Path) -> Scan:
    """Read all sources of a site into a new site database.

    Every page is in it, the plan's decisions are not yet. Problems are returned, not raised, so
    that later checks can add theirs.
    """
    notes, digest = Notes(), hashlib.blake2b(digest_size=10)
    connection = database.create(database_path)
    site = project.settings.site
    hooks = load_build_hooks(project, notes.problems)
    sources = read_sources(project, now, include, connection, digest, notes, hooks)
    materials = read_materials(project, sources.assets, notes)
    shape = shape_of(project, sources, materials.templates, notes)
    published = publish(shape.copied, project.settings.assets, materials, notes.problems)
    checked = (shape.rows.pages, shape.sections, published.copies, shape.aliases)
    notes.problems.extend(check_rows(project, *checked, materials.templates))
    _fingerprint(digest, project, sources, shape, materials, now)
    content_id = digest.hexdigest()
    build_id = _build_id(content_id, published.digests)
    if materials.mention(_ID_NAME) or published.is_known_to_pages:
        content_id = build_id
    _insert(connection, shape)
    materials.insert(connection)
    published.insert(connection)
    meta = {"settings": site.to_json(), "build_id": build_id, "build_time": now.isoformat()}
    meta |= {"ssg": ssg.__version__, "schema": str(database.SCHEMA_VERSION)}
    meta["setups"] = json.dumps(materials.code.setups)
    meta["menus"] = shape.menus
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    return Scan(
        build_id=build_id,
        connection=connection,
        content_id=content_id,
        copies=published.copies,
        digests=published.digests,
        aliases=shape.aliases,
        wishes=shape.wishes,
        skipped=tuple(sources.skipped),
        problems=tuple(dict.fromkeys(notes.problems)),
        warnings=tuple(dict.fromkeys(notes.warnings)),
        hooks=hooks,
        has_broken_code=bool(materials.code.problems),
    )


def _insert(connection: sqlite3.Connection, shape: Shape) -> None:
    terms, assets = shape.terms, shape.assets
    database.insert_pages(connection, shape.rows.pages)
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", sorted(shape.rows.listing))
    connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?)", map(astuple, terms.all))
    connection.executemany("INSERT INTO page_term VALUES (?, ?, ?)", terms.links)
    rows = ((asset.source, asset.owner_id, asset.name) for asset in assets)
    connection.executemany("INSERT INTO asset VALUES (?, ?, ?)", rows)


def _fingerprint(
    digest: hashlib.blake2b,
    project: Project,
    sources: Sources,
    shape: Shape,
    materials: Materials,
    now: dt.datetime,
) -> None:
    """All that pages are made of goes into the content id; the clock only if a template reads it.

    So do the names of what is left out and of files beside pages: lists show the one and links
    lead to the other. And so does what decides how long a response is cached.
    """
    settings = project.settings
    texts = [ssg.__version__, settings.site.to_json(), repr(settings.deferred)]
    texts += [repr(settings.permalinks), shape.menus]
    texts += [skipped.source for skipped in sources.skipped]
    texts += [asset.relative for asset in sources.assets]
    texts += materials.texts()
    if materials.mention(_CLOCK_NAMES):
        texts.append(now.isoformat())
    for text in texts:
        digest.update(text.encode() + b"\0")


def _build_id(content_id: str, hashes: Mapping[str, str]) -> str:
    """Pages, and all that lies beside them."""
    digest = hashlib.blake2b(content_id.encode(), digest_size=10)
    for name in sorted(hashes):
        digest.update(f"\0{name}\0{hashes[name]}".encode())
    return digest.hexdigest()
