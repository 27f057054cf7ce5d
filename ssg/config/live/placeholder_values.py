"""Which values placeholders have: `where` and `except` of a route, or `[placeholders.NAME]`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Self

from ssg.config.live.placeholders import check_placeholder
from ssg.config.live.slow_expressions import slow_value
from ssg.config.table import Table
from ssg.model.errors import did_you_mean


@dataclass(frozen=True, slots=True)
class PlaceholderValues:
    """What placeholders may be, by their names."""

    where: Mapping[str, str] = field(default_factory=dict)
    """Regular expressions."""
    excluded: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of_route(self, table: Table, names: Collection[str]) -> Self:
        """The values of a route with these placeholders: its own keys count before the common."""
        where = _where(table.table("where"), names)
        excluded = _excluded(table.table("except"), names)
        return type(self)(
            {name: text for name, text in self.where.items() if name in names} | where,
            {name: texts for name, texts in self.excluded.items() if name in names} | excluded,
        )


def read_common_values(table: Table) -> PlaceholderValues:
    """`[placeholders.NAME]`: the values of all placeholders with a name."""
    where: dict[str, str] = {}
    excluded: dict[str, tuple[str, ...]] = {}
    for name in table.keys():  # noqa: SIM118 no dictionary
        one = table.table(name)
        text = one.text("where")
        if text and _is_usable(one, "where", text):
            where[name] = text
        if texts := tuple(one.texts("except")):
            excluded[name] = texts
        one.refuse_unread()
    return PlaceholderValues(where, excluded)


def check_common_values(table: Table, used: Collection[str]) -> None:
    """Find tables of `[placeholders.NAME]` for a name that no route has."""
    for name in table.keys():  # noqa: SIM118 no dictionary
        if name not in used:
            hint = did_you_mean(name, used)
            table.problem(name, f'no route has a placeholder "{name}"', hint)


def _where(table: Table, names: Collection[str]) -> dict[str, str]:
    found = {name: table.text(name) for name in table.keys()}  # noqa: SIM118 no dictionary
    for name, text in [*found.items()]:
        check_placeholder(table, name, names)
        if not _is_usable(table, name, text):
            del found[name]
    return found


def _excluded(table: Table, names: Collection[str]) -> dict[str, tuple[str, ...]]:
    found = {name: tuple(table.texts(name)) for name in table.keys()}  # noqa: SIM118 no dictionary
    for name in found:
        check_placeholder(table, name, names)
    return found


def _is_usable(table: Table, key: str, text: str) -> bool:
    """Whether a text is an expression. One that could be slow is a problem, too."""
    try:
        re.compile(text)
    except re.error as error:
        table.problem(key, f'"{text}" is not a regular expression: {error}')
        return False
    if value := slow_value(text):
        message = f'"{text}" could take minutes for a path that a visitor makes up: "{value}"'
        hint = "Let no part be repeated that repeats itself: [a-z]+(-[a-z]+)*, not ([a-z]+-?)*"
        table.problem(key, message, hint)
    return True
