"""The source cache: chunks that earlier builds read, in an SQLite file.

For each chunk, the cache has a *head* (file stats, hashes, validity: a `Chunk`) and its *facts*
(the packed documents). A build reads all heads, and the facts of chunks whose documents it needs:
those of an edited chunk, or all if the structure of the site must be made again. The cache also has
the facts of the last structure (`content.structure_cache`).

Nothing depends on the cache. If the file is damaged, or its key shows another version of the code
or other settings, it is replaced by an empty one. Each value has a checksum, which is compared
before the value is used. A build writes in one transaction, which it commits at its end, so a
killed build leaves the cache as it was. If another build has locked the file, or it cannot be
written, this build works without it.
"""

from __future__ import annotations

import contextlib
import sqlite3
import zlib
from collections.abc import Iterator, Mapping
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
from ssg.fingerprint.files import FileStat

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE chunk (first TEXT PRIMARY KEY, head BLOB NOT NULL, facts BLOB NOT NULL);
CREATE TABLE structure (key TEXT PRIMARY KEY, value BLOB NOT NULL);
CREATE TABLE blocks (name TEXT PRIMARY KEY, stats BLOB NOT NULL);
"""
_TEXTS = "texts"
_CHECKSUM_BYTES = 4
_FEW = 32
"""The number of chunks up to which a change is treated as edits."""
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)
"""Errors of a damaged file; the second if a message of SQLite quotes its contents."""


class SourceCache:
    """The cached chunks of one site. Changes take effect with `close`."""

    def __init__(self, path: Path, key: str) -> None:
        """`key` is the fingerprint of everything on which all values depend."""
        self._connection = _open(path, key)
        self._has_begun = False
        self.replaced: dict[tuple[str, ...], ReadChunk] = {}
        """Chunks that were read again, as they were before, by the names of their sources; not all
        if they are many."""

    @cached_property
    def chunks(self) -> dict[tuple[str, ...], Chunk]:
        """All chunks, by the names of their sources."""
        with contextlib.suppress(*_UNREADABLE):
            return {chunk.names: chunk for chunk in self._heads()}
        return {}

    def found(self, chunk: Chunk) -> ChunkDocuments | None:
        """The documents of a chunk, if the cache has them undamaged."""
        data = self._facts(chunk)
        return None if data is None else unpack_documents(data)

    @cached_property
    def blocks(self) -> dict[str, FileStat]:
        """The blocks of texts whose digests were checked, each with its stat then."""
        data = self._value("SELECT stats FROM blocks WHERE name = ?", _TEXTS)
        return {} if data is None else unpack(data)

    def keep_blocks(self, stats: Mapping[str, FileStat]) -> None:
        """Take in the stats of blocks whose digests were checked."""
        sealed = _with_checksum(pack(dict(stats)))
        self._write("INSERT OR REPLACE INTO blocks VALUES (?, ?)", _TEXTS, sealed)

    def keep(self, read: ReadChunk) -> None:
        """Store a chunk that was read."""
        first = read.chunk.names[0]
        if len(self.replaced) < _FEW and (before := self._kept(first)):
            self.replaced[before.chunk.names] = before
        head, facts = _with_checksum(pack(tuple(read.chunk))), _with_checksum(read.facts)
        self._write("INSERT OR REPLACE INTO chunk VALUES (?, ?, ?)", first, head, facts)

    def renew(self, chunk: Chunk) -> None:
        """Store new file stats of a chunk."""
        head = _with_checksum(pack(tuple(chunk)))
        self._write("UPDATE chunk SET head = ? WHERE first = ?", head, chunk.names[0])

    def forget(self, first_name: str) -> None:
        self._write("DELETE FROM chunk WHERE first = ?", first_name)

    def structure(self, key: str) -> Any:
        """The plain values that `keep_structure` stored last, if their key is this one."""
        data = self._value("SELECT value FROM structure WHERE key = ?", key)
        return None if data is None else unpack(data)

    def renew_structure(self, key: str) -> None:
        """Give the stored values another key."""
        self._write("UPDATE structure SET key = ?", key)

    def keep_structure(self, key: str, values: object) -> None:
        self._write("DELETE FROM structure")
        self._write("INSERT INTO structure VALUES (?, ?)", key, _with_checksum(pack(values)))

    def close(self) -> None:
        """Commit all changes."""
        with contextlib.suppress(*_UNREADABLE):
            if self._has_begun:
                self._connection.execute("COMMIT")
        self._connection.close()

    def _heads(self) -> Iterator[Chunk]:
        for (head,) in self._connection.execute("SELECT head FROM chunk"):
            if (data := _checked(head)) is not None:
                yield Chunk._make(unpack(data))

    def _kept(self, first_name: str) -> ReadChunk | None:
        """A chunk as it is stored now."""
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
        """Write; does nothing if the file cannot be written, or another build has locked it."""
        with contextlib.suppress(*_UNREADABLE):
            if not self._has_begun:
                self._connection.execute("BEGIN IMMEDIATE")
                self._has_begun = True
            self._connection.execute(sql, values)


def cache_name(include: IncludeOptions) -> str:
    """The file name of the cache of builds with these options."""
    taken_in = [name for name, is_in in asdict(include).items() if is_in]
    return "-".join(["sources", *taken_in]) + ".db"


def cache_key(project: Project) -> str:
    """The fingerprint of everything that reading depends on, except files and cascades."""
    site = project.settings.site
    languages = site.timezone, site.default_language, sorted(site.languages)
    values = code_fingerprint(), *languages, [*site.taxonomies], repr(project.settings.collections)
    return digest_of(*values)


def _open(path: Path, key: str) -> sqlite3.Connection:
    """Open the file if it has this key, else an empty one: in memory if none can be made."""
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
    connection.text_factory = bytes  # a damaged file may contain invalid texts
    return connection


def _is_of(connection: sqlite3.Connection, key: str) -> bool:
    try:
        row = connection.execute("SELECT value FROM meta WHERE key = 'key'").fetchone()
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:  # another build has locked it
            raise
        return False
    except _UNREADABLE:
        return False
    return bool(row and row[0] == key.encode())


def _with_checksum(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(_CHECKSUM_BYTES, "big") + data


def _checked(sealed: object) -> bytes | None:
    """The data without its checksum; None if it is damaged."""
    if not isinstance(sealed, bytes):
        return None
    data = sealed[_CHECKSUM_BYTES:]
    return data if _with_checksum(data) == sealed else None
