"""The scan: `content/`, templates and data files -> the site database."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass, field
from pathlib import Path

import ssg
from ssg.config.load import Project
from ssg.content.assets import Copy, content_assets, digests, static_files
from ssg.content.checks import check_rows
from ssg.content.data import read_data
from ssg.content.document import Document, Notes
from ssg.content.rows import machine_rows, make_rows
from ssg.content.sections import Sections, find_sections
from ssg.content.sources import Include, Skipped, Sources, read_sources
from ssg.content.templates import read_templates
from ssg.content.terms import Terms, gather_terms
from ssg.model import database
from ssg.model.errors import Problem
from ssg.model.page import Page, Template, Wish
from ssg.model.urls import canonical_path

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
    aliases: tuple[tuple[str, str], ...] = ()
    """Old path, path of the page that took its place."""
    wishes: Mapping[int, Wish] = field(default_factory=dict)
    """What front matter says of deferring, by page id."""
    cascades: Mapping[int, Wish] = field(default_factory=dict)
    """What sections say of the pages below them, by the section's page id."""
    skipped: tuple[Skipped, ...] = ()
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def scan(project: Project, now: dt.datetime, include: Include, database_path: Path) -> Scan:
    """Read all sources of a site into a new site database.

    Every page is in it, the plan's decisions are not yet. Problems are returned, not raised, so
    that later checks can add theirs.
    """
    notes, digest = Notes(), hashlib.blake2b(digest_size=10)
    connection = database.create(database_path)
    site = project.settings.site
    sources = read_sources(project.root, site, now, include, connection, digest, notes)
    templates = read_templates(project, notes.problems)
    data = list(read_data(project.root, notes.problems))
    sections = find_sections(sources.documents)
    terms = gather_terms(sources.documents)
    static = static_files(project, notes.problems)
    assets = list(content_assets(sources, sections))
    pages = _pages(project, sources, sections, terms, templates, static)
    aliases = _aliases(sources.documents, pages)
    copies = (*static, *(asset.copy for asset in assets))
    notes.problems.extend(check_rows(project, pages, copies, aliases, templates))
    _fingerprint(digest, project, sources, templates, data, now)
    content_id, hashes = digest.hexdigest(), digests(copies, notes.problems)
    build_id = _build_id(content_id, hashes)
    if any(_ID_NAME.search(template.text) for template in templates):
        content_id = build_id
    _insert(connection, pages, terms, templates, data)
    rows = ((asset.source, asset.owner_id, asset.name) for asset in assets)
    connection.executemany("INSERT INTO asset VALUES (?, ?, ?)", rows)
    meta = {"settings": site.to_json(), "build_id": build_id, "build_time": now.isoformat()}
    meta |= {"ssg": ssg.__version__, "schema": str(database.SCHEMA_VERSION)}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", meta.items())
    return Scan(
        build_id=build_id,
        connection=connection,
        content_id=content_id,
        copies=copies,
        digests=hashes,
        aliases=tuple(aliases),
        wishes={n: d.wish for n, d in enumerate(sources.documents, 1) if d.wish != Wish()},
        cascades={s.id: s.facts.cascade for s in sections.values() if s.facts.cascade != Wish()},
        skipped=tuple(sources.skipped),
        problems=tuple(notes.problems),
        warnings=tuple(notes.warnings),
    )


def _pages(
    project: Project,
    sources: Sources,
    sections: Sections,
    terms: Terms,
    templates: list[Template],
    static: Iterable[Copy],
) -> list[Page]:
    names = frozenset(template.name for template in templates)
    pages = make_rows(sources.documents, sections, terms, project.settings, names)
    taken = frozenset(page.path for page in pages)
    taken |= frozenset("/" + copy.destination for copy in static)
    return [*pages, *machine_rows(pages, sections, project.settings, taken)]


def _aliases(documents: list[Document], pages: list[Page]) -> list[tuple[str, str]]:
    paths = {page.source: page.path for page in pages if page.source}
    return [
        (alias, paths[document.source])
        for document in documents
        for alias in dict.fromkeys(map(canonical_path, document.aliases))
    ]


def _insert(
    connection: sqlite3.Connection,
    pages: list[Page],
    terms: Terms,
    templates: list[Template],
    data: list[tuple[str, str]],
) -> None:
    database.insert_pages(connection, pages)
    connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?)", map(astuple, terms.all))
    connection.executemany("INSERT INTO page_term VALUES (?, ?, ?)", terms.links)
    connection.executemany("INSERT INTO template VALUES (?, ?, ?)", map(astuple, templates))
    connection.executemany("INSERT INTO data VALUES (?, ?)", data)


def _fingerprint(
    digest: hashlib.blake2b,
    project: Project,
    sources: Sources,
    templates: list[Template],
    data: list[tuple[str, str]],
    now: dt.datetime,
) -> None:
    """All that pages are made of goes into the content id; the clock only if a template reads it.

    So do the names of what is left out and of files beside pages: lists show the one and links
    lead to the other. And so does what decides how long a response is cached.
    """
    texts = [ssg.__version__, project.settings.site.to_json(), repr(project.settings.deferred)]
    texts += [skipped.source for skipped in sources.skipped]
    texts += [asset.relative for asset in sources.assets]
    texts += [text for template in templates for text in astuple(template)]
    texts += [text for pair in data for text in pair]
    if any(_CLOCK_NAMES.search(template.text) for template in templates):
        texts.append(now.isoformat())
    for text in texts:
        digest.update(text.encode() + b"\0")


def _build_id(content_id: str, hashes: Mapping[str, str]) -> str:
    """Pages, and all that lies beside them."""
    digest = hashlib.blake2b(content_id.encode(), digest_size=10)
    for name in sorted(hashes):
        digest.update(f"\0{name}\0{hashes[name]}".encode())
    return digest.hexdigest()
