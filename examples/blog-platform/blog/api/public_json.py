"""Answers in JSON that everybody may see and keep, if they ask each time whether it is still so."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from blog.endpoint import Call, Schema
from blog.refusal import RefusalError

CACHE_CONTROL = {"Cache-Control": "no-cache"}


def public_json(call: Call, value: Mapping[str, Any]) -> Response:
    """The answer for a value, with a validator."""
    return public_bytes(call, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def public_bytes(call: Call, body: bytes) -> Response:
    """The answer with a strong validator; 304 if the client has it (RFC 9110, 8.8.3 and 13.1.2)."""
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {**CACHE_CONTROL, "ETag": tag}
    if _has(call.request.headers.get("if-none-match", ""), tag):
        return Response(None, 304, headers)
    return Response(body, 200, headers, "application/json")


def _has(told: str, tag: str) -> bool:
    known = {one.strip().removeprefix("W/") for one in told.split(",")}
    return tag in known or "*" in known


def missing(what: str) -> RefusalError:
    """Nothing is there. It may be there soon, so nobody keeps this either."""
    return RefusalError(404, what, headers=CACHE_CONTROL)


def whole_number(call: Call, name: str, schema: Schema) -> int:
    """A number of the query. Raises RefusalError."""
    told = call.request.query_params.get(name)
    if told is None:
        return int(schema["default"])
    least, most = int(schema["minimum"]), int(schema["maximum"])
    if told.isascii() and told.isdigit() and len(told) < 10 and least <= int(told) <= most:
        return int(told)
    raise RefusalError(400, f"{name} is not a number from {least} to {most}.")
