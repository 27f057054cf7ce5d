"""Whether the API can work."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from blog.api.schemas import table
from blog.endpoint import Access, Call, Endpoint


def _health(call: Call) -> Response:
    with call.platform.database.reading() as connection:
        connection.row("SELECT 1 AS one")
    return JSONResponse({"ok": True})


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/health",
        Access.PUBLIC,
        _health,
        "Is the database there?",
        answer=table(ok={"type": "boolean"}),
    ),
)
