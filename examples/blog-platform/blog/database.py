"""Connections to SQLite or PostgreSQL.

The SQL of the platform is the same for both: ids and times are texts, and there are no types that
only one of them has. Rows that are read before they are written are locked: SQLite locks its file
(`BEGIN IMMEDIATE`), PostgreSQL locks rows (`FOR UPDATE`, which `Database.for_update` adds).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, RowMapping, create_engine, event, text

SQLITE_WAIT_SECONDS = 10.0
"""How long a writer waits for another one."""

Row = RowMapping
"""The values of a row by the names of columns."""


class NotTextError(ValueError):
    """A value has a zero character, or half of a surrogate pair: PostgreSQL stores neither."""


class Connection:
    """A connection within a transaction. All methods raise NotTextError."""

    def __init__(self, connection: SqlConnection) -> None:
        self._connection = connection
        self.is_postgresql = connection.dialect.name == "postgresql"
        self._lock = " FOR UPDATE" if self.is_postgresql else ""

    def rows(self, query: str, **values: object) -> Sequence[Row]:
        """The rows of a query, whose parameters are `:name`."""
        return self._connection.execute(text(query), _checked(values)).mappings().all()

    def row(self, query: str, **values: object) -> Row | None:
        """The only row of a query, or none."""
        return self._connection.execute(text(query), _checked(values)).mappings().one_or_none()

    def locked_row(self, query: str, **values: object) -> Row | None:
        """The only row of a query, which no other transaction can change until this one ends."""
        return self.row(query + self._lock, **values)

    def locked_rows(self, query: str, **values: object) -> Sequence[Row]:
        """The same for rows, which are locked in their order."""
        return self.rows(query + self._lock, **values)

    def change(self, statement: str, **values: object) -> int:
        """Execute a statement; returns the number of rows that it changed."""
        return int(self._connection.execute(text(statement), _checked(values)).rowcount)

    def change_many(self, statement: str, values: Sequence[Mapping[str, object]]) -> None:
        """Execute a statement for each of some values."""
        if values:
            self._connection.execute(text(statement), [_checked(one) for one in values])


def _checked(values: Mapping[str, object]) -> Mapping[str, object]:
    for name, value in values.items():
        if isinstance(value, str) and ("\0" in value or _has_half_a_pair(value)):
            raise NotTextError(name)
    return values


def _has_half_a_pair(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return True
    return False


class Database:
    """The database of a process, which opens connections when they are needed."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(url)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads: all that it sees is of one moment."""
        with self._engine.connect() as connection:
            if connection.dialect.name == "postgresql":
                # The options are set back when the connection returns to the pool.
                connection.execution_options(
                    isolation_level="REPEATABLE READ", postgresql_readonly=True
                )
            with connection.begin():
                yield Connection(connection)

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction, committed at the end of the block unless it raises."""
        with self._engine.connect() as connection:
            connection.execution_options(is_writing=True)
            with connection.begin():
                yield Connection(connection)

    def close(self) -> None:
        self._engine.dispose()


def _engine(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(url, pool_size=8, max_overflow=0, pool_pre_ping=True)
    options = {"timeout": SQLITE_WAIT_SECONDS, "check_same_thread": False}
    engine = create_engine(url, connect_args=options)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Write-ahead log: readers do not wait for writers. A commit is on the disk when it returns."""
    connection.isolation_level = None  # transactions are begun below
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: SqlConnection) -> None:
    """A transaction that will write takes the lock at once: two cannot wait for each other."""
    is_writing = connection.get_execution_options().get("is_writing")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_writing else "BEGIN")
