"""Reads the simple YAML of most front matter, many times as fast as a full parser.

It knows lines `key: value` and lists of single values. A value is a quoted text without escapes, a
text that begins with a letter, a whole number, a date, or one of the words for true, false and
null. Each gives the value that PyYAML gives. Any other header is left to PyYAML (`full_yaml`).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

_ODD = re.compile("[\x00-\x09\x0b-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Control characters, and line breaks of YAML other than `\\n`."""

_VALUE = r"""(?:
    "(?P<{0}double>[^"\\\n]*)"
  | '(?P<{0}single>[^'\n]*)'
  | (?P<{0}plain>[^\W\d_][^:\#\n]*(?:(?::(?=[^\s])|(?<=[^\s])\#)[^:\#\n]*)*)
  | (?P<{0}number>0|-?[1-9][0-9]{{0,17}})
  | (?P<{0}date>[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:[T\x20](?:[01][0-9]|2[0-3])
        :[0-9]{{2}}:[0-9]{{2}}(?:Z|[+-][0-9]{{2}}:[0-9]{{2}})?)?)
)"""
_FLOW_ITEM = r"""(?:"[^"\\\n]*"|'[^'\n]*'|[^\W\d_][\w./+-]*(?:\x20[\w./+-]+)*)"""
_LINE = re.compile(
    rf"""(?:
        (?P<key>[A-Za-z][A-Za-z0-9_-]{{0,63}}):
        (?:\x20+(?:{_VALUE.format("")}|\[(?P<flow>(?:{_FLOW_ITEM}(?:,\x20*{_FLOW_ITEM})*)?)\]))?
      | (?P<indent>\x20*)-\x20+{_VALUE.format("item_")}
      | \#[^\n]*
    )?\x20*(?:\n|\Z)""",
    re.X,
)
_ITEM = re.compile(_FLOW_ITEM, re.X)

_WORDS: dict[str, bool | None] = {
    form: meaning
    for words, meaning in (("true yes on", True), ("false no off", False), ("null", None))
    for word in words.split()
    for form in (word, word.capitalize(), word.upper())
}


def read_plain(header: str) -> dict[str, Any] | None:
    """The values of a header; None if PyYAML must read it."""
    if not (header.isascii() and header.replace("\n", "").isprintable()) and _ODD.search(header):
        return None
    try:
        return _read(header)
    except ValueError:  # a date that does not exist, or a header that is not simple
        return None


def _plain(text: str) -> str | bool | None:
    text = text.rstrip(" ")
    return _WORDS.get(text, text)


def _date(text: str) -> dt.date:
    return dt.datetime.fromisoformat(text) if text[10:] else dt.date.fromisoformat(text)


def _flow(text: str) -> list[Any]:
    return [_item(item) for item in _ITEM.findall(text)]


def _item(text: str) -> Any:
    return text[1:-1] if text[0] in "\"'" else _WORDS.get(text, text)


_MEANINGS: dict[str, Callable[[str], Any]] = {
    "double": str, "single": str, "plain": _plain, "number": int, "date": _date, "flow": _flow,
}  # fmt: skip
_ITEMS = {f"item_{kind}": read for kind, read in _MEANINGS.items()}


def _read(header: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    items: list[Any] | None = None
    """The list to which an item can be added."""
    indent = ""
    key, place, end = "", 0, len(header)
    while place < end:
        line = _LINE.match(header, place)
        if line is None:
            raise ValueError(header[place:])
        place, kind = line.end(), line.lastgroup or ""
        if read := _ITEMS.get(kind):
            if items is None:
                raise ValueError("an item without a list")
            if not items:
                indent, values[key] = line["indent"], items
            elif line["indent"] != indent:
                raise ValueError("another indentation")
            items.append(read(line[kind]))
        elif kind:
            key = line["key"]
            if key in _WORDS:
                raise ValueError("a key that is not a text")
            read = _MEANINGS.get(kind)
            values[key] = read(line[kind]) if read else None
            items = None if read else []
    return values
