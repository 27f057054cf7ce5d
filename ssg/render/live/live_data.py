"""Reads values from the data of a live page, by their places: `post.author.name`, `posts.0`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from ssg.model.live.route_pattern import PLACEHOLDER, is_value
from ssg.model.urls import path_problem

_Value = TypeVar("_Value")

_NAMES: Mapping[type, str] = {str: "a text", int: "a whole number", dict: "a table", list: "a list"}


class LiveDataError(Exception):
    """Data is not what a page needs. The message names the place."""


def find(data: Any, place: str) -> Any:
    """What is at a place; None if there is nothing."""
    for part in place.split("."):
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(data, Sequence) and not isinstance(data, str) and part.isdecimal():
            data = data[int(part)] if int(part) < len(data) else None
        else:
            return None
    return data


def is_absent(data: Any, place: str) -> bool:
    """Whether a table lacks the name of a place; a place in nothing is not absent."""
    owner, _, name = place.rpartition(".")
    table = find(data, owner) if owner else data
    return isinstance(table, Mapping) and name not in table


def value_at(data: Any, place: str, kind: type[_Value]) -> _Value | None:
    """The value of a type at a place; None if there is nothing. Raises LiveDataError."""
    value = find(data, place)
    if value is None or type(value) is kind:
        return value
    raise LiveDataError(f"{place} is {describe(value)}, not {_NAMES[kind]}")


def moment_of(value: object, place: str) -> dt.datetime:
    """The moment that a value says: a text in ISO 8601, or seconds since 1970.

    Without an offset it is UTC, as a function has no time zones. Raises LiveDataError.
    """
    try:
        if isinstance(value, str):
            moment = dt.datetime.fromisoformat(value)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError
        else:
            moment = dt.datetime.fromtimestamp(value, dt.UTC)
        return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
    except (ValueError, TypeError, OverflowError, OSError) as error:
        raise LiveDataError(f"{place} is {describe(value)} that is not a date") from error


def filled(text: str, data: Mapping[str, Any]) -> str:
    """A text with values of the data in place of its placeholders. Raises LiveDataError."""
    return PLACEHOLDER.sub(lambda found: text_in(data, found[1]), text)


def filled_path(text: str, data: Mapping[str, Any]) -> str:
    """A path with values of the data as parts of it. Raises LiveDataError."""
    return PLACEHOLDER.sub(lambda found: _part(data, found[1]), text)


def path_of_site(value: str, place: str) -> str:
    """A path in the data that leads to a page of the site. Raises LiveDataError."""
    if not value.startswith("/") or value.startswith("//"):
        raise LiveDataError(f"{place} is not a path of the site, which begins with one slash")
    if problem := path_problem(value):
        raise LiveDataError(f"{place} {problem}")
    return value


def _part(data: Mapping[str, Any], place: str) -> str:
    value = text_in(data, place)
    if not is_value(value):
        raise LiveDataError(f"{place} cannot be a part of a path")
    return value


def text_in(data: Any, place: str) -> str:
    """The text at a place, or the whole number there as a text. Raises LiveDataError."""
    value = find(data, place)
    if isinstance(value, str) and value:
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise LiveDataError(f"{place} is {describe(value)}, not a text")


def describe(value: object) -> str:
    """A JSON value for a message, without its content, which may be private."""
    if value is None:
        return "missing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, float):
        return "a number"
    if value == "":
        return "empty"
    return _NAMES.get(type(value), "a number")
