"""Reads tables of unchecked values, a configuration or front matter, key by key.

A reader asks for a key with the type and the default that it expects: `table.whole("limit", 10)`.
If the key is missing or its value is wrong, the reader gets the default and goes on, and the table
notes a Problem with the place of the key: so one run finds all problems, and values are always of
their types. The place comes from `locate`, which is only called for a problem, because it searches
the text of the file.

A table also notes which keys were asked for. `refuse_unread` turns all others into problems, so the
readers are the only list of known keys. Subclasses answer other questions with the same readers:
`json_schema.SchemaTable` makes the JSON Schema, `origins.RecordingTable` lists all settings.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, TypeVar

from ssg.model.durations import seconds_of
from ssg.model.errors import Location, Problem, did_you_mean

KeyLocator = Callable[[tuple[str | int, ...]], Location]
"""The place of a key in a file, given the keys that lead to it."""

_Scalar = TypeVar("_Scalar", str, int, bool, dict[str, Any])

_NAMES: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    bool: "true or false",
    dict: "a table",
}

MAX_WHOLE = 2**31 - 1
"""The largest number in a configuration: larger ones are mistakes, and SQLite has a limit."""

WRITE_SPAN = "Write a number of seconds, or one with s, m, h, d or w: 90, 15m, 1h"
_QUOTE = "Put quotes around it to make it a text"


class Table:
    """A table of a configuration or of front matter, read key by key.

    Each reader returns the default if a key is missing or wrong; problems go to `problems`.
    """

    def __init__(
        self,
        values: Mapping[str, Any],
        problems: list[Problem],
        locate: KeyLocator,
        path: tuple[str | int, ...] = (),
    ) -> None:
        self._values = values
        self._problems = problems
        self._locate = locate
        self._path = path
        self._read: set[str] = set()

    def __contains__(self, key: str) -> bool:
        return key in self._values

    def raw(self, key: str) -> Any:
        """A value without a check; None if it is missing."""
        self._read.add(key)
        return self._values.get(key)

    def where(self, key: str | None = None) -> Location:
        return self._locate((*self._path, key) if key is not None else self._path)

    def problem(self, key: str, message: str, hint: str | None = None) -> None:
        self._problems.append(Problem(message, self.where(key), hint))

    # -- single values -----------------------------------------------------------------------

    def text(self, key: str, default: str = "") -> str:
        return self._typed(key, str, default)

    def choice(self, key: str, default: str, known: Collection[str], complaint: str) -> str:
        """One of the `known` texts. `{}` in `complaint` is the value: `unknown target "{}"`."""
        text = self.text(key, default)
        if text == default or text in known:
            return text
        hint = did_you_mean(text, known) or f"One of {', '.join(known)}"
        self.problem(key, complaint.format(text), hint)
        return default

    def form(
        self, key: str, default: str, pattern: re.Pattern[str], noun: str, hint: str | None = None
    ) -> str:
        """A text that a pattern matches as a whole. `noun` says what it must be: `a version`."""
        text = self.text(key, default)
        if text == default or pattern.fullmatch(text):
            return text
        self.problem(key, f'"{key}" is not {noun}: "{text}"', hint)
        return default

    def boolean(self, key: str, default: bool) -> bool:
        return self._typed(key, bool, default)

    def whole(self, key: str, default: int, minimum: int = 0) -> int:
        value = self._typed(key, int, default)
        return self._bounded(key, value, default, minimum) if key in self._values else value

    def seconds(self, key: str, minimum: int = 0) -> int | None:
        """A span of time in seconds, which may be a text such as `1h`; None if it is missing."""
        value = self.raw(key)
        if value is None:
            return None
        if not isinstance(value, str):
            return self.whole(key, minimum, minimum)
        seconds = seconds_of(value)
        if seconds is None:
            self.problem(key, f'"{key}" is not a span of time: "{value}"', WRITE_SPAN)
            return minimum
        return self._bounded(key, seconds, minimum, minimum)

    def _bounded(self, key: str, value: int, default: int, minimum: int) -> int:
        if minimum <= value <= MAX_WHOLE:
            return value
        bound = f"at least {minimum}" if value < minimum else f"at most {MAX_WHOLE}"
        self.problem(key, f'"{key}" is {value}, but must be {bound}')
        return default

    def _typed(self, key: str, kind: type[_Scalar], default: _Scalar) -> _Scalar:
        value = self.raw(key)
        if value is None:
            return default
        if type(value) is kind:
            return value
        hint = _QUOTE if kind is str and not isinstance(value, list | dict) else None
        self.problem(key, f'"{key}" must be {_NAMES[kind]}, not {describe(value)}', hint)
        return default

    # -- lists and tables --------------------------------------------------------------------

    def texts(self, key: str, default: Sequence[str] = ()) -> list[str]:
        """A list of texts, or one text with commas."""
        value = self.raw(key)
        if value is None:
            return list(default)
        if isinstance(value, str):
            value = value.split(",")
        if not isinstance(value, list):
            self.problem(key, f'"{key}" must be a list of texts, not {describe(value)}')
            return []
        for item in value:
            if isinstance(item, bool) or not isinstance(item, str | int | float):
                message = f'"{key}" must be a list of texts, but contains {describe(item)}'
                self.problem(key, message, _QUOTE)
                return []
        return [text for item in value if (text := str(item).strip())]

    def values(self, key: str) -> list[Any]:
        """A list of any values."""
        value = self.raw(key)
        if value is None or isinstance(value, list):
            return list(value or ())
        self.problem(key, f'"{key}" must be a list, not {describe(value)}')
        return []

    def table(self, key: str, default: Mapping[str, Any] = MappingProxyType({})) -> Table:
        return self._below(self._typed(key, dict, dict(default)), key)

    def mapping(self, key: str) -> dict[str, Any]:
        """A table without checks, for values of the site's own."""
        return dict(self._typed(key, dict, {}))

    def tables(self, key: str) -> Iterator[Table]:
        """The tables of an array: `[[deferred.rules]]`."""
        value = self.raw(key)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f'"{key}" must be an array of tables, not {describe(value)}')
            return
        for index, item in enumerate(value):
            yield self._below(item, key, index)

    def _below(self, values: Mapping[str, Any], *keys: str | int) -> Table:
        return Table(values, self._problems, self._locate, (*self._path, *keys))

    # -- keys -------------------------------------------------------------------------------

    def keys(self) -> list[str]:
        return [str(key) for key in self._values]

    def all_text(self) -> str:
        """All values as JSON, to search in them."""
        return json.dumps(self._values, default=str, ensure_ascii=False)

    def unread(self) -> list[str]:
        return [str(key) for key in self._values if key not in self._read]

    def refuse_unread(self, outer: Collection[str] = (), place: str = "") -> None:
        """Note a problem for each key that no reader has asked for.

        One of the keys `outer` of the table around this one belongs to a `place` before it.
        """
        for key in self.unread():
            hint = f"Write it {place}" if key in outer else did_you_mean(key, self._read)
            self.problem(key, f'unknown key "{key}"', hint)


def describe(value: object) -> str:
    """A value for a message: `the number 3`, `the text "x"`, `a list`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f'the text "{value}"'
    if isinstance(value, int | float):
        return f"the number {value}"
    names = {list: "a list", dict: "a table", type(None): "nothing", dt.time: "a time of day"}
    return names.get(type(value), "a date" if isinstance(value, dt.date) else "something else")
