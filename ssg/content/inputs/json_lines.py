"""Finds the line of a key in a JSON text, for error messages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\],:]')


def line_of(text: str, keys: Sequence[str]) -> int:
    """The line of a key, by the keys and positions above it; 1 if it is not there."""
    wanted = tuple(keys)
    return next((line for line, path in _keys(text) if path == wanted), 1)


def _keys(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The line and the path of each key of a text."""
    path: list[str] = []
    positions: list[int | None] = []
    """Of each open list; None for an object."""
    is_key = False
    for token in _TOKEN.finditer(text):
        mark = token[0]
        if mark in "{[":
            positions.append(None if mark == "{" else 0)
            path.append("0")
        elif mark in "}]":
            path.pop()
            positions.pop()
        elif mark == "," and positions[-1] is not None:
            positions[-1] += 1
            path[-1] = str(positions[-1])
        elif mark[0] == '"' and is_key:
            path[-1] = json.loads(mark)
            yield text.count("\n", 0, token.start()) + 1, tuple(path)
        is_key = mark == "{" or (mark == "," and positions[-1] is None)
