"""The site database: one SQLite file, written once by a build and only read afterwards.

It holds the facts. The texts of pages are in blocks beside it (`ssg.model.texts`); the id of a
block is that of the first page in it.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from ssg.model.images.picture import Picture
from ssg.model.page import Page, Template

SCHEMA_VERSION = 12

BodyRow = tuple[int, int, int, int, int]
"""The id of a page, the start and length of its text in the block, its line, and its word count."""

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE page (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL,
    kind TEXT NOT NULL,
    template TEXT NOT NULL,
    source TEXT,
    parent_id INTEGER,
    term_id INTEGER,
    taxonomy TEXT,
    number INTEGER NOT NULL,
    title TEXT NOT NULL,
    slug TEXT NOT NULL,
    description TEXT NOT NULL,
    date TEXT,
    updated TEXT,
    weight INTEGER NOT NULL,
    sort_key NOT NULL,
    date_key INTEGER NOT NULL,
    front TEXT NOT NULL,
    deferred INTEGER NOT NULL,
    ttl_seconds INTEGER,
    stale_seconds INTEGER,
    cache_tags TEXT NOT NULL,
    reason TEXT NOT NULL,
    language TEXT NOT NULL,
    terms TEXT
);
CREATE TABLE block (id INTEGER PRIMARY KEY, digest TEXT NOT NULL);
CREATE TABLE body (
    page_id INTEGER PRIMARY KEY,
    block_id INTEGER NOT NULL,
    start INTEGER NOT NULL,
    length INTEGER NOT NULL,
    line INTEGER NOT NULL,
    words INTEGER NOT NULL,
    features INTEGER NOT NULL,
    text_hash INTEGER NOT NULL
);
CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    taxonomy TEXT NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    path TEXT NOT NULL,
    page_count INTEGER NOT NULL,
    language TEXT NOT NULL
);
CREATE TABLE translation (
    page_id INTEGER PRIMARY KEY,
    group_id INTEGER NOT NULL,
    language TEXT NOT NULL,
    is_fallback INTEGER NOT NULL
);
CREATE TABLE page_term (
    term_id INTEGER NOT NULL,
    sort_key INTEGER NOT NULL,
    page_id INTEGER NOT NULL,
    PRIMARY KEY (term_id, sort_key, page_id)
) WITHOUT ROWID;
CREATE TABLE listing (
    section_id INTEGER NOT NULL,
    sort_key NOT NULL,
    page_id INTEGER NOT NULL,
    PRIMARY KEY (section_id, sort_key, page_id)
) WITHOUT ROWID;
CREATE TABLE asset (source TEXT PRIMARY KEY, page_id INTEGER NOT NULL, name TEXT NOT NULL)
    WITHOUT ROWID;
CREATE TABLE template (
    name TEXT NOT NULL,
    origin TEXT NOT NULL,
    text TEXT NOT NULL,
    layer INTEGER NOT NULL,
    code TEXT,
    PRIMARY KEY (name, layer)
) WITHOUT ROWID;
CREATE TABLE data (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (path TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE message (
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (language, key)
) WITHOUT ROWID;
CREATE TABLE live_path (
    path TEXT PRIMARY KEY,
    route INTEGER NOT NULL,
    language TEXT NOT NULL,
    updated TEXT,
    is_critical INTEGER NOT NULL,
    number INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE query (name TEXT PRIMARY KEY, text TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE schema (name TEXT PRIMARY KEY, code TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE published (path TEXT PRIMARY KEY, sha384 TEXT NOT NULL, fingerprinted TEXT)
    WITHOUT ROWID;
CREATE TABLE picture (
    path TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    digest TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    format TEXT NOT NULL,
    is_animated INTEGER NOT NULL,
    has_alpha INTEGER NOT NULL,
    focus TEXT NOT NULL,
    color TEXT NOT NULL,
    placeholder TEXT NOT NULL,
    problem TEXT NOT NULL,
    deferred INTEGER,
    reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE TABLE recipe (name TEXT NOT NULL, format TEXT NOT NULL, PRIMARY KEY (name, format))
    WITHOUT ROWID;
CREATE TABLE module (
    name TEXT PRIMARY KEY,
    origin TEXT NOT NULL,
    text TEXT NOT NULL,
    is_package INTEGER NOT NULL
) WITHOUT ROWID;
"""

INDEXES = """
CREATE UNIQUE INDEX page_path ON page (path);
CREATE INDEX page_source ON page (source) WHERE source IS NOT NULL;
CREATE INDEX page_sections ON page (parent_id, sort_key, id) WHERE kind = 'section';
CREATE INDEX page_feeds ON page (parent_id, template) WHERE kind = 'feed';
CREATE INDEX page_newest ON page (kind, language, date_key, id);
CREATE INDEX page_deferred ON page (path) WHERE deferred;
CREATE INDEX picture_digest ON picture (digest);
CREATE INDEX asset_page ON asset (page_id, name);
CREATE INDEX term_slug ON term (taxonomy, language, slug);
CREATE UNIQUE INDEX translation_language ON translation (group_id, language);
"""

PAGE_COLUMNS = ", ".join(Page._fields)
_PAGE_SLOTS = ", ".join("?" for _ in Page._fields)
_PICTURE_SLOTS = ", ".join("?" for _ in Picture._fields)


def create(path: Path) -> sqlite3.Connection:
    """Open a new, empty site database for writing.

    It need not survive a crash: a build writes it under a temporary name first.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    return connection


def renew(finished: Path, path: Path) -> sqlite3.Connection:
    """Open a copy of a finished site database for writing."""
    shutil.copyfile(finished, path)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    connection.execute("BEGIN")
    return connection


def finish(connection: sqlite3.Connection) -> None:
    """Index and close a database that `create` or `renew` opened."""
    connection.execute("COMMIT")
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'index'").fetchone():
        connection.executescript(INDEXES)
        connection.executescript("ANALYZE; PRAGMA optimize;")
    connection.close()


def open_readonly(path: str | Path) -> sqlite3.Connection:
    """Open a finished database. `immutable`: the file system of a bundle has no locks."""
    uri = Path(path).absolute().as_uri() + "?immutable=1&mode=ro"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def insert_block(connection: sqlite3.Connection, digest: str, bodies: Sequence[BodyRow]) -> None:
    """Insert a block, and the places of texts in it. The texts have no features and no hash."""
    block_id = bodies[0][0]
    connection.execute("INSERT INTO block VALUES (?, ?)", (block_id, digest))
    connection.executemany(
        f"INSERT INTO body VALUES (?, {block_id}, ?, ?, ?, ?, 0, 0)",  # noqa: S608 our own number
        bodies,
    )


def has_all_code(connection: sqlite3.Connection) -> bool:
    """Whether every template has been compiled."""
    return not connection.execute("SELECT 1 FROM template WHERE code IS NULL LIMIT 1").fetchone()


def keep_code(connection: sqlite3.Connection, templates: Iterable[Template]) -> None:
    """Store the Python to which templates were compiled."""
    connection.executemany(
        "UPDATE template SET code = ? WHERE name = ? AND layer = ?",
        ((template.code, template.name, template.layer) for template in templates),
    )


def insert_pictures(connection: sqlite3.Connection, pictures: Iterable[Picture]) -> None:
    connection.executemany(f"INSERT INTO picture VALUES ({_PICTURE_SLOTS})", pictures)  # noqa: S608 our own names


def insert_pages(
    connection: sqlite3.Connection,
    pages: Iterable[Page],
    links: Iterable[tuple[int, int, int]] = (),
) -> None:
    """Insert pages. `links` are the rows of `page_term`.

    A page stores the ids of its terms, which takes a quarter of the space of an index by page.
    """
    terms: dict[int, str] = {}
    for term_id, own in groupby(links, key=itemgetter(0)):
        text = str(term_id)
        for _, _, page_id in own:
            earlier = terms.get(page_id)
            terms[page_id] = f"{earlier} {text}" if earlier else text
    connection.executemany(
        f"INSERT INTO page ({PAGE_COLUMNS}, terms) VALUES ({_PAGE_SLOTS}, ?)",  # noqa: S608 our own names
        ((*page, terms.get(page[0])) for page in pages),
    )
