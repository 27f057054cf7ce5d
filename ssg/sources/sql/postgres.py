"""PostgreSQL as a source, through psycopg.

Each query is a transaction that only reads and has a time limit. Both are said in the message that
begins it, not when a connection opens: so they hold behind a pooler (PgBouncer), too, where the
next transaction may have another connection. For the same reason no statement is prepared, and a
migration that changes a table does not break one.

Values are sent as texts of no type, so PostgreSQL reads each as what the query compares it with.
"""

from __future__ import annotations

import re
import selectors
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from itertools import chain
from typing import Any, TypeVar, cast

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

from ssg.model.live.data_request import Scalar
from ssg.model.live.query import Query
from ssg.sources.sql.connection_pool import POOL_SIZE, ConnectionPool
from ssg.sources.sql.database import Limits, QueryError
from ssg.sources.sql.json_rows import json_rows
from ssg.sources.sql.postgres_errors import BrokenConnectionError, reason_of
from ssg.sources.sql.postgres_values import SESSION, register_loaders

_ROWS_AT_ONCE = 10 if psycopg.capabilities.has_stream_chunked() else 1
"""More are no faster, and could be large."""
_GRACE_SECONDS = 1.0
"""How much later than the server this side stops waiting, if the server does not answer at all."""
_DEFAULTS: Mapping[str, str | int] = {
    "fallback_application_name": "ssg",
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
}
"""Options that a URL may set otherwise: a server that is gone is noticed within a minute."""
_PUBLIC_OPTIONS = re.compile(r"ssl|gss|keepalives|timeout|target_session|application|load_balance")
"""Options of a connection whose values are no secret."""
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)
"""Windows has no `poll`."""
_Result = TypeVar("_Result")


class _Connection(psycopg.Connection[tuple[Any, ...]]):
    """A connection that waits no longer than it may."""

    deadline = float("inf")

    def wait(self, gen: Generator[Any, Any, _Result], *options: Any, **more: Any) -> _Result:
        """As in psycopg; raises TimeoutError when the time is over, and is closed then."""
        return super().wait(self._until_deadline(gen), *options, **more)

    def _until_deadline(self, gen: Generator[Any, Any, _Result]) -> Generator[Any, Any, _Result]:
        try:
            state = next(gen)
            while True:
                ready = yield state
                if not ready and time.monotonic() > self.deadline:
                    self.close()  # so that nobody waits for the end of the query
                    raise TimeoutError
                state = gen.send(ready)
        except StopIteration as end:
            result: _Result = end.value
            return result


class _Connector:
    """Opens connections. What they are given in the URL is in no message."""

    def __init__(self, url: str) -> None:
        try:
            options = conninfo_to_dict(url)
        except psycopg.Error:
            raise QueryError("the URL is not one of PostgreSQL") from None
        missing = {name: value for name, value in _DEFAULTS.items() if name not in options}
        self._conninfo = make_conninfo(url, client_encoding="UTF8", **missing)
        private = [str(one) for name, one in options.items() if not _PUBLIC_OPTIONS.match(name)]
        self._private = sorted(filter(None, private), key=len, reverse=True)

    def open(self, limits: Limits) -> _Connection:
        try:
            connection = _Connection.connect(
                self._conninfo,
                connect_timeout=max(2, round(limits.seconds_left)),
                autocommit=True,
                prepare_threshold=None,
                cursor_factory=psycopg.RawCursor,
            )
        except psycopg.Error as error:
            raise QueryError(f"cannot connect: {self._reason(error)}") from None
        register_loaders(connection)
        return connection

    def close(self, connection: _Connection) -> None:
        connection.close()

    def is_usable(self, connection: _Connection) -> bool:
        """Whether it is in no transaction, and the server has not ended it."""
        if connection.closed or connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        return not _has_input(connection.fileno())

    def _reason(self, error: psycopg.Error) -> str:
        """The last part of a message, which says why, without parts of the URL."""
        lines = str(error).strip().partition("failed: ")[2] or str(error)
        reason = lines.partition("\n")[0]
        for one in self._private:
            reason = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", "…", reason)
        return reason


class PostgresDatabase:
    """A server of PostgreSQL. Raises QueryError if the URL is not one."""

    def __init__(self, url: str, pool_size: int = POOL_SIZE) -> None:
        self._pool = ConnectionPool(_Connector(url), pool_size)

    def answer(self, query: Query, values: Mapping[str, Scalar], limits: Limits) -> bytes:
        """See `Database`. If a connection breaks, another one is tried, once."""
        texts = [_as_text(values[name]) for name in query.parameters]
        try:
            return self._answer(query, texts, limits)
        except BrokenConnectionError:
            self._pool.clear()
        return self._answer(query, texts, limits)

    def close(self) -> None:
        """See `Database`."""
        self._pool.close()

    def _answer(self, query: Query, texts: Sequence[str | None], limits: Limits) -> bytes:
        with self._pool.connection(limits) as connection:
            try:
                return _ask(connection, query, texts, limits)
            except (TimeoutError, psycopg.errors.QueryCanceled):
                raise limits.overtime from None
            except (psycopg.Error, UnicodeError, RecursionError) as error:
                raise reason_of(error, query) from None


def _ask(
    connection: _Connection, query: Query, texts: Sequence[str | None], limits: Limits
) -> bytes:
    """Ask in a transaction. If that fails, the connection is ready for the next one, or closed."""
    connection.deadline = limits.deadline + _GRACE_SECONDS
    timeout = max(1, round(limits.seconds_left * 1000))
    try:
        connection.execute(f"BEGIN READ ONLY; SET LOCAL statement_timeout = {timeout}; {SESSION}")
        body = _body(connection, query, texts, limits.max_bytes)
        connection.execute("COMMIT")
    except BaseException:
        with suppress(psycopg.Error, TimeoutError):
            connection.execute("ROLLBACK")
        raise
    return body


def _body(
    connection: _Connection, query: Query, texts: Sequence[str | None], max_bytes: int
) -> bytes:
    """The rows as JSON. They come one after another, so too many do not fill the memory."""
    with connection.cursor() as cursor:
        found = cursor.stream(query.numbered, texts, size=_ROWS_AT_ONCE)
        rows = cast("Generator[tuple[Any, ...]]", found)
        try:
            first = next(rows, None)
            if first is None:
                return b"[]"
            names = [column.name for column in cursor.description or ()]
            return json_rows(names, chain([first], rows), max_bytes)
        finally:
            if connection.info.transaction_status == TransactionStatus.ACTIVE:
                connection.close()  # the rest would have to be received
            rows.close()


def _as_text(value: Scalar) -> str | None:
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _has_input(file: int) -> bool:
    """Whether something was received that nobody asked for: the end, or a last message."""
    with _Selector() as selector:
        selector.register(file, selectors.EVENT_READ)
        return bool(selector.select(0))
