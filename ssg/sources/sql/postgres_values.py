"""Values of PostgreSQL as Python reads them for JSON: dates and times as texts in ISO 8601.

The session writes dates in the style ISO and intervals in ISO 8601. What is left to do is the `T`
between date and time, and the minutes of an offset, which PostgreSQL leaves out where they are 0.
"""

from __future__ import annotations

import re

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.types.string import TextLoader

_TIME = re.compile(r"(?:(\d{4}-\d\d-\d\d) )?(\d\d:\d\d:\d\d(?:\.\d+)?)(?:([+-]\d\d)(:\d\d.*)?)?")
_RANGES = tuple(
    f"{name}{kind}"
    for name in ("int4", "int8", "num", "date", "ts", "tstz")
    for kind in ("range", "multirange")
)
SESSION = "SET LOCAL datestyle = 'ISO'; SET LOCAL intervalstyle = 'iso_8601'"
"""What a transaction begins with, so that these loaders understand its values."""


class IsoLoader(Loader):
    """Loads dates and times as texts. Infinity is None."""

    def load(self, data: Buffer) -> str | None:
        text = bytes(data).decode()
        return None if text.endswith("infinity") else iso_text(text)


def iso_text(text: str) -> str:
    """A time of PostgreSQL in ISO 8601; unchanged if it has no such form (before Christ)."""
    found = _TIME.fullmatch(text)
    if found is None:
        return text
    date, time, hours, minutes = found.groups()
    offset = f"{hours}{minutes or ':00'}" if hours else ""
    return f"{date}T{time}{offset}" if date else f"{time}{offset}"


def register_loaders(connection: Connection[tuple[object, ...]]) -> None:
    """Let a connection load values for JSON."""
    for name in ("date", "time", "timetz", "timestamp", "timestamptz"):
        connection.adapters.register_loader(name, IsoLoader)
    for name in ("interval", *_RANGES):
        connection.adapters.register_loader(name, TextLoader)
