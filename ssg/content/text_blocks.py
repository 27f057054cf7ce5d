"""Writes the tables `block` and `body`, which say where the text of each page is."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator

from ssg.content.reading.chunks import Chunk
from ssg.content.reading.codec import unpack

Row = tuple[int, int, int, int, int, int, int]


def insert_bodies(connection: sqlite3.Connection, chunks: Iterable[Chunk], first: int = 1) -> None:
    """Insert the blocks of chunks, and the place of each text in them.

    The documents of the chunks have consecutive ids from `first`.
    """
    blocks: list[tuple[int, str]] = []
    connection.executemany(
        "INSERT INTO body VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(chunks, first, blocks)
    )
    connection.executemany("INSERT INTO block VALUES (?, ?)", blocks)


def renew_bodies(
    connection: sqlite3.Connection, chunks: Iterable[Chunk], names: Container[tuple[str, ...]]
) -> frozenset[int]:
    """Replace the texts of the chunks that have these `names`, and return the ids of their pages.

    Each chunk must have as many documents as before.
    """
    first, renewed = 1, set[int]()
    for chunk in chunks:
        if chunk.names in names:
            span = first, first + chunk.pages - 1
            connection.execute("DELETE FROM body WHERE page_id BETWEEN ? AND ?", span)
            connection.execute("DELETE FROM block WHERE id BETWEEN ? AND ?", span)
            insert_bodies(connection, [chunk], first)
            renewed.update(range(first, first + chunk.pages))
        first += chunk.pages
    return frozenset(renewed)


def _rows(chunks: Iterable[Chunk], first: int, blocks: list[tuple[int, str]]) -> Iterator[Row]:
    """A row for each text. Blocks are added to `blocks`, each with the id of its first page."""
    for chunk in chunks:
        begun: dict[int, int] = {}
        for number, block, *rest in unpack(chunk.bodies):
            page_id = first + number
            if block not in begun:
                begun[block] = page_id
                blocks.append((page_id, chunk.blocks[block]))
            yield page_id, begun[block], *rest
        first += chunk.pages
