"""The requests and responses of the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """Method and path: a cached response must depend on nothing else of its request.

    `path` is the URL path, still percent-encoded, without a query.
    """

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a render failed, for the log. Visitors never see it."""

    message: str
    template: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Response:
    """A response. With `ttl_seconds` None it is cached until the next deploy."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    ttl_seconds: int | None = None
    failure: Failure | None = None
