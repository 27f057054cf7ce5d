"""SQLite as a source: a file that other processes may write while it is read.

Each connection opens this file alone, for reading only, and refuses statements that write. A
statement is a transaction of its own, so it sees one state of the database, in WAL mode also while
a writer writes. A query is interrupted when its time is over; the same time is waited for a lock.
"""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.model.live.data_request import Scalar
from ssg.model.live.query import Query
from ssg.sources.sql.connection_pool import ConnectionPool
from ssg.sources.sql.database import ImpossibleValueError, Limits, QueryError
from ssg.sources.sql.json_rows import json_rows

_STEPS_BETWEEN_CHECKS = 10_000
"""Of SQLite's virtual machine: less than a millisecond."""
_NO_WAL = "SQLITE_READONLY_DIRECTORY"
_JSON_MARK = " [json]"
"""The end of a column's name whose texts are JSON, as for converters of Python's `sqlite3`."""


@dataclass(slots=True)
class _Opened:
    """A connection, and the file that it reads."""

    connection: sqlite3.Connection
    file: tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Connector:
    path: Path
    shown: str

    def open(self, limits: Limits) -> _Opened:
        """Open the file. It may not exist yet: then the next request tries it again."""
        uri = self.path.absolute().as_uri() + "?mode=ro"
        try:
            file = self._file()
            connection = sqlite3.connect(
                uri, limits.seconds, uri=True, check_same_thread=False, isolation_level=None
            )
        except (OSError, sqlite3.Error):
            raise QueryError(f"cannot open {self.shown}") from None
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
        connection.execute("PRAGMA query_only = ON")
        return _Opened(connection, file)

    def close(self, opened: _Opened) -> None:
        opened.connection.close()

    def is_usable(self, opened: _Opened) -> bool:
        """Whether the path still leads to the file: a deploy may put another into its place."""
        try:
            return self._file() == opened.file and not opened.connection.in_transaction
        except OSError:
            return False

    def _file(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_dev, status.st_ino


class SqliteDatabase:
    """A database in a file. `shown` is what errors call it."""

    def __init__(self, path: Path, shown: str) -> None:
        self._pool = ConnectionPool(_Connector(path, shown))

    def answer(self, query: Query, values: Mapping[str, Scalar], limits: Limits) -> bytes:
        """See `Database`."""
        with self._pool.connection(limits) as opened:
            try:
                return _ask(opened.connection, query.text, values, limits)
            except (OverflowError, UnicodeEncodeError):
                raise ImpossibleValueError from None
            except sqlite3.Error as error:
                raise _query_error(error, limits) from None

    def close(self) -> None:
        """See `Database`."""
        self._pool.close()


def _ask(
    connection: sqlite3.Connection, text: str, values: Mapping[str, Scalar], limits: Limits
) -> bytes:
    connection.execute(f"PRAGMA busy_timeout = {limits.seconds_left * 1000:.0f}")
    connection.set_progress_handler(
        lambda: time.monotonic() > limits.deadline, _STEPS_BETWEEN_CHECKS
    )
    try:
        with closing(connection.execute(text, dict(values))) as cursor:
            if cursor.description is None:
                raise QueryError("the statement has no rows")
            names = [column for column, *_ in cursor.description]
            plain = [name.removesuffix(_JSON_MARK) for name in names]
            rows = cursor if names == plain else _with_json(names, cursor)
            return json_rows(plain, rows, limits.max_bytes)
    finally:
        connection.set_progress_handler(None, 0)


def _with_json(names: Sequence[str], rows: Iterator[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    """Rows in which the texts of marked columns are read as JSON."""
    marks = [name.endswith(_JSON_MARK) for name in names]
    try:
        for row in rows:
            pairs = zip(row, marks, strict=True)
            yield [json.loads(one) if mark and one is not None else one for one, mark in pairs]
    except (ValueError, TypeError, RecursionError) as error:
        raise QueryError(f"a column{_JSON_MARK} is not JSON: {error}") from None


def _query_error(error: sqlite3.Error, limits: Limits) -> QueryError:
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    if name == "SQLITE_INTERRUPT":
        return limits.overtime
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return QueryError(f"{name}: {error}: a writer held it for {limits.seconds:g} seconds")
    hint = "; in WAL mode the folder must be writable" if name == _NO_WAL else ""
    return QueryError(f"{name}: {error}{hint}")
