"""A route as a value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.model.errors import Location


@dataclass(frozen=True, slots=True)
class Requirement:
    """A part of the request that a route needs. `expression` matches all of its value."""

    kind: str
    """`host`, `header`, `cookie` or `query`."""
    key: str = ""
    """The name; empty for the host."""
    expression: str = ""
    """Any value, if it is empty."""

    def to_json(self) -> dict[str, str]:
        key = {"key": self.key} if self.key else {}
        value = {"value": self.expression} if self.expression else {}
        return {"type": self.kind, **key, **value}


@dataclass(frozen=True, slots=True)
class VercelRoute:
    """One route. `source` is an expression for the path, from `^` to `$`."""

    source: str
    destination: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    requirements: tuple[Requirement, ...] = ()
    continues: bool = False
    """It only adds headers; the next routes are tried."""
    ignores_case: bool = False
    where: Location | None = field(default=None, compare=False)

    def to_json(self) -> dict[str, Any]:
        """As `config.json` has it. Expressions ignore case unless a route says otherwise."""
        values = {
            "src": self.source,
            "dest": self.destination,
            "status": self.status,
            "headers": dict(self.headers),
            "has": [one.to_json() for one in self.requirements],
            "continue": self.continues,
            "caseSensitive": not self.ignores_case,
        }
        return {name: value for name, value in values.items() if value}


FILE_SYSTEM = {"handle": "filesystem"}
"""Between the routes before files and those after them."""
ERROR = {"handle": "error"}
"""Before the routes for destinations that do not exist."""
