"""A source of `kind = "sql"`: asks the queries of a site, and no others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from ssg.model.live.data_request import DataAnswer, DataRequest, Scalar
from ssg.model.live.data_source import DataSource
from ssg.model.live.query import DRAFT, Query, file_of
from ssg.sources.data_client import SourceError
from ssg.sources.environment import SiteEnvironment
from ssg.sources.sql.database import Database, ImpossibleValueError, Limits, QueryError

_POSTGRES = ("postgresql", "postgres")
_SQLITE = "sqlite"
_OK, _MISSING = 200, 404


class SqlSource:
    """Asks a database. Opens connections when they are needed."""

    def __init__(
        self, source: DataSource, environment: SiteEnvironment, queries: Mapping[str, Query]
    ) -> None:
        """Raises SourceError if the URL cannot be used."""
        self._source = source
        self._queries = queries
        is_public = "$" not in source.url
        self._database = open_database(
            environment.fill(source.url, f"[sources.{source.name}] url"), is_public=is_public
        )

    def ask(self, request: DataRequest) -> DataAnswer:
        """The rows of a query, a list of objects. 404 for a value that no row can have."""
        query = self._queries.get(request.query)
        if query is None:
            return self._failure(f"there is no {file_of(request.query)}")
        values: dict[str, Scalar] = {DRAFT: request.is_draft, **dict(request.values)}
        if missing := [name for name in query.parameters if name not in values]:
            return self._failure(f"{file_of(query.name)}: :{missing[0]} has no value")
        limits = Limits.starting_now(self._source.timeout_seconds, self._source.max_bytes)
        try:
            return DataAnswer(_OK, self._database.answer(query, values, limits))
        except ImpossibleValueError:
            return DataAnswer(_MISSING)
        except QueryError as error:
            return self._failure(f"{_place(query, error.position)}: {error}")

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def _failure(self, problem: str) -> DataAnswer:
        return DataAnswer(0, problem=f"{self._source.name}: {problem}")


def _place(query: Query, position: int | None) -> str:
    return file_of(query.name) if position is None else str(query.location(position))


def open_database(url: str, *, is_public: bool = False) -> Database:
    """The database of a URL. `is_public` says that messages may name its file.

    Raises SourceError.
    """
    scheme = url.partition(":")[0]
    if scheme in _POSTGRES:
        return _postgres(url)
    if scheme != _SQLITE:
        raise SourceError("the URL begins neither with postgresql:// nor with sqlite:///")
    from ssg.sources.sql.sqlite import SqliteDatabase  # noqa: PLC0415 for sites with such a file

    path = sqlite_path(url)
    return SqliteDatabase(path, str(path) if is_public else "the file of the database")


def _postgres(url: str) -> Database:
    try:
        from ssg.sources.sql.postgres import PostgresDatabase  # noqa: PLC0415 takes 100 ms
    except ImportError:
        raise SourceError("PostgreSQL needs psycopg: pip install 'ssg[postgres]'") from None
    try:
        return PostgresDatabase(url)
    except QueryError as error:
        raise SourceError(str(error)) from None


def sqlite_path(url: str) -> Path:
    """The path in `sqlite:///data/blog.db`, relative to the folder where this process runs.

    An absolute one has four slashes: `sqlite:////var/lib/blog.db`. Raises SourceError.
    """
    parts = urlsplit(url)
    path = unquote(parts.path).removeprefix("/")
    if parts.netloc or parts.query or not path or path == ":memory:":
        hint = "sqlite:///data/blog.db, or sqlite:////var/lib/blog.db for an absolute path"
        raise SourceError(f"the URL of an SQLite file is written {hint}")
    return Path(path)
