"""What an earlier build read: chunks of sources that need not be read again.

An SQLite file that nothing depends on. One that cannot be read, or is of another version of ssg or
of its settings, is made anew; each value is checked before it is used.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from ssg.config.load import Project
from ssg.content.reading.chunk_reader import ReadChunk, content_hash
from ssg.content.reading.chunks import Chunk, ChunkDocuments, unpack_documents
from ssg.content.reading.codec import pack, unpack
from ssg.content.source.publication import IncludeOptions
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE chunk (first TEXT PRIMARY KEY, head BLOB NOT NULL, facts BLOB NOT NULL);
CREATE TABLE structure (key TEXT PRIMARY KEY, value BLOB NOT NULL);
"""
_SEAL_BYTES = 4
_FEW = 32
"""So many chunks that are read again are edits; more are another site."""
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file gives; the second where a message of SQLite repeats what is in it."""


class SourceCache:
    """The chunks of one site as the last build left them, and as this one will.

    What is written counts from `close` on: a build that is killed before leaves all as it was.
    """

    def __init__(self, path: Path, key: str) -> None:
        """`key` tells what all of it hangs on."""
        self._connection = _open(path, key)
        self._has_begun = False
        self.replaced: dict[tuple[str, ...], ReadChunk] = {}
        """Chunks that were read again, as they were before, by the names of their sources. Where
        they are many, not all."""

    @cached_property
    def chunks(self) -> dict[tuple[str, ...], Chunk]:
        """All of them, by the names of their sources."""
        with contextlib.suppress(*_UNREADABLE):
            return {chunk.names: chunk for chunk in self._heads()}
        return {}

    def found(self, chunk: Chunk) -> ChunkDocuments | None:
        """The documents of a chunk, if they are there unharmed."""
        data = self._facts(chunk)
        return None if data is None else unpack_documents(data)

    def keep(self, read: ReadChunk) -> None:
        """Take in a chunk that was read."""
        first = read.chunk.names[0]
        if len(self.replaced) < _FEW and (before := self._kept(first)):
            self.replaced[before.chunk.names] = before
        head, facts = _sealed(pack(tuple(read.chunk))), _sealed(read.facts)
        self._write("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?)", first, head, facts)

    def renew(self, chunk: Chunk) -> None:
        """Take in new stats of a chunk."""
        head = _sealed(pack(tuple(chunk)))
        self._write("UPDATE chunk SET head = ? WHERE first = ?", head, chunk.names[0])

    def forget(self, first_name: str) -> None:
        self._write("DELETE FROM chunk WHERE first = ?", first_name)

    def structure(self, key: str) -> Any:
        """The plain values that `keep_structure` took last, if it was under this key."""
        data = self._value("SELECT value FROM structure WHERE key = ?", key)
        return None if data is None else unpack(data)

    def renew_structure(self, key: str) -> None:
        """Keep the same values under another key."""
        self._write("UPDATE structure SET key = ?", key)

    def keep_structure(self, key: str, values: object) -> None:
        self._write("DELETE FROM structure")
        self._write("INSERT INTO structure VALUES (?, ?)", key, _sealed(pack(values)))

    def close(self) -> None:
        """Write all down."""
        with contextlib.suppress(*_UNREADABLE):
            if self._has_begun:
                self._connection.execute("COMMIT")
        self._connection.close()

    def _heads(self) -> Iterator[Chunk]:
        for (head,) in self._connection.execute("SELECT head FROM chunk"):
            if (data := _checked(head)) is not None:
                yield Chunk._make(unpack(data))

    def _kept(self, first_name: str) -> ReadChunk | None:
        """A chunk as it is here now."""
        head = self._value("SELECT head FROM chunk WHERE first = ?", first_name)
        chunk = Chunk._make(unpack(head)) if head else None
        facts = self._facts(chunk) if chunk else None
        return ReadChunk(chunk, facts) if chunk and facts is not None else None

    def _facts(self, chunk: Chunk) -> bytes | None:
        data = self._value("SELECT facts FROM chunk WHERE first = ?", chunk.names[0])
        if data is None or content_hash(data + pack(chunk.skipped)) != chunk.facts:
            return None
        return data

    def _value(self, sql: str, name: str) -> bytes | None:
        try:
            row = self._connection.execute(sql, (name,)).fetchone()
        except _UNREADABLE:
            return None
        return _checked(row[0]) if row else None

    def _write(self, sql: str, *values: object) -> None:
        """A cache that cannot be written, or that another build has, is left as it is."""
        with contextlib.suppress(*_UNREADABLE):
            if not self._has_begun:
                self._connection.execute("BEGIN IMMEDIATE")
                self._has_begun = True
            self._connection.execute(sql, values)


def cache_name(include: IncludeOptions) -> str:
    """The name of the cache for builds that leave the same out."""
    taken_in = [name for name, is_in in asdict(include).items() if is_in]
    return "-".join(["sources", *taken_in]) + ".db"


def cache_key(project: Project) -> str:
    """What reading depends on beside the files themselves and what sections pass down."""
    site = project.settings.site
    languages = site.timezone, site.default_language, sorted(site.languages)
    values = code_fingerprint(), *languages, [*site.taxonomies], repr(project.settings.collections)
    return digest_of(*values)


def _open(path: Path, key: str) -> sqlite3.Connection:
    """The file, if it is of this key; else one that is empty. In memory where none can be made."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = _connect(path)
        if _is_of(connection, key):
            connection.execute("PRAGMA synchronous = OFF")
            return connection
        connection.close()
        path.unlink(missing_ok=True)
        connection = _connect(path)
        connection.execute("PRAGMA synchronous = OFF")
    except (OSError, *_UNREADABLE):
        connection = _connect(":memory:")
    with contextlib.suppress(*_UNREADABLE):
        connection.executescript(f"BEGIN; {_SCHEMA}")
        connection.execute("INSERT INTO meta VALUES ('key', ?)", (key,))
        connection.execute("COMMIT")
    return connection


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=0, isolation_level=None)
    connection.text_factory = bytes  # a damaged file may hold texts that are none
    return connection


def _is_of(connection: sqlite3.Connection, key: str) -> bool:
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:  # another build is at it
            raise
        return False
    except _UNREADABLE:
        return False
    return bool(row and row[0] == key.encode())


def _sealed(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_SEAL_BYTES, "big") + data


def _checked(sealed: object) -> bytes | None:
    """What was sealed; None where it is not what it was."""
    if not isinstance(sealed, bytes):
        return None
    data = sealed[_SEAL_BYTES:]
    return data if _sealed(data) == sealed else None
