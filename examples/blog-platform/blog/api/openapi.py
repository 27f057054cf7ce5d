"""The description of the API, made of its table of endpoints (OpenAPI 3.1).

Forms for people, below `/account/`, are not in it: they are pages, not an interface of programs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from starlette.responses import Response

from blog.accounts import csrf, sessions
from blog.api.public_json import public_bytes
from blog.api.schemas import TEXT, table
from blog.endpoint import Access, Call, Endpoint, Format

PATH = "/api/openapi.json"
ERROR = table(["fields"], error=TEXT, fields={"type": "object", "additionalProperties": TEXT})
"""What each refusal is: why, and what is wrong with which field."""

_INTRODUCTION = """\
Public data needs no session. To write, log in by `POST /api/session`, keep the cookie, and send the
token `csrf` of `GET /api/session` as the header `X-CSRF-Token`. Times are in UTC, to the second.
"""
_ERROR = {"$ref": "#/components/schemas/Error"}
_REFUSALS = {
    400: "The request cannot be read.",
    401: "Nobody is logged in.",
    403: "Not permitted, or the token is missing.",
    404: "There is no such thing, or it is not yours.",
    409: "It has changed since you have seen it.",
    413: "The body is too long.",
    422: "Values cannot be accepted; `fields` says which.",
    429: "Too often; `Retry-After` says when to try again.",
    503: "The database is busy; `Retry-After` says when to try again.",
}


def document(endpoints: Iterable[Endpoint], server: str) -> dict[str, Any]:
    """The description of endpoints that are for programs."""
    paths: dict[str, dict[str, Any]] = {}
    for endpoint in endpoints:
        if endpoint.format is not Format.HTML:
            paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Blogging platform", "version": "1", "description": _INTRODUCTION},
        "servers": [{"url": server}],
        "paths": paths,
        "components": {
            "schemas": {"Error": ERROR},
            "securitySchemes": {
                "session": {"type": "apiKey", "in": "cookie", "name": sessions.COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": csrf.HEADER},
            },
        },
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _name(endpoint),
        "summary": endpoint.summary,
        "description": f"For {endpoint.access.value}.",
        "parameters": [*_path_parameters(endpoint), *_query_parameters(endpoint)],
        "responses": _responses(endpoint),
        "security": [_security(endpoint)],
    }
    if content := _body(endpoint):
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _name(endpoint: Endpoint) -> str:
    words = re.findall("[a-z]+", endpoint.path.removeprefix("/api").removesuffix(".json"))
    return "-".join([endpoint.method.lower(), *words])


def _path_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": TEXT}
        for name in re.findall(r"\{(\w+)", endpoint.path)
    ]


def _query_parameters(endpoint: Endpoint) -> list[dict[str, Any]]:
    return [{"name": name, "in": "query", "schema": one} for name, one in endpoint.query.items()]


def _security(endpoint: Endpoint) -> Mapping[str, Sequence[str]]:
    """What a request needs. A form of somebody who is not logged in needs a token, too."""
    needed = {} if endpoint.access is Access.PUBLIC else {"session": list[str]()}
    return {**needed, **({"csrf": list[str]()} if endpoint.is_unsafe else {})}


def _body(endpoint: Endpoint) -> dict[str, Any]:
    if endpoint.file:
        form = table(**{endpoint.file: {"type": "string", "contentMediaType": "image/*"}})
        return {"multipart/form-data": {"schema": form}, "image/*": {}}
    return {"application/json": {"schema": endpoint.body}} if endpoint.body else {}


def _responses(endpoint: Endpoint) -> dict[str, Any]:
    success: dict[str, Any] = {"description": "Done."}
    if endpoint.format is Format.BYTES:
        success["content"] = {endpoint.media_type: {}}
    elif endpoint.answer:
        success["content"] = {"application/json": {"schema": endpoint.answer}}
    refusals = {
        str(status): {
            "description": _REFUSALS[status],
            "content": {"application/json": {"schema": _ERROR}},
        }
        for status in _statuses(endpoint)
    }
    return {str(endpoint.status): success, **refusals}


def _statuses(endpoint: Endpoint) -> list[int]:
    """The statuses of refusals that an endpoint can have."""
    possible = {
        400: bool(endpoint.query or endpoint.body),
        401: endpoint.access is not Access.PUBLIC,
        403: endpoint.is_unsafe or endpoint.access is Access.ADMIN,
        404: "{" in endpoint.path,
        409: endpoint.is_unsafe,
        413: endpoint.is_unsafe,
        422: bool(endpoint.body or endpoint.file),
        429: bool(endpoint.limit),
        503: True,
    }
    return [status for status, is_possible in possible.items() if is_possible]


def endpoint(others: Sequence[Endpoint]) -> Endpoint:
    """The endpoint that describes others and itself."""

    def describe(call: Call) -> Response:
        found = document((*others, own), call.platform.settings.site_url)
        return public_bytes(call, json.dumps(found, indent=1).encode())

    own = Endpoint(
        "GET",
        PATH,
        Access.PUBLIC,
        describe,
        "This description.",
        answer={"type": "object", "required": ["openapi", "paths"]},
    )
    return own
