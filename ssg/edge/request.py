"""A request as the edge reads it: from an ASGI scope to plain values."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from ssg.preview.access_control import SocketAddress, host_names, is_loopback


@dataclass(frozen=True, slots=True)
class Visitor:
    """One request. `path` is percent-encoded, as it came; `query` has no question mark."""

    method: str
    path: str
    query: str
    headers: Headers
    server: SocketAddress | None = None
    """The address that was connected to."""

    @classmethod
    def of(cls, scope: Scope) -> Visitor:
        """Read an ASGI HTTP scope."""
        return cls(
            scope["method"].upper(),
            scope["raw_path"].decode("latin-1"),
            scope["query_string"].decode("latin-1"),
            Headers(scope=scope),
            scope.get("server"),
        )

    @property
    def knows_the_name(self) -> bool:
        """Whether `Host` names the address, where that is one of this machine only."""
        if self.server is None or not is_loopback(self.server[0]):
            return True
        return self.headers.get("host", "").lower() in host_names(self.server)

    def has(self, etag: str) -> bool:
        """Whether `If-None-Match` holds this validator (RFC 9110, section 13.1.2)."""
        asked = self.headers.get("if-none-match")
        if asked is None or self.method not in ("GET", "HEAD"):
            return False
        tags = [tag.strip().removeprefix("W/") for tag in asked.split(",")]
        return "*" in tags or etag in tags
