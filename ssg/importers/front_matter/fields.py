"""Typed access to the front matter of other generators."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from ssg.importers.front_matter.dates import read_date
from ssg.importers.imported_site import ImportNotes, Topic


class FrontMatterFields:
    """Values by key, in any case. Each key is taken once; what remains is the site's own.

    A value of the wrong type is left out, with a finding.
    """

    def __init__(self, values: Mapping[str, Any], origin: str, notes: ImportNotes) -> None:
        self._spelled = {str(key).lower(): str(key) for key in values}
        self._values = {str(key).lower(): value for key, value in values.items()}
        self.origin = origin
        self._notes = notes

    def take(self, *keys: str) -> Any:
        """The value of the first of `keys` that has one. Removes them all."""
        found = [self._values.pop(key.lower(), None) for key in keys]
        return next((value for value in found if value is not None), None)

    def __contains__(self, key: str) -> bool:
        return key.lower() in self._values

    def peek(self, key: str) -> Any:
        """A value, which is not removed."""
        return self._values.get(key.lower())

    def text(self, *keys: str) -> str:
        value = self.take(*keys)
        if value is None or isinstance(value, dict | list):
            self._misfit(keys[0], value, "text")
            return ""
        return str(value).strip()

    def texts(self, *keys: str, separator: str | None = ",") -> list[str]:
        """A list of texts. A single text is split at `separator`; None splits at white space."""
        value = self.take(*keys)
        if value is None:
            return []
        if isinstance(value, dict):
            self._misfit(keys[0], value, "a list")
            return []
        items: Iterable[Any] = value if isinstance(value, list) else str(value).split(separator)
        flat = (item for item in items if not isinstance(item, dict | list) and item is not None)
        return list(dict.fromkeys(text for item in flat if (text := str(item).strip())))

    def date(self, *keys: str) -> dt.date | None:
        value = self.take(*keys)
        if value is None or value == "":
            return None
        found = read_date(value)
        if found is None:
            self.note(f'left out, "{keys[0]}" is not a date')
        return found

    def flag(self, *keys: str) -> bool | None:
        value = self.take(*keys)
        if isinstance(value, str):
            value = {"true": True, "yes": True, "false": False, "no": False}.get(value.lower())
        return value if isinstance(value, bool) else None

    def whole(self, *keys: str) -> int | None:
        value = self.take(*keys)
        if isinstance(value, bool) or value is None:
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            self._misfit(keys[0], value, "a whole number")
            return None

    def table(self, *keys: str) -> dict[str, Any]:
        value = self.take(*keys)
        return dict(value) if isinstance(value, dict) else {}

    def rest(self) -> dict[str, Any]:
        """The values that were not taken, under their original keys."""
        return {self._spelled[key]: v for key, v in self._values.items() if v is not None}

    def note(self, what: str) -> None:
        self._notes.add(Topic.FRONT_MATTER, what, self.origin)

    def _misfit(self, key: str, value: object, wanted: str) -> None:
        if value is not None:
            self.note(f'left out, "{key}" is not {wanted}')


def drop_empty(values: Mapping[str, Any]) -> dict[str, Any]:
    """Drop keys whose value is None or empty."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
