"""Brings the database to the present schema: numbered files of SQL, each applied once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from blog.database import Connection, Database

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 4_617_201
"""A number for the lock of PostgreSQL that only one process of the platform takes."""


def migrate(database: Database) -> list[str]:
    """Apply the files that the database does not know; returns their names.

    All are one transaction, so several processes may start at the same time.
    """
    with database.writing() as connection:
        if connection.is_postgresql:
            connection.rows(f"SELECT pg_advisory_xact_lock({_LOCK})")
        connection.change("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY)")
        known = {row["name"] for row in connection.rows("SELECT name FROM migration")}
        new = [path for path in sorted(FOLDER.glob("*.sql")) if path.name not in known]
        for path in new:
            _apply(connection, path)
    return [path.name for path in new]


def _apply(connection: Connection, path: Path) -> None:
    for statement in statements(path.read_text("utf-8"), postgresql=connection.is_postgresql):
        connection.change(statement)
    connection.change("INSERT INTO migration (name) VALUES (:name)", name=path.name)


def statements(sql: str, *, postgresql: bool) -> Iterator[str]:
    """Split a file at semicolons that end a line. `BLOB` is the one type with another name."""
    for statement in re.split(r";[ \t]*\n", re.sub(r"--.*", "", sql)):
        if words := statement.strip():
            yield re.sub(r"\bBLOB\b", "BYTEA", words) if postgresql else words
