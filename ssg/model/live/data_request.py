"""What a live page asks of a source of data, and what it is answered.

The runtime makes requests; a shell brings the answers. An answer is a status of HTTP and a body of
JSON, whatever the source is: that of SQL is a list of objects, one a row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Scalar = str | int | float | bool | None
"""A bound value of a query."""

MISSING_STATUS = frozenset({204, 404, 410})
"""Statuses of an answer that says: there is nothing."""


@dataclass(frozen=True, slots=True)
class DataRequest:
    """A request for data. The site has declared the source, and so its host."""

    source: str
    path: str = ""
    """HTTP: path and query, percent-encoded; it is added to the URL of the source."""
    query: str = ""
    """SQL: the name of a file in `queries/`."""
    values: tuple[tuple[str, Scalar], ...] = ()
    """SQL: the values of its parameters, by name."""
    is_draft: bool = False
    """Whether unpublished data is wanted, too: for the preview of a draft."""

    def __str__(self) -> str:
        values = ", ".join(f"{name}={value!r}" for name, value in self.values)
        return f"{self.source}: {self.path or f'{self.query}({values})'}"


@dataclass(frozen=True, slots=True)
class DataAnswer:
    """The answer of a source. `problem` says why there is none; it contains no secret."""

    status: int
    body: bytes = b""
    problem: str = ""

    @property
    def is_missing(self) -> bool:
        """Whether the source says that there is nothing."""
        return not self.problem and self.status in MISSING_STATUS


Brought = Mapping[DataRequest, DataAnswer]
"""What a shell has brought for one request."""
