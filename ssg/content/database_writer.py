"""What a scan found -> the site database: a new one, or a copy of the last with what is new."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from ssg.content.document_diff import ReplacedChunks, chunks_before
from ssg.content.inputs.render_inputs import RenderInputs
from ssg.content.reading.chunks import Chunk
from ssg.content.row_patch import PatchedRows, RowPatch
from ssg.content.site_structure import SiteStructure
from ssg.content.structure.published_files import PublishedFiles
from ssg.content.text_blocks import insert_bodies, renew_bodies
from ssg.model import database

_TEXTS = ("body", "block")
_MATERIALS = ("template", "data", "file", "message", "module")


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """All that a site database holds beside the rows that the shape of a site makes."""

    chunks: Sequence[Chunk]
    materials: RenderInputs
    published: PublishedFiles
    meta: Mapping[str, str]

    def marks(self) -> dict[str, str]:
        """Digests of what is large, so that a later build need not write the same again."""
        materials = hashlib.sha256()
        for text in self.materials.texts():
            materials.update(text.encode() + b"\0")
        return {"texts": _mark_of(self.chunks), "materials": materials.hexdigest()}


def _mark_of(chunks: Iterable[Chunk]) -> str:
    texts = hashlib.sha256()
    for chunk in chunks:
        texts.update(f"{chunk.pages} {chunk.blocks}".encode() + chunk.bodies)
    return texts.hexdigest()


def write_new(path: Path, contents: DatabaseContents, shape: SiteStructure) -> sqlite3.Connection:
    """A new database, still open."""
    connection = database.create(path)
    insert_bodies(connection, contents.chunks)
    _insert_shape(connection, shape)
    contents.materials.insert(connection)
    _write_rest(connection, contents, contents.marks())
    return connection


def write_over(
    previous: Path,
    path: Path,
    contents: DatabaseContents,
    patch: RowPatch,
    replaced: ReplacedChunks,
) -> tuple[sqlite3.Connection, PatchedRows]:
    """A copy of a finished database of which a patch tells the rows of pages that are not right,
    with the rest brought up to date; and what of it is another now.

    Templates that are as they were keep what they were compiled to.
    """
    connection = database.renew(previous, path)
    before, now = dict(connection.execute("SELECT key, value FROM meta")), contents.marks()
    texts: frozenset[int] | None = frozenset()
    if before.get("texts") != now["texts"]:
        texts = _renew_texts(connection, contents.chunks, replaced, before.get("texts"))
    patch.apply(connection)
    if before.get("materials") != now["materials"]:
        _empty(connection, _MATERIALS)
        contents.materials.insert(connection)
    _empty(connection, ("published", "meta"))
    _write_rest(connection, contents, now)
    return connection, patch.patched_rows(texts)


def _renew_texts(
    connection: sqlite3.Connection,
    chunks: Sequence[Chunk],
    replaced: ReplacedChunks,
    mark: str | None,
) -> frozenset[int] | None:
    """Enter the texts of the chunks that were read again, where those of all others stand. Returns
    the pages with them; None: all."""
    if mark == _mark_of(chunks_before(chunks, replaced)):
        return renew_bodies(connection, chunks, replaced)
    _empty(connection, _TEXTS)
    insert_bodies(connection, chunks)
    return None


def _write_rest(
    connection: sqlite3.Connection, contents: DatabaseContents, marks: Mapping[str, str]
) -> None:
    contents.published.insert(connection)
    rows = {**contents.meta, **marks}.items()
    connection.executemany("INSERT INTO meta VALUES (?, ?)", rows)


def _empty(connection: sqlite3.Connection, tables: Sequence[str]) -> None:
    for table in tables:
        connection.execute(f"DELETE FROM {table}")  # noqa: S608 our own names


def _insert_shape(connection: sqlite3.Connection, shape: SiteStructure) -> None:
    terms, assets = shape.terms, shape.assets
    database.insert_pages(connection, shape.rows.pages, terms.links)
    connection.executemany("INSERT INTO listing VALUES (?, ?, ?)", sorted(shape.rows.listing))
    connection.executemany("INSERT INTO term VALUES (?, ?, ?, ?, ?, ?, ?)", map(astuple, terms.all))
    connection.executemany("INSERT INTO page_term VALUES (?, ?, ?)", terms.links)
    connection.executemany("INSERT INTO translation VALUES (?, ?, ?, ?)", shape.translations)
    rows = ((asset.source, asset.owner_id, asset.name) for asset in assets)
    connection.executemany("INSERT INTO asset VALUES (?, ?, ?)", rows)
