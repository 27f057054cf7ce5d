"""`[sources.NAME]`: where data of live pages comes from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DEFAULT_TIMEOUT_SECONDS = 5
DEFAULT_MAX_BYTES = 1_000_000

DRAFT_HEADER = "X-Ssg-Draft"
"""Tells an API that unpublished data is wanted, too."""
RESERVED_HEADERS = frozenset({
    "accept-encoding", "connection", "content-length", "host", "if-modified-since",
    "if-none-match", "te", "transfer-encoding", "upgrade", DRAFT_HEADER.lower(),
})  # fmt: skip
"""Headers of requests that shells set themselves, in small letters."""


class SourceKind(StrEnum):
    """How a source is asked."""

    HTTP = "http"
    SQL = "sql"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source of data. `url` and `headers` may contain `${NAME}`, which only shells fill in."""

    name: str
    kind: str = SourceKind.HTTP
    url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    timeout_seconds: int = DEFAULT_TIMEOUT_SECONDS
    max_bytes: int = DEFAULT_MAX_BYTES
    trusted: bool = False
    """Whether its Markdown may do what that of the site may."""
    schema: str = ""
    """The shape of its data: a JSON Schema file, or the name of a collection."""
