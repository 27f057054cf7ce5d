"""What a scan found -> the site database: a new one, or a copy of the last with what is new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from ssg.content.blocks import insert_bodies
from ssg.content.chunks import Chunk
from ssg.content.materials import Materials
from ssg.content.published import Published
from ssg.content.shape import Shape
from ssg.model import database

_TEXTS = ("body", "block")
_MATERIALS = ("template", "data", "file", "phrase", "module")


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a site database holds beside the rows that the shape of a site makes."""

    chunks: Sequence[Chunk]
    materials: Materials
    published: Published
    meta: Mapping[str, str]

    def marks(self) -> dict[str, str]:
        """Digests of what is large, so that a later build need not write the same again."""
        texts, materials = hashlib.sha256(), hashlib.sha256()
        for chunk in self.chunks:
            texts.update(f"{chunk.pages} {chunk.blocks}".encode() + chunk.bodies)
        for text in self.materials.texts():
            materials.update(text.encode() + b"\0")
        return {"texts": texts.hexdigest(), "materials": materials.hexdigest()}


def write_new(path: Path, contents: Contents, shape: Shape) -> sqlite3.Connection:
    """A new database, still open."""
    connection = database.create(path)
    insert_bodies(connection, contents.chunks)
    _insert_shape(connection, shape)
    contents.materials.insert(connection)
    _write_rest(connection, contents, contents.marks())
    return connection


def write_over(previous: Path, path: Path, contents: Contents) -> sqlite3.Connection:
    """A copy of a finished database whose pages are still right, with the rest brought up to date.

    Templates that are as they were keep what they were compiled to.
    """
    connection = database.renew(previous, path)
    before, now = dict(connection.execute("SELECT key, value FROM meta")), contents.marks()
    if before.get("texts") != now["texts"]:
        _empty(connection, _TEXTS)
        insert_bodies(connection, contents.chunks)
    if before.get("materials") != now["materials"]:
        _empty(connection, _MATERIALS)
        contents.materials.insert(connection)
    _empty(connection, ("published", "meta"))
    _write_rest(connection, contents, now)
    return connection


def _write_rest(
    connection: sqlite3.Connection, contents: Contents, marks: Mapping[str, str]
) -> None:
    contents.published.insert(connection)
    rows = {**contents.meta, **marks}.items()
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)


def _empty(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 our own names


def _insert_shape(connection: sqlite3.Connection, shape: Shape) -> None:
    terms, assets = shape.terms, shape.assets
    database.insert_pages(connection, shape.rows.pages, terms.links)
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", sorted(shape.rows.listing))
    connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)", map(astuple, terms.all))
    connection.executemany("INSERT INTO page_term VALUES (?, ?, ?)", terms.links)
    connection.executemany("INSERT INTO translation VALUES (?, ?, ?, ?)", shape.translations)
    rows = ((asset.source, asset.owner_id, asset.name) for asset in assets)
    connection.executemany("INSERT INTO asset VALUES (?, ?, ?)", rows)
