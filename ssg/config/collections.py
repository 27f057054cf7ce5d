"""The keys of collections, which describe front matter: `[collections.NAME]`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ssg.config.table import Table, describe
from ssg.model.settings import CollectionSettings, FieldSettings

FIELD_TYPES = ("text", "integer", "number", "boolean", "date", "texts")

_COUNTED = frozenset({"text", "integer", "texts"})


def read_collections(table: Table) -> dict[str, CollectionSettings]:
    """`[collections]`: a folder of sources, and the fields of its pages."""
    return {name: _collection(table.table(name)) for name in table.keys()}  # noqa: SIM118 no dict


def _collection(table: Table) -> CollectionSettings:
    below = table.table("fields")
    collection = CollectionSettings(
        fields={key: _field(below.table(key)) for key in below.keys()},  # noqa: SIM118 no dict
        strict=table.boolean("strict", False),
    )
    table.refuse_unread()
    return collection


def _field(table: Table) -> FieldSettings:
    kind = table.choice("type", "text", FIELD_TYPES, 'unknown type "{}"')
    field = FieldSettings(
        type=kind,
        required=table.boolean("required", False),
        min=_bound(table, "min", kind),
        max=_bound(table, "max", kind),
        choices=_choices(table),
    )
    if field.min is not None and field.max is not None and field.min > field.max:
        table.problem("max", f'"max" is {field.max}, but "min" is {field.min}')
    table.refuse_unread()
    return field


def _bound(table: Table, key: str, kind: str) -> Any:
    value = table.raw(key)
    if value is None:
        return None
    if kind == "date":
        fits = isinstance(value, dt.date)
    else:
        fits = type(value) is int or (type(value) is float and kind not in _COUNTED)
    if fits and kind != "boolean":
        return value.isoformat() if isinstance(value, dt.date) else value
    wanted = {"date": "a date", "boolean": "left out for a boolean"}.get(kind, "a number")
    table.problem(key, f'"{key}" must be {wanted}, not {describe(value)}')
    return None


def _choices(table: Table) -> tuple[Any, ...]:
    return tuple(table.values("choices"))
