"""Chunks -> the tables of texts in the site database."""

from __future__ import annotations

import sqlite3
from collections.abc import Container, Iterable, Iterator

from ssg.content.reading.chunks import Chunk
from ssg.content.reading.codec import unpack

Row = tuple[int, int, int, int, int, int, int]


def insert_bodies(connection: sqlite3.Connection, chunks: Iterable[Chunk], first: int = 1) -> None:
    """Enter blocks, and where in them the text of each page is.

    Documents have their ids in the order of the chunks, counted from `first`.
    """
    blocks: list[tuple[int, str]] = []
    connection.executemany(
        "INSERT INTO body VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(chunks, first, blocks)
    )
    connection.executemany("INSERT INTO block VALUES (?, ?)", blocks)


def renew_bodies(
    connection: sqlite3.Connection, chunks: Iterable[Chunk], names: Container[tuple[str, ...]]
) -> frozenset[int]:
    """Enter the texts of some chunks anew, told by the names of their sources, which are as many
    documents as before. Returns the ids of their pages."""
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
    """A row for each text; `blocks` takes the blocks, each with the id of its first page."""
    for chunk in chunks:
        begun: dict[int, int] = {}
        for number, block, *rest in unpack(chunk.bodies):
            page_id = first + number
            if block not in begun:
                begun[block] = page_id
                blocks.append((page_id, chunk.blocks[block]))
            yield page_id, begun[block], *rest
        first += chunk.pages
