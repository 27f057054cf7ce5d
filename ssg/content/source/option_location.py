"""Finds the line of a cache option in the file that sets it, for problems found after the scan."""

from __future__ import annotations

from pathlib import Path

from ssg.config.cache_options import read_cache_options
from ssg.config.table import Table
from ssg.content.source.cascade import CascadeTable, read_cascade
from ssg.content.source.front_matter import FrontMatterError, ParsedSource, parse
from ssg.content.source.front_matter_keys import canonical_values, spelling
from ssg.model.cache_options import CacheOptions
from ssg.model.errors import Location


def locate_option(
    root: Path, name: str, key: str, asked: CacheOptions, *, is_inherited: bool
) -> Location:
    """The place of an option in the front matter of a file, or in its cascade.

    `name` is relative to the root of the site. A page that a hook makes has no file.
    """
    try:
        source = parse((root / name).read_bytes(), name)
    except (OSError, FrontMatterError):
        return Location(name)
    return _in_cascade(source, key, asked) if is_inherited else _in_page(source, key)


def _in_page(source: ParsedSource, key: str) -> Location:
    deferred = canonical_values(source.values).get("deferred")
    if isinstance(deferred, dict) and key in deferred:
        return source.locate((spelling("deferred", source.values), key))
    return source.locate((spelling(key, source.values),))


def _in_cascade(source: ParsedSource, key: str, asked: CacheOptions) -> Location:
    """The place in the first table that sets this value."""
    tables = (table for table in read_cascade(source, []) if key in table.values)
    found = next((table for table in tables if _value(table, key) == asked.value(key)), None)
    return found.locate((key,)) if found else Location(source.name)


def _value(table: CascadeTable, key: str) -> object:
    values = Table({key: table.values[key]}, [], lambda _: Location(""))
    return read_cache_options(values).value(key)
