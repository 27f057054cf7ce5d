"""Writes the result of a scan: a new site database, or an updated copy of the previous one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from ssg.content.document_diff import ReplacedChunks, chunks_before
from ssg.content.inputs.render_inputs import RenderInputs
from ssg.content.reading.chunks import Chunk
from ssg.content.row_patch import PatchedRows, RowPatch
from ssg.content.site_structure import SiteStructure
from ssg.content.structure.pictures import PictureRows
from ssg.content.structure.published_files import PublishedFiles
from ssg.content.text_blocks import insert_bodies, replace_bodies
from ssg.fingerprint.digest import digest_of
from ssg.model import database

_TEXT_TABLES = ("body", "block")
_INPUT_TABLES = ("template", "data", "file", "message", "module", "query", "schema")
_PICTURE_TABLES = ("picture", "recipe")


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """The contents of a site database besides the rows of its structure."""

    chunks: Sequence[Chunk]
    inputs: RenderInputs
    published: PublishedFiles
    pictures: PictureRows
    meta: Mapping[str, str]

    def fingerprints(self) -> dict[str, str]:
        """Of the large tables, so that a later build does not write the same rows again."""
        inputs = digest_of(list(self.inputs.texts()))
        texts, pictures = _texts_fingerprint(self.chunks), self.pictures.fingerprint()
        return {"texts": texts, "inputs": inputs, "pictures": pictures}


def _texts_fingerprint(chunks: Iterable[Chunk]) -> str:
    return digest_of([(chunk.pages, list(chunk.blocks), chunk.bodies) for chunk in chunks])


def write_new(
    path: Path, contents: DatabaseContents, structure: SiteStructure
) -> sqlite3.Connection:
    """Write a new database; it stays open."""
    connection = database.create(path)
    insert_bodies(connection, contents.chunks)
    _insert_structure(connection, structure)
    contents.inputs.insert(connection)
    contents.pictures.insert(connection)
    _insert_published_and_meta(connection, contents, contents.fingerprints())
    return connection


def write_over(
    previous: Path,
    path: Path,
    contents: DatabaseContents,
    patch: RowPatch,
    replaced: ReplacedChunks,
) -> tuple[sqlite3.Connection, PatchedRows]:
    """Write an updated copy of a finished database, and tell which rows changed.

    `patch` has the changes of page rows. Unchanged templates keep the code to which they were
    compiled.
    """
    connection = database.renew(previous, path)
    before, now = dict(connection.execute("SELECT key, value FROM meta")), contents.fingerprints()
    texts: frozenset[int] | None = frozenset()
    if before.get("texts") != now["texts"]:
        texts = _update_texts(connection, contents.chunks, replaced, before.get("texts"))
    patch.apply(connection)
    if before.get("inputs") != now["inputs"]:
        _delete_all(connection, _INPUT_TABLES)
        contents.inputs.insert(connection)
    if before.get("pictures") != now["pictures"]:
        _delete_all(connection, _PICTURE_TABLES)
        contents.pictures.insert(connection)
    _delete_all(connection, ("published", "meta"))
    _insert_published_and_meta(connection, contents, now)
    return connection, patch.patched_rows(texts)


def _update_texts(
    connection: sqlite3.Connection,
    chunks: Sequence[Chunk],
    replaced: ReplacedChunks,
    fingerprint: str | None,
) -> frozenset[int] | None:
    """Replace the texts of chunks that were read again; all texts, if others changed as well.

    Returns the ids of their pages; None for all.
    """
    if fingerprint == _texts_fingerprint(chunks_before(chunks, replaced)):
        return replace_bodies(connection, chunks, replaced)
    _delete_all(connection, _TEXT_TABLES)
    insert_bodies(connection, chunks)
    return None


def _insert_published_and_meta(
    connection: sqlite3.Connection, contents: DatabaseContents, fingerprints: Mapping[str, str]
) -> None:
    contents.published.insert(connection)
    rows = {**contents.meta, **fingerprints}.items()
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)


def _delete_all(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 our own names


def _insert_structure(connection: sqlite3.Connection, structure: SiteStructure) -> None:
    terms, assets = structure.terms, structure.assets
    database.insert_pages(connection, structure.rows.pages, terms.links)
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", sorted(structure.rows.listing))
    connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)", map(astuple, terms.all))
    connection.executemany("INSERT INTO page_term VALUES (?, ?, ?)", terms.links)
    connection.executemany("INSERT INTO translation VALUES (?, ?, ?, ?)", structure.translations)
    rows = ((asset.source, asset.owner_id, asset.name) for asset in assets)
    connection.executemany("INSERT INTO asset VALUES (?, ?, ?)", rows)
