"""The requests and responses of the runtime."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ssg.runtime.caching import NEVER_STORED, Caching


@dataclass(frozen=True, slots=True)
class Request:
    """Method and path: a cached response must depend on nothing else of its request.

    `path` is the URL path, still percent-encoded, without a query.
    """

    method: str
    path: str
    is_refresh: bool = False
    """Whether a cache asks for what it has already."""
    is_draft: bool = False
    """Whether unpublished data is wanted; such an answer is never cached."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a render failed, for the log. Visitors never see it."""

    message: str
    template: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        parts = [str(part) for part in (self.template, self.line) if part is not None]
        return ": ".join([":".join(parts), self.message] if parts else [self.message])


@dataclass(frozen=True, slots=True)
class Response:
    """A response, and how long caches may keep it: never, unless it says so."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    caching: Caching = NEVER_STORED
    failure: Failure | None = None
