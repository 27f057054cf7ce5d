"""`cascade`: front matter that the pages and sections below a section inherit.

The value of each key comes from the first of these that sets it: the page itself, then the sections
above it, the nearest first, and of one section its cascade tables in their order. A table counts
only for files that match its `match` and `kind`. `extra` is merged key by key.

Each `_index.md` gives its cascade tables; its `page_template` is one more, for pages. `Cascades`
has the tables of the site by folder. A page in another language inherits from the sections of its
own language first, then from those of the default language.

Errors must name the line that the author wrote. So a `CascadeTable` keeps its source and the way to
its keys, and `MergedFrontMatter` the table from which each inherited key comes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ssg.config.locate import KeyPath
from ssg.config.table import describe
from ssg.content.source.front_matter import ParsedSource
from ssg.content.source.front_matter_keys import (
    NOT_CASCADING_KEYS,
    SECTION_KEYS,
    canonical_values,
    spelling,
)
from ssg.fingerprint.digest import digest_of
from ssg.model.cache_options import CACHE_OPTION_KEYS
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.glob import compile_glob
from ssg.model.language import SourceName, SourceNames

KINDS = ("page", "section")


@dataclass(frozen=True, slots=True)
class CascadeTable:
    """One table of a `cascade`.

    `keys` lead to it in `source`. `written` are its keys as the author spells them, and `values`
    has canonical keys.
    """

    source: ParsedSource
    keys: KeyPath
    written: Sequence[str]
    values: Mapping[str, Any]
    match: re.Pattern[str] | None = None
    kind: str | None = None

    def locate(self, keys: KeyPath) -> Location:
        """The location of a canonical key."""
        key = spelling(str(keys[0]), self.written)
        if key in CACHE_OPTION_KEYS and key not in self.written:  # `_split` took it out of there
            return self.source.locate((*self.keys, "deferred", key))
        return self.source.locate((*self.keys, key, *keys[1:]))

    def applies_to(self, relative: str, kind: str) -> bool:
        if self.kind not in {None, kind}:
            return False
        return self.match is None or bool(self.match.fullmatch(relative))


@dataclass(frozen=True, slots=True)
class MergedFrontMatter:
    """Front matter with inherited values. `origins` has the table of each inherited key."""

    values: Mapping[str, Any]
    origins: Mapping[str, CascadeTable]


def section_key(place: SourceName) -> str:
    """The key of a section in `Cascades`: its folder, with its language if not the default."""
    folder = place.name.rpartition("/")[0]
    return _key(folder, place.language)


def _key(folder: str, language: str) -> str:
    return f"{language}\0{folder}" if language else folder


class Cascades:
    """The cascade tables of a site, by the folder of their section (`section_key`)."""

    def __init__(self, tables: Mapping[str, tuple[CascadeTable, ...]] | None = None) -> None:
        self._tables = {folder: found for folder, found in (tables or {}).items() if found}
        self._inherited: dict[str, tuple[CascadeTable, ...]] = {}

    def __iter__(self) -> Iterator[CascadeTable]:
        return (table for tables in self._tables.values() for table in tables)

    def merge(
        self, values: Mapping[str, Any], relative: str, place: SourceName, is_section: bool
    ) -> MergedFrontMatter:
        """`values`, which have canonical keys, with what the file `relative` inherits."""
        folder = place.name.rpartition("/")[0]
        tables = self._tables_for(folder, place.language, below_only=is_section)
        if not tables:
            return MergedFrontMatter(values, {})
        kind = "section" if is_section else "page"
        result, origins = dict(values), dict[str, CascadeTable]()
        for table in tables:
            if table.applies_to(relative, kind):
                _add(result, origins, table, kind)
        return MergedFrontMatter(result, origins)

    def digest_of_all(self) -> str:
        """A fingerprint of every cascade and of its lines in the files."""
        return _digest(sorted(self._tables.items()))

    def digest(self, sources: Iterable[str], names: SourceNames) -> str:
        """A fingerprint of the cascades that some files inherit, and of their lines."""
        if not self._tables:
            return ""
        places = {names.read(source) for source in sources}
        reached = sorted({(place.name.rpartition("/")[0], place.language) for place in places})
        return _digest((folder, self._tables_for(folder, language)) for folder, language in reached)

    def _tables_for(
        self, folder: str, language: str, *, below_only: bool = False
    ) -> tuple[CascadeTable, ...]:
        """The tables for files in a folder, nearest first; with `below_only`, without its own."""
        if below_only:
            return self._tables_for(folder.rpartition("/")[0], language) if folder else ()
        key = _key(folder, language)
        if key not in self._inherited:
            above = self._tables_for(folder.rpartition("/")[0], language) if folder else ()
            shared = self._tables.get(folder, ()) if language else ()
            self._inherited[key] = (*self._tables.get(key, ()), *shared, *above)
        return self._inherited[key]


def _digest(tables: Iterable[tuple[str, Iterable[CascadeTable]]]) -> str:
    sources = ((folder, table.source) for folder, some in tables for table in some)
    return digest_of([(folder, source.name, source.header) for folder, source in sources])


def _add(
    result: dict[str, Any], origins: dict[str, CascadeTable], table: CascadeTable, kind: str
) -> None:
    for key, value in table.values.items():
        if kind == "page" and key in SECTION_KEYS:
            continue
        if key == "template" and kind == "section" and table.kind is None:
            continue  # it is for pages, unless the table says `kind: section`
        if key not in result:
            result[key], origins[key] = value, table
        elif key == "extra" and isinstance(value, dict) and isinstance(result[key], dict):
            result[key] = {**value, **result[key]}


def read_cascade(source: ParsedSource, problems: list[Problem]) -> tuple[CascadeTable, ...]:
    """The tables of one `_index.md`: those of its `cascade`, then its `page_template`."""
    values = canonical_values(source.values)
    cascade = values.get("cascade")
    tables: list[CascadeTable] = []
    if isinstance(cascade, dict):
        tables = [_table(source, ("cascade",), cascade, problems)]
    elif isinstance(cascade, list) and all(isinstance(item, dict) for item in cascade):
        tables = [
            _table(source, ("cascade", n), written, problems) for n, written in enumerate(cascade)
        ]
    elif cascade is not None:
        message = f'"cascade" must be a table or a list of tables, not {describe(cascade)}'
        problems.append(Problem(message, source.locate(("cascade",))))
    if isinstance(template := values.get("page_template"), str) and template:
        tables.append(
            CascadeTable(source, (), ["page_template"], {"template": template}, kind="page")
        )
    return tuple(tables)


def _table(
    source: ParsedSource, keys: KeyPath, written: Mapping[str, Any], problems: list[Problem]
) -> CascadeTable:
    values = dict(canonical_values({str(key): value for key, value in written.items()}))
    match, kind = values.pop("match", None), values.pop("kind", None)
    table = CascadeTable(source, keys, [str(key) for key in written], values)
    for key in sorted(NOT_CASCADING_KEYS & values.keys()):
        message = f'"{key}" is for one page and cannot be set in a cascade'
        problems.append(Problem(message, table.locate((key,))))
        del values[key]
    if match is not None and not isinstance(match, str):
        message = f'"match" must be a glob, not {describe(match)}'
        problems.append(Problem(message, table.locate(("match",))))
        match = None
    if kind is not None and kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"One of {', '.join(KINDS)}"
        problems.append(
            Problem(f'the kind of a cascade cannot be "{kind}"', table.locate(("kind",)), hint)
        )
        kind = None
    return replace(
        table, values=_split(values), match=compile_glob(match) if match else None, kind=kind
    )


def _split(values: dict[str, Any]) -> Mapping[str, Any]:
    """`deferred: {ttl: 60}` sets two keys: a page may have a `ttl` of its own."""
    deferred = values.get("deferred")
    if isinstance(deferred, dict) and deferred and deferred.keys() <= set(CACHE_OPTION_KEYS):
        return {**values, "deferred": True, **deferred}
    return values
