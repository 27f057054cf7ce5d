"""Chunks -> the tables of texts in the site database."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from ssg.content.chunks import Chunk, unpack

Row = tuple[int, int, int, int, int, int]


def insert_bodies(connection: sqlite3.Connection, chunks: Iterable[Chunk]) -> None:
    """Enter blocks, and where in them the text of each page is.

    Documents have their ids in the order of the chunks, counted from 1.
    """
    blocks: list[tuple[int, str]] = []
    connection.executemany("INSERT INTO body VALUES (?, ?, ?, ?, ?, ?)", _rows(chunks, blocks))
    connection.executemany("INSERT INTO block VALUES (?, ?)", blocks)


def _rows(chunks: Iterable[Chunk], blocks: list[tuple[int, str]]) -> Iterator[Row]:
    """A row for each text; `blocks` takes the blocks, each with the id of its first page."""
    first = 1
    for chunk in chunks:
        begun: dict[int, int] = {}
        for number, block, start, length, line, words in unpack(chunk.bodies):
            page_id = first + number
            if block not in begun:
                begun[block] = page_id
                blocks.append((page_id, chunk.blocks[block]))
            yield page_id, begun[block], start, length, line, words
        first += chunk.pages
