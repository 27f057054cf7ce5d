"""Python of the site's own, as the site database holds it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its full name. `origin` is what messages call its file."""

    name: str
    origin: str
    text: str
    is_package: bool = False
