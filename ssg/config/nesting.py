"""Reads TOML and JSON whose tables and arrays are nested only so deep that code can walk them.

The parsers of the standard library end deep texts with a RecursionError, or return values with
which whatever walks through them ends so.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from typing import Any

MAX_DEPTH = 100

_BRACKET = re.compile(r"""(?s)"(?:\\.|[^"\\\n])*"|'[^'\n]*'|[\[\]{}]""")


def load_toml(text: str) -> dict[str, Any]:
    """Read TOML. Raises TOMLDecodeError, with line and column, also if it is nested too deep."""
    values, at = _load(tomllib.loads, text)
    if at is None:
        return dict(values)
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    raise tomllib.TOMLDecodeError(f"{_message()} (at line {line}, column {column})")


def load_json(text: str) -> Any:
    """Read JSON. Raises JSONDecodeError, also if it is nested too deep."""
    values, at = _load(json.loads, text)
    if at is None:
        return values
    raise json.JSONDecodeError(_message(), text, at)


def _message() -> str:
    return f"tables and arrays are nested more than {MAX_DEPTH} deep"


def _load(parse: Callable[[str], Any], text: str) -> tuple[Any, int | None]:
    """The values of a text, or where it is nested too deep."""
    try:
        values = parse(text)
    except RecursionError:
        return None, _deep_place(text)
    # Each level needs a bracket, or the dot of a key.
    may_be_deep = sum(map(text.count, "[{.")) >= MAX_DEPTH
    return values, _deep_place(text) if may_be_deep and _is_deep(values) else None


def _is_deep(values: object) -> bool:
    level = [values]
    for _ in range(MAX_DEPTH + 1):
        tables = [each.values() for each in level if isinstance(each, dict)]
        arrays = [each for each in level if isinstance(each, list)]
        level = [inner for values in (*tables, *arrays) for inner in values]
    return bool(level)


def _deep_place(text: str) -> int:
    """The bracket that is too deep, else the longest run of dotted keys, as an index."""
    depth = 0
    for found in _BRACKET.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(found[0], 0)
        if depth > MAX_DEPTH:
            return found.start()
    longest = max(re.finditer(r"[^\n]+", text), key=lambda line: line[0].count("."))
    return longest.start()
