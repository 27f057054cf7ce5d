"""Finds the line and column of a key in a TOML file, which the standard library does not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ssg.model.errors import Location, Problem

_HEADER = re.compile(r"^\s*(\[\[?)\s*([^\[\]#]+?)\s*\]")
_KEY = re.compile(
    r"""^(\s*)((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*="""
)
_PART = re.compile(r"""[\w-]+|"[^"]*"|'[^']*'""")

_PLACE = re.compile(r"\s*\(at line (\d+), column (\d+)\)")

_SYNTAX_HINTS = {
    "Invalid value": 'Put quotes around a text: key = "text"',
    r"Illegal character '\n'": "The quote at the end of a text is missing",
}

KeyPath = tuple[str | int, ...]
"""The keys and the indexes of arrays that lead to a value of a configuration."""


def syntax_problem(error: Exception, path: str, lines_above: int = 0) -> Problem:
    """An error of the standard library's TOML parser, with its place if the error names one."""
    place = _PLACE.search(str(error))
    where = Location(path, int(place[1]) + lines_above, int(place[2])) if place else Location(path)
    message = _PLACE.sub("", str(error))
    return Problem(f"TOML: {message}", where, _SYNTAX_HINTS.get(message))


def locate(text: str, path: str, keys: Sequence[str | int]) -> Location:
    """The place of a key; else of the first key in it; else of the nearest table around it.

    `keys` may contain indexes of arrays. A key of which nothing is written has the whole file.
    """
    wanted = tuple(keys)
    best, best_length = Location(path), 0
    for found, line, column in _definitions(text):
        common = min(len(found), len(wanted))
        if common > best_length and wanted[:common] == found[:common]:
            best, best_length = Location(path, line, column), common
    return best


def _definitions(text: str) -> Iterator[tuple[KeyPath, int, int]]:
    """Every header and key with its line and column."""
    table: KeyPath = ()
    seen: dict[KeyPath, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if header := _HEADER.match(line):
            table = _parts(header[2])
            if header[1] == "[[":
                seen[table] = seen.get(table, -1) + 1
            table = _with_indexes(table, seen)
            yield table, number, header.start(1) + 1
        elif key := _KEY.match(line):
            yield table + _parts(key[2]), number, len(key[1]) + 1


def _parts(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in _PART.findall(dotted))


def _with_indexes(table: KeyPath, seen: dict[KeyPath, int]) -> KeyPath:
    """`deferred.rules` -> `deferred, rules, 1` under the second `[[deferred.rules]]`."""
    result: KeyPath = ()
    for length, part in enumerate(table, 1):
        result += (part,)
        if table[:length] in seen:
            result += (seen[table[:length]],)
    return result
