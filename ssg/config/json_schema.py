"""Makes the JSON Schema of the configuration, for editors, from what its readers ask for.

The readers run over a table that has every key and notes each call as a piece of schema, so schema
and readers cannot differ. What depends on the site's folder, such as the names of themes, is not in
the schema. See https://json-schema.org/draft/2020-12.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from ssg.config.schema import read_settings
from ssg.config.table import MAX_WHOLE, Table
from ssg.model.durations import SPAN
from ssg.model.errors import Location

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ANY = "*"
"""Any key of a table whose keys are the user's own."""
DESCRIPTIONS = Path(__file__).with_name("descriptions.toml")
_SAME_ELSEWHERE = {f"languages.{ANY}.": "", "routes.list.page.": "routes.page."}
"""Keys that mean the same as others, by how they begin."""

JsonSchema = dict[str, Any]

_TEXT: JsonSchema = {"type": "string"}
_TEXTS: JsonSchema = {
    "anyOf": [
        {"type": "array", "items": {"type": ["string", "number"]}},
        {"type": "string"},  # with commas
    ]
}


def config_schema() -> JsonSchema:
    """The schema of `ssg.toml`."""
    asked = SchemaTable()
    read_settings(asked, Path())
    schema = {"$schema": DIALECT, "title": "The configuration of ssg", **asked.schema()}
    _describe(schema, tomllib.loads(DESCRIPTIONS.read_text("utf-8")))
    return schema


def _describe(schema: JsonSchema, descriptions: Mapping[str, str], path: str = "") -> None:
    """Add the description of each key. Some mean what others mean elsewhere."""
    below = schema.get("items", schema)
    keys = dict(below.get("properties", {}))
    if isinstance(other := below.get("additionalProperties"), dict):
        keys[ANY] = other
    for key, one in keys.items():
        name = path + key
        same = (
            other + name.removeprefix(own)
            for own, other in _SAME_ELSEWHERE.items()
            if name.startswith(own)
        )
        if description := descriptions.get(name) or descriptions.get(next(same, "")):
            one["description"] = description
        _describe(one, descriptions, f"{name}.")


class SchemaTable(Table):
    """A table that has every key, and notes the type that a reader expects of each."""

    def __init__(self) -> None:
        super().__init__({}, [], lambda _: Location(""))
        self._schemas: dict[str, JsonSchema | SchemaTable] = {}
        self._is_closed = False

    def schema(self) -> JsonSchema:
        """The schema of the keys that were asked for."""
        named = {key: _finished(one) for key, one in self._schemas.items() if key != ANY}
        result: JsonSchema = {"type": "object"}
        if named:
            result["properties"] = dict(sorted(named.items()))
        if ANY in self._schemas:
            result["additionalProperties"] = _finished(self._schemas[ANY])
        elif self._is_closed:
            result["additionalProperties"] = False
        return result

    def keys(self) -> list[str]:
        return [ANY]

    def unread(self) -> list[str]:
        return []

    def all_text(self) -> str:
        return ""

    def refuse_unread(
        self,
        outer: Collection[str] = (),  # noqa: ARG002 as in `Table`
        place: str = "",  # noqa: ARG002
    ) -> None:
        self._is_closed = True

    # -- single values -----------------------------------------------------------------------

    def raw(self, key: str) -> Any:
        self._schemas.setdefault(key, {})

    def text(self, key: str, default: str = "") -> str:
        self._note(key, _TEXT, None if default in {"", ANY} else default)
        return default

    def choice(
        self,
        key: str,
        default: str,
        known: Collection[str],
        complaint: str,  # noqa: ARG002 no value, no complaint
    ) -> str:
        self._note(key, {"enum": [str(one) for one in known]}, default or None)
        return default

    def form(
        self,
        key: str,
        default: str,
        pattern: re.Pattern[str],
        noun: str,  # noqa: ARG002 no value, no complaint
        hint: str | None = None,  # noqa: ARG002 the same
    ) -> str:
        self._note(key, {**_TEXT, "pattern": f"^(?:{pattern.pattern})$"}, default or None)
        return default

    def boolean(self, key: str, default: bool) -> bool:
        self._note(key, {"type": "boolean"}, default)
        return default

    def whole(self, key: str, default: int, minimum: int = 0) -> int:
        bounds = {"type": "integer", "minimum": minimum, "maximum": MAX_WHOLE}
        self._note(key, bounds, default)
        return default

    def seconds(self, key: str, minimum: int = 0) -> int | None:
        number = {"type": "integer", "minimum": minimum, "maximum": MAX_WHOLE}
        self._note(key, {"anyOf": [number, {**_TEXT, "pattern": f"^(?:{SPAN.pattern})$"}]})
        return None

    # -- lists and tables --------------------------------------------------------------------

    def texts(self, key: str, default: Sequence[str] = ()) -> list[str]:
        self._note(key, _TEXTS, list(default))
        return list(default)

    def mapping(self, key: str) -> dict[str, Any]:
        self._note(key, {"type": "object"})
        return {}

    def values(self, key: str) -> list[Any]:
        self._note(key, {"type": "array"})
        return []

    def table(
        self,
        key: str,
        default: Mapping[str, Any] = MappingProxyType({}),  # noqa: ARG002 as it has every key
    ) -> Table:
        below = self._schemas.get(key)
        if not isinstance(below, SchemaTable):
            below = self._schemas[key] = SchemaTable()
        return below

    def tables(self, key: str) -> Iterator[Table]:
        items = SchemaTable()
        yield items
        self._note(key, {"type": "array", "items": items.schema()})

    def _note(self, key: str, schema: JsonSchema, default: Any = None) -> None:
        self._schemas[key] = {**schema, **({} if default is None else {"default": default})}


def _finished(one: JsonSchema | SchemaTable) -> JsonSchema:
    return one.schema() if isinstance(one, SchemaTable) else one
