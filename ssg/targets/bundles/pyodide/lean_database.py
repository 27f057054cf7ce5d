"""Makes the lean copy of a site database, for a function that has no room for all of it.

Pages seldom show the descriptions and the long front matter of other pages. A lean copy moves these
values into blocks, as texts are in any case: files of the deploy, each named by its digest, with
about 256 pages each. A mark takes the place of the value. Reading a marked value raises
MissingBlock, and the function fetches the block (`ssg.model.queries.offloaded`).

What else can be had from fewer bytes changes, too: a slug that is the last segment of its path is
marked, indexes of paths and sources become one table of hashes, dates in `page_term` become ranks,
and columns that only the build reads are emptied. Every page renders to the same bytes as from the
whole database.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from collections.abc import Iterator
from pathlib import Path

from ssg.model.database import open_readonly
from ssg.model.page import UNDATED
from ssg.model.queries.offloaded import (
    OFFLOADED,
    TABLES,
    OffloadedValues,
    hash_buckets,
    last_segment,
    raw_block,
)
from ssg.model.texts import keep

_PAGES = 256
"""The average number of pages in a block."""
_BLOCK_BYTES = 256 * 1024
_LONG = 200
"""Longer front matter, in characters, moves. Shorter values, as an author, are shown in lists."""

_DESCRIPTION = "kind IN ('page', 'fallback') AND description <> ''"
_FRONT = f"kind = 'page' AND length(front) > {_LONG}"
_MOVED = f"""
    SELECT id, path, CASE WHEN {_DESCRIPTION} THEN description END,
        CASE WHEN {_FRONT} THEN front END
    FROM page WHERE ({_DESCRIPTION}) OR ({_FRONT}) ORDER BY id
"""  # noqa: S608 our own names
_MARK = f"""
    UPDATE page SET reason = '',
        description = CASE WHEN {_DESCRIPTION} THEN :mark ELSE description END,
        front = CASE WHEN {_FRONT} THEN :mark ELSE front END,
        slug = CASE WHEN slug = last_segment(path) THEN :mark ELSE slug END
"""  # noqa: S608 our own names
_NAMES = """
    SELECT path, id FROM page UNION ALL SELECT source, id FROM page WHERE source IS NOT NULL
    ORDER BY id
"""
_NO_MORE = ("DROP INDEX page_path", "DROP INDEX page_source", "DROP INDEX page_deferred")
"""A function finds out from `paths.bin` whether a page is deferred."""

_RANKS = (
    "CREATE TABLE ranked AS SELECT term_id, sort_key, page_id, "  # noqa: S608 our own number
    "dense_rank() OVER (ORDER BY sort_key, page_id) AS rank FROM page_term "
    f"WHERE sort_key < {UNDATED}",
    f"DELETE FROM page_term WHERE sort_key < {UNDATED}",  # noqa: S608 our own number
    "INSERT INTO page_term SELECT term_id, rank, page_id FROM ranked ORDER BY 1, 2, 3",
    "DROP TABLE ranked",
)
"""In `page_term`, where a date only gives an order, its rank gives it in a third of the bytes."""

_OFFLOADED_BLOCKS = """
    SELECT path,
        (SELECT digest FROM offloaded WHERE first_id <= page.id ORDER BY first_id DESC LIMIT 1)
    FROM page WHERE deferred AND (description = :mark OR front = :mark)
"""


def lean_copy(database: Path, place: Path, folder: Path) -> list[Path]:
    """Write a lean copy to `place`, a new file, and its blocks into `folder`. Returns these."""
    folder.mkdir(exist_ok=True)
    draft = folder / "draft.db"
    shutil.copyfile(database, draft)
    with contextlib.closing(sqlite3.connect(draft, isolation_level=None)) as connection:
        connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;")
        connection.execute("BEGIN")
        digests = _move(connection, folder)
        _name(connection)
        for statement in (*_NO_MORE, *_RANKS):
            connection.execute(statement)
        connection.execute("UPDATE body SET text_hash = 0")
        connection.execute("DELETE FROM live_path")
        connection.execute("COMMIT")
        connection.execute("VACUUM INTO ?", (str(place),))
    draft.unlink()
    return [folder / digest for digest in digests]


def offloaded_blocks(lean: Path) -> dict[str, str]:
    """For each deferred page with offloaded columns, the block that contains them."""
    with contextlib.closing(open_readonly(lean)) as connection:
        return dict(connection.execute(_OFFLOADED_BLOCKS, {"mark": OFFLOADED}).fetchall())


def _move(connection: sqlite3.Connection, folder: Path) -> list[str]:
    kept = [(first_id, keep(raw, folder)) for first_id, raw in _blocks(connection)]
    for statement in TABLES:
        connection.execute(statement)
    connection.executemany("INSERT INTO offloaded VALUES (?, ?)", kept)
    connection.create_function("last_segment", 1, last_segment, deterministic=True)
    connection.execute(_MARK, {"mark": OFFLOADED})
    return sorted({digest for _, digest in kept})


def _name(connection: sqlite3.Connection) -> None:
    named = hash_buckets(connection.execute(_NAMES))
    connection.executemany("INSERT INTO name_hash VALUES (?, ?)", named.items())


def _blocks(connection: sqlite3.Connection) -> Iterator[tuple[int, bytes]]:
    """Blocks, each with the id of its first page. The hash of a path decides where a block ends, so
    a new page changes one block and not all that follow."""
    moved: dict[int, OffloadedValues] = {}
    length = 0
    for page_id, path, *values in connection.execute(_MOVED):
        moved[page_id] = values[0], values[1]
        length += sum(map(len, filter(None, values)))
        if zlib.crc32(path.encode()) % _PAGES == 0 or length > _BLOCK_BYTES:
            yield _packed(moved)
            moved, length = {}, 0
    if moved:
        yield _packed(moved)


def _packed(moved: dict[int, OffloadedValues]) -> tuple[int, bytes]:
    first_id = next(iter(moved))
    return first_id, raw_block(first_id, moved)
