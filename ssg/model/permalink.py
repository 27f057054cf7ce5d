"""Permalink patterns: `/:year/:month/:slug/`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

DATE_PLACEHOLDERS = frozenset({"year", "month", "day"})
PLACEHOLDERS = DATE_PLACEHOLDERS | {"section", "sections", "slug", "title", "filename"}

_PLACEHOLDER = re.compile(r":([A-Za-z_]+)")


def placeholders(pattern: str) -> list[str]:
    """The names in a pattern, known or not."""
    return _PLACEHOLDER.findall(pattern)


def needs_date(pattern: str) -> bool:
    return not DATE_PLACEHOLDERS.isdisjoint(placeholders(pattern))


def expand(pattern: str, values: Mapping[str, str], date: dt.datetime | None) -> str:
    """The path that a pattern gives; '' if a value that it needs is empty.

    A page directly below the home page has no section, so `:section` and `:sections` may be empty.
    """
    if date:
        year, month, day = f"{date.year:04}", f"{date.month:02}", f"{date.day:02}"
        values = {**values, "year": year, "month": month, "day": day}
    for name in placeholders(pattern):
        if name not in {"section", "sections"} and not values[name]:
            return ""
    return _PLACEHOLDER.sub(lambda found: values[found[1]], pattern)
