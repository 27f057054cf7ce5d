"""`cascade`: front matter that a section hands down to what is below it.

A page's own front matter wins, key by key; then the nearest section above that says something of
the key, and there the first of its tables that fits. `extra` is joined key by key.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ssg.config.table import describe
from ssg.content.source.front_matter import ParsedSource
from ssg.content.source.front_matter_keys import (
    NOT_CASCADING_KEYS,
    SECTION_KEYS,
    canonical_values,
    spelling,
)
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.glob import compile_glob
from ssg.model.language import SourceName, SourceNames

KINDS = ("page", "section")

KeyPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class CascadeTable:
    """One table of a `cascade`. `keys` lead to it in `source`, `written` are the keys in it, and
    `values` has them under our names."""

    source: ParsedSource
    keys: KeyPath
    written: Sequence[str]
    values: Mapping[str, Any]
    match: re.Pattern[str] | None = None
    kind: str | None = None

    def locate(self, keys: KeyPath) -> Location:
        """The place of a key, given under our name."""
        key = spelling(str(keys[0]), self.written)
        return self.source.locate((*self.keys, key, *keys[1:]))

    def reaches(self, relative: str, kind: str) -> bool:
        if self.kind not in {None, kind}:
            return False
        return self.match is None or bool(self.match.fullmatch(relative))


@dataclass(frozen=True, slots=True)
class MergedFrontMatter:
    """Front matter with what cascades add to it, and the layer that each added key is from."""

    values: Mapping[str, Any]
    origins: Mapping[str, CascadeTable]


def section_key(place: SourceName) -> str:
    """The folder of a section's file, and its language where that is not the default one."""
    folder = place.name.rpartition("/")[0]
    return _key(folder, place.language)


def _key(folder: str, language: str) -> str:
    return f"{language}\0{folder}" if language else folder


class Cascades:
    """The cascades of a site, by the folder of their section (`section_key`).

    Those of the default language reach the pages of all, behind what their own language says.
    """

    def __init__(self, layers: Mapping[str, tuple[CascadeTable, ...]] | None = None) -> None:
        self._layers = {folder: found for folder, found in (layers or {}).items() if found}
        self._above: dict[str, tuple[CascadeTable, ...]] = {}

    def __iter__(self) -> Iterator[CascadeTable]:
        return (layer for layers in self._layers.values() for layer in layers)

    def merge(
        self, values: Mapping[str, Any], relative: str, place: SourceName, is_section: bool
    ) -> MergedFrontMatter:
        """`values`, under our names already, with what reaches the file `relative`."""
        folder = place.name.rpartition("/")[0]
        layers: Iterable[CascadeTable] = self._over(folder, place.language, below_only=is_section)
        if not layers:
            return MergedFrontMatter(values, {})
        kind = "section" if is_section else "page"
        result, origins = dict(values), dict[str, CascadeTable]()
        for layer in layers:
            if layer.reaches(relative, kind):
                _add(result, origins, layer, kind)
        return MergedFrontMatter(result, origins)

    def digest_of_all(self) -> bytes:
        """The same where all sections hand down the same, from the same places."""
        digest = hashlib.sha256()
        for folder in sorted(self._layers):
            for layer in self._layers[folder]:
                digest.update(f"{folder}\0{layer.source.name}\0{layer.source.header}\0".encode())
        return digest.digest()

    def digest(self, sources: Iterable[str], names: SourceNames) -> bytes:
        """The same where the same is handed down to some files, from the same places."""
        if not self._layers:
            return b""
        places = {names.read(source) for source in sources}
        reached = sorted({(place.name.rpartition("/")[0], place.language) for place in places})
        digest = hashlib.sha256()
        for folder, language in reached:
            for layer in self._over(folder, language):
                digest.update(f"{folder}\0{layer.source.name}\0{layer.source.header}\0".encode())
        return digest.digest()

    def _over(
        self, folder: str, language: str, *, below_only: bool = False
    ) -> tuple[CascadeTable, ...]:
        """Layers that reach into a folder, nearest first. A section's own are for those below."""
        if below_only:
            return self._over(folder.rpartition("/")[0], language) if folder else ()
        key = _key(folder, language)
        if key not in self._above:
            above = self._over(folder.rpartition("/")[0], language) if folder else ()
            shared = self._layers.get(folder, ()) if language else ()
            self._above[key] = (*self._layers.get(key, ()), *shared, *above)
        return self._above[key]


def _add(
    result: dict[str, Any], origins: dict[str, CascadeTable], layer: CascadeTable, kind: str
) -> None:
    for key, value in layer.values.items():
        if kind == "page" and key in SECTION_KEYS:
            continue
        if key == "template" and kind == "section" and layer.kind is None:
            continue  # that of the pages; a section's own must be named with its kind
        if key not in result:
            result[key], origins[key] = value, layer
        elif key == "extra" and isinstance(value, dict) and isinstance(result[key], dict):
            result[key] = {**value, **result[key]}


def read_cascade(source: ParsedSource, problems: list[Problem]) -> tuple[CascadeTable, ...]:
    """The layers of one `_index.md`: its `cascade`, and behind it its `page_template`."""
    values = canonical_values(source.values)
    cascade = values.get("cascade")
    layers: list[CascadeTable] = []
    if isinstance(cascade, dict):
        layers = [_layer(source, ("cascade",), cascade, problems)]
    elif isinstance(cascade, list) and all(isinstance(item, dict) for item in cascade):
        tables = enumerate(cascade)
        layers = [_layer(source, ("cascade", n), table, problems) for n, table in tables]
    elif cascade is not None:
        message = f'"cascade" must be a table or a list of tables, not {describe(cascade)}'
        problems.append(Problem(message, source.locate(("cascade",))))
    if isinstance(template := values.get("page_template"), str) and template:
        layers.append(
            CascadeTable(source, (), ["page_template"], {"template": template}, kind="page")
        )
    return tuple(layers)


def _layer(
    source: ParsedSource, keys: KeyPath, table: Mapping[str, Any], problems: list[Problem]
) -> CascadeTable:
    values = dict(canonical_values({str(key): value for key, value in table.items()}))
    match, kind = values.pop("match", None), values.pop("kind", None)
    layer = CascadeTable(source, keys, [str(key) for key in table], values)
    for key in sorted(NOT_CASCADING_KEYS & values.keys()):
        message = f'"{key}" speaks of one page and cannot be handed down'
        problems.append(Problem(message, layer.locate((key,))))
        del values[key]
    if match is not None and not isinstance(match, str):
        message = f'"match" must be a glob, not {describe(match)}'
        problems.append(Problem(message, layer.locate(("match",))))
        match = None
    if kind is not None and kind not in KINDS:
        hint = did_you_mean(str(kind), KINDS) or f"One of {', '.join(KINDS)}"
        problems.append(
            Problem(f'a cascade cannot name the kind "{kind}"', layer.locate(("kind",)), hint)
        )
        kind = None
    return replace(
        layer, values=_split_ttl(values), match=compile_glob(match) if match else None, kind=kind
    )


def _split_ttl(values: dict[str, Any]) -> Mapping[str, Any]:
    """`deferred: {ttl: 60}` sets two keys: a page may have a `ttl` of its own."""
    deferred = values.get("deferred")
    if isinstance(deferred, dict) and deferred.keys() == {"ttl"}:
        return {**values, "deferred": True, "ttl": deferred["ttl"]}
    return values
