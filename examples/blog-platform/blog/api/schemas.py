"""JSON Schemas from which those of the endpoints are made (draft 2020-12, that of OpenAPI 3.1)."""

from __future__ import annotations

from collections.abc import Iterable

from blog.endpoint import Schema

TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$"}
COUNT: Schema = {"type": "integer", "minimum": 0}


def table(optional: Iterable[str] = (), /, **fields: Schema) -> Schema:
    """An object that has exactly these fields, except for those that are optional."""
    required = [name for name in fields if name not in set(optional)]
    return {
        "type": "object",
        "properties": fields,
        "required": required,
        "additionalProperties": False,
    }


def array(item: Schema) -> Schema:
    """A list."""
    return {"type": "array", "items": item}


def or_null(schema: Schema) -> Schema:
    """A value that may be missing."""
    return {"anyOf": [schema, {"type": "null"}]}


def whole(least: int, most: int, default: int) -> Schema:
    """A number of a query."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default}
