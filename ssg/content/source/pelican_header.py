"""Pelican's header: `Key: value` lines at the top of a file, up to an empty line.

A file has a header only if it begins with a known key; an ordinary paragraph with a colon stays a
paragraph. Keys are in any case, and an indented line continues the line above (Python-Markdown,
"Meta-Data").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ssg.content.source.front_matter_keys import canonical_key, is_known_key

_LINE = re.compile(r"[ ]{0,3}([A-Za-z0-9_-]+):(?:[ \t]+(.*)|[ \t]*)")
_MORE = re.compile(r"(?:[ ]{4,}|\t)(.*)")

_BOOLEANS = frozenset({"draft", "published", "deferred", "transparent", "generate_feeds"})
_NUMBERS = frozenset({"weight", "ttl", "stale", "paginate_by"})
_LISTS = frozenset({"tags", "categories", "authors", "keywords", "aliases", "cache_tags"})
_WORDS = {"true": True, "yes": True, "false": False, "no": False}


def split_header(text: str) -> tuple[Mapping[str, Any], int] | None:
    """The values of a header and its number of lines; None if the text has no header."""
    first = _LINE.match(text)
    if first is None or not is_known_key(first[1]):
        return None
    values: dict[str, str] = {}
    count, key = 0, ""
    for found, value in _lines(text):
        key = found or key
        values[key] = f"{values[key]} {value}" if key in values and not found else value
        count += 1
    return {key: _typed(key, value) for key, value in values.items()}, count


def key_line(text: str, key: str) -> int | None:
    """The line of a key, counted from 1."""
    for number, (found, _) in enumerate(_lines(text), 1):
        if found == key:
            return number
    return None


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Key and value of each line of the header; the key is '' for a continued line."""
    for line in text.split("\n"):
        if match := _LINE.fullmatch(line):
            yield match[1].lower(), (match[2] or "").strip()
        elif match := _MORE.fullmatch(line):
            yield "", match[1].strip()
        else:
            return


def _typed(key: str, value: str) -> Any:
    """The value in the type of its key: in the file, every value is a text."""
    canonical = canonical_key(key)
    if canonical in _BOOLEANS:
        return _WORDS.get(value.lower(), value)
    if canonical in _NUMBERS and re.fullmatch(r"[+-]?\d{1,18}", value):
        return int(value)
    if canonical in _LISTS and ";" in value:
        return [item.strip() for item in value.split(";")]
    return value
