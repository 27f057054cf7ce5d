"""One request, read once from its ASGI scope."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Scope

from ssg.edge.deployment import Deployment
from ssg.edge.http.conditions import RequestConditions
from ssg.model.urls import decode_path

REQUEST_ID = "ssg.request_id"
"""The key of an ASGI scope for the name of its request."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """The facts of one request, and the deployment that answers it from beginning to end."""

    method: str
    raw_path: str
    """The path as it came, percent-encoded."""
    path: str | None
    """The decoded path; None if it cannot be decoded or does not begin with a slash."""
    query: str
    """The query string without its question mark."""
    headers: Headers
    deployment: Deployment | None
    """None before the first deployment."""
    request_id: str = ""
    """The name that a server gives the request."""
    client: str = ""
    """The address of the client."""

    @classmethod
    def of(cls, scope: Scope, deployment: Deployment | None) -> Exchange:
        """Read an ASGI HTTP scope."""
        raw_path = scope["raw_path"].decode("latin-1")
        return cls(
            scope["method"].upper(),
            raw_path,
            decode_path(raw_path) if raw_path.startswith("/") else None,
            scope["query_string"].decode("latin-1"),
            Headers(scope=scope),
            deployment,
            scope.get(REQUEST_ID, ""),
            client[0] if (client := scope.get("client")) else "",
        )

    def cookie(self, name: str) -> str:
        """The value of a cookie; empty without one."""
        start = f"{name}="
        for line in self.headers.getlist("cookie"):
            for pair in line.split(";"):
                if (pair := pair.strip()).startswith(start):
                    return pair.removeprefix(start)
        return ""

    @property
    def conditions(self) -> RequestConditions:
        """What the request says of a response that the client has kept."""
        return RequestConditions.of(self.headers.raw)

    @property
    def accept_encoding(self) -> str:
        """The encodings that the client accepts; empty if it does not say."""
        return ", ".join(self.headers.getlist("accept-encoding"))
