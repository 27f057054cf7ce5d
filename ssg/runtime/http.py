"""The smallest request and response that a builder needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """What a builder may know of a visitor: nothing but the method and the path.

    `path` is the URL path as it came, percent-encoded, without a query.
    """

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a render failed; for the log, never for the visitor."""

    message: str
    template: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `ttl_seconds` None: cached until the next deploy."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    ttl_seconds: int | None = None
    failure: Failure | None = None
