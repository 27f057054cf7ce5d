"""Python modules of a site, as the site database holds them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Module:
    """A module by its full name. `origin` is the name of its file in messages."""

    name: str
    origin: str
    text: str
    is_package: bool = False
