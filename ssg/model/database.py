"""The site database: one SQLite file, written once by a build and only read afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import fields
from operator import attrgetter
from pathlib import Path

from ssg.model.page import Page

SCHEMA_VERSION = 2

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
    word_count INTEGER NOT NULL,
    sort_key NOT NULL,
    date_key INTEGER NOT NULL,
    front TEXT NOT NULL,
    deferred INTEGER NOT NULL,
    ttl_seconds INTEGER,
    reason TEXT NOT NULL
);
CREATE TABLE body (page_id INTEGER PRIMARY KEY, text TEXT NOT NULL, line INTEGER NOT NULL);
CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    taxonomy TEXT NOT NULL,
    name TEXT NOT NULL,
    slug TEXT NOT NULL,
    path TEXT NOT NULL,
    page_count INTEGER NOT NULL
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
    PRIMARY KEY (name, layer)
) WITHOUT ROWID;
CREATE TABLE data (name TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE file (path TEXT PRIMARY KEY, json TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE phrase (
    language TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (language, key)
) WITHOUT ROWID;
CREATE TABLE published (path TEXT PRIMARY KEY, sha384 TEXT NOT NULL, fingerprinted TEXT)
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
CREATE INDEX page_newest ON page (kind, date_key, id);
CREATE INDEX page_deferred ON page (path) WHERE deferred;
CREATE INDEX page_term_page ON page_term (page_id, term_id);
CREATE INDEX asset_page ON asset (page_id, name);
CREATE INDEX term_slug ON term (taxonomy, slug);
"""

PAGE_COLUMNS = ", ".join(field.name for field in fields(Page))
_page_values = attrgetter(*(field.name for field in fields(Page)))
_PAGE_SLOTS = ", ".join("?" for _ in fields(Page))


def create(path: Path) -> sqlite3.Connection:
    """Open a new, empty site database for writing.

    Nothing in it needs to outlive a crash: a build writes it to a temporary name first.
    """
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
    connection.executescript(SCHEMA)
    connection.execute("BEGIN")
    return connection


def finish(connection: sqlite3.Connection) -> None:
    """Index and close a database that `create` opened."""
    connection.execute("COMMIT")
    connection.executescript(INDEXES)
    connection.executescript("ANALYZE; PRAGMA optimize;")
    connection.close()


def open_readonly(path: str | Path) -> sqlite3.Connection:
    """Open a finished database. `immutable` spares locks, which a bundle's file system lacks."""
    uri = Path(path).absolute().as_uri() + "?immutable=1&mode=ro"
    return sqlite3.connect(uri, uri=True, check_same_thread=False, isolation_level=None)


def insert_pages(connection: sqlite3.Connection, pages: Iterable[Page]) -> None:
    connection.executemany(
        f"INSERT INTO page ({PAGE_COLUMNS}) VALUES ({_PAGE_SLOTS})",  # noqa: S608 our own names
        map(_page_values, pages),
    )
