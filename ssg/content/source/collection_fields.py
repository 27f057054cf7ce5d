"""Typed collections: checks the front matter of a folder's pages against declared fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ssg.config.table import describe
from ssg.content.source.front_matter_keys import KNOWN_KEYS
from ssg.model.errors import Location, Problem, did_you_mean
from ssg.model.settings import CollectionSettings, FieldSettings

Locate = Callable[[tuple[str | int, ...]], Location]
ParseDate = Callable[[object], dt.datetime | None]

WRITE_DATE = "Write it as 2026-01-31 or 2026-01-31T10:00:00Z"

_KINDS: Mapping[str, tuple[str, Callable[[object], bool]]] = {
    "text": ("a text", lambda value: isinstance(value, str)),
    "integer": ("a whole number", lambda value: type(value) is int),
    "number": ("a number", lambda value: type(value) in {int, float}),
    "boolean": ("true or false", lambda value: type(value) is bool),
    "texts": (
        "a list of texts",
        lambda value: isinstance(value, list) and all(isinstance(item, str) for item in value),
    ),
}
_SIZES = {"text": "characters", "texts": "texts"}


class CollectionFields:
    """Checks front matter against the collection of the nearest folder."""

    def __init__(
        self, collections: Mapping[str, CollectionSettings], parse_date: ParseDate
    ) -> None:
        self._collections = {name.strip("/"): one for name, one in collections.items()}
        self._parse_date = parse_date

    def check(
        self, values: Mapping[str, Any], relative: str, locate: Locate, *, is_dated: bool
    ) -> Iterator[Problem]:
        """Every problem of a page's front matter, which has canonical keys."""
        name = self._nearest(relative)
        if name is None:
            return
        collection, found = self._collections[name], _Values(values)
        for key, field in collection.fields.items():
            if (place := found.place(key)) is None:
                if field.required and not (key == "date" and is_dated):
                    yield self._missing(name, key, found, locate)
                continue
            for message, hint in self._faults(key, field, found.at(place)):
                yield Problem(message, locate(place), hint)
        if collection.strict:
            yield from _unknown(name, collection, found, locate)

    def _nearest(self, relative: str) -> str | None:
        folder = relative
        while folder and self._collections:
            folder = folder.rpartition("/")[0]
            if folder in self._collections:
                return folder
        return None

    def _missing(self, name: str, key: str, found: _Values, locate: Locate) -> Problem:
        near = did_you_mean(key, (own for own in found.own() if own not in self._known(name)))
        hint = near and near.replace("Did you mean", "Is").replace("?", " a misspelling of it?")
        return Problem(f'"{key}" is missing: the collection "{name}" requires it', locate(()), hint)

    def _known(self, name: str) -> frozenset[str]:
        return KNOWN_KEYS | self._collections[name].fields.keys()

    def _faults(
        self, key: str, field: FieldSettings, value: object
    ) -> Iterator[tuple[str, str | None]]:
        if field.type == "date":
            yield from self._date_faults(key, field, value)
            return
        kind, fits = _KINDS[field.type]
        if field.type == "texts" and isinstance(value, str):
            value = [part.strip() for part in value.split(",")]
        if not fits(value):
            yield f'"{key}" must be {kind}, not {describe(value)}', None
            return
        items = value if isinstance(value, list) else [value]
        for item in items if field.choices else ():
            if item not in field.choices:
                known = [str(choice) for choice in field.choices]
                hint = did_you_mean(str(item), known) or f"One of {', '.join(known)}"
                yield f'"{key}" cannot be {describe(item)}', hint
        size = len(value) if isinstance(value, str | list) else value
        yield from _out_of_range(key, field, size, _SIZES.get(field.type))

    def _date_faults(
        self, key: str, field: FieldSettings, value: object
    ) -> Iterator[tuple[str, str | None]]:
        moment = self._parse_date(value)
        if moment is None:
            yield f'"{key}" must be a date, not {describe(value)}', WRITE_DATE
            return
        least, most = self._parse_date(field.min), self._parse_date(field.max)
        if least and moment < least:
            yield f'"{key}" is {moment:%Y-%m-%d}, but must be {least:%Y-%m-%d} or later', None
        if most and moment > most:
            yield f'"{key}" is {moment:%Y-%m-%d}, but must be {most:%Y-%m-%d} or earlier', None


class _Values:
    """Front matter, in which a field may also be in the table `extra`."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        extra = values.get("extra")
        self._values = values
        self._extra: Mapping[str, Any] = extra if isinstance(extra, dict) else {}

    def place(self, key: str) -> tuple[str, ...] | None:
        if self._values.get(key) is not None:
            return (key,)
        return ("extra", key) if self._extra.get(key) is not None else None

    def at(self, place: tuple[str, ...]) -> object:
        return self._values[place[0]] if len(place) == 1 else self._extra[place[1]]

    def own(self) -> Iterator[str]:
        """Keys of the site's own, which ssg does not know."""
        yield from (key for key in self._values if key not in KNOWN_KEYS)
        yield from map(str, self._extra)


def _out_of_range(
    key: str, field: FieldSettings, size: Any, unit: str | None
) -> Iterator[tuple[str, str | None]]:
    is_what = f"has {size} {unit}" if unit else f"is {size}"
    if field.min is not None and size < field.min:
        yield f'"{key}" {is_what}, but must {"have" if unit else "be"} at least {field.min}', None
    if field.max is not None and size > field.max:
        yield f'"{key}" {is_what}, but must {"have" if unit else "be"} at most {field.max}', None


def _unknown(
    name: str, collection: CollectionSettings, found: _Values, locate: Locate
) -> Iterator[Problem]:
    for key in found.own():
        if key not in collection.fields:
            hint = did_you_mean(key, KNOWN_KEYS | collection.fields.keys())
            place = found.place(key) or (key,)
            yield Problem(f'the collection "{name}" has no field "{key}"', locate(place), hint)
