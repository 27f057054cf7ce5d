"""YAML as most front matter has it, read many times as fast as by a whole parser.

Known are lines `key: value` and lists of single values. A value is a quoted text without escapes,
a text that begins with a letter, a whole number, a date, or one of the words for true, false and
nothing. What they mean is what PyYAML makes of them; whatever holds more than that is left to it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

_ODD = re.compile(
    "[^\n\x20-\x7e\u00a1-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
"""Control characters, and line breaks that only YAML knows."""

_VALUE = r"""(?:
    "(?P<{0}double>[^"\\\n]*)"
  | '(?P<{0}single>[^'\n]*)'
  | (?P<{0}plain>[^\W\d_](?:[^:\#\n]|:(?=[^\s])|(?<=[^\s])\#)*)
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
    """The values of a header, or None if that is for PyYAML to say."""
    if _ODD.search(header):
        return None
    try:
        return _read(header)
    except ValueError:  # no such day, or it is not that plain
        return None


def _read(header: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    items: list[Any] | None = None
    """The list that goes on, if one can."""
    indent = ""
    key, place, end = "", 0, len(header)
    while place < end:
        line = _LINE.match(header, place)
        if line is None:
            raise ValueError(header[place:])
        place, kind = line.end(), line.lastgroup
        if kind is None:
            continue
        if kind.startswith("item_"):
            if items is None:
                raise ValueError("an item of nothing")
            if not items:
                indent, values[key] = line["indent"], items
            elif line["indent"] != indent:
                raise ValueError("another depth")
            items.append(_value(kind[5:], line[kind]))
            continue
        key = line["key"]
        if key in _WORDS:
            raise ValueError("a key that is no text")
        items = [] if kind == "key" else None
        values[key] = None if kind == "key" else _value(kind, line[kind])
    return values


def _value(kind: str, text: str) -> Any:
    match kind:
        case "plain":
            text = text.rstrip(" ")
            return _WORDS.get(text, text)
        case "number":
            return int(text)
        case "date":
            return dt.datetime.fromisoformat(text) if text[10:] else dt.date.fromisoformat(text)
        case "flow":
            return [_item(item) for item in _ITEM.findall(text)]
    return text


def _item(text: str) -> Any:
    return text[1:-1] if text[0] in "\"'" else _WORDS.get(text, text)
