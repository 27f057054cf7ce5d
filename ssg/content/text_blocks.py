"""Writes the tables `block` and `body`, which say where the text of each page is.

The database does not contain texts. They are compressed in blocks: files in `.ssg/texts/`, named
after a digest of their content (`ssg.model.texts`). The texts of one chunk of sources make one
block, or a few. `block` has the digest of each block; its id is that of the first page with a text
in the block. `body` has, for each page with a text, its block, start and length of the text, and
a hash of it.

Pages have consecutive ids in the order of the chunks. So if a chunk was read again and has as many
documents as before, only its own rows are replaced, and the ids of all other pages stay.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator

from ssg.content.reading.chunks import Chunk
from ssg.content.reading.codec import unpack

BodyRow = tuple[int, int, int, int, int, int, int, int]


def insert_bodies(connection: sqlite3.Connection, chunks: Iterable[Chunk], first: int = 1) -> None:
    """Insert the blocks of chunks, and the place of each text in them.

    The documents of the chunks have consecutive ids from `first`.
    """
    blocks: list[tuple[int, str]] = []
    connection.executemany(
        "INSERT INTO body VALUES (?, ?, ?, ?, ?, ?, ?, ?)", _rows(chunks, first, blocks)
    )
    connection.executemany("INSERT INTO block VALUES (?, ?)", blocks)


def replace_bodies(
    connection: sqlite3.Connection, chunks: Iterable[Chunk], names: Container[tuple[str, ...]]
) -> frozenset[int]:
    """Replace the texts of the chunks that have these `names`, and return the ids of their pages.

    Each chunk must have as many documents as before.
    """
    first, replaced = 1, set[int]()
    for chunk in chunks:
        if chunk.names in names:
            span = first, first + chunk.pages - 1
            connection.execute("DELETE FROM body WHERE page_id BETWEEN ? AND ?", span)
            connection.execute("DELETE FROM block WHERE id BETWEEN ? AND ?", span)
            insert_bodies(connection, [chunk], first)
            replaced.update(range(first, first + chunk.pages))
        first += chunk.pages
    return frozenset(replaced)


def _rows(chunks: Iterable[Chunk], first: int, blocks: list[tuple[int, str]]) -> Iterator[BodyRow]:
    """A row for each text. Blocks are added to `blocks`, each with the id of its first page."""
    for chunk in chunks:
        block_ids: dict[int, int] = {}
        for number, block, *rest in unpack(chunk.bodies):
            page_id = first + number
            if block not in block_ids:
                block_ids[block] = page_id
                blocks.append((page_id, chunk.blocks[block]))
            yield page_id, block_ids[block], *rest
        first += chunk.pages
