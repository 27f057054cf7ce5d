"""Queries: the files `queries/NAME.sql`, each one statement that reads.

A query has parameters, `:name`, that the database binds: what a visitor writes never becomes SQL.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from ssg.model.errors import Location
from ssg.model.live.sql_tokens import tokens

FOLDER = "queries"
SUFFIX = ".sql"
DRAFT = "draft"
"""A parameter that every request has: whether a draft is looked at, and so unpublished rows."""


@dataclass(frozen=True)  # without slots: the numbered text is made once
class Query:
    """A query: its name (`users/post` of `queries/users/post.sql`), text and parameters."""

    name: str
    text: str
    parameters: tuple[str, ...] = ()
    """The names of its parameters, in the order in which they first appear."""
    places: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """Where each use of a parameter begins and ends in the text."""

    @classmethod
    def parse(cls, name: str, text: str) -> Query:
        """The query of a text."""
        uses = [one for one in tokens(text) if one.kind == "parameter"]
        names = dict.fromkeys(one.text[1:] for one in uses)
        return cls(name, text, tuple(names), tuple((one.start, one.end) for one in uses))

    @cached_property
    def numbered(self) -> str:
        """The text with `$1` in place of the first of the parameters, and so on."""
        numbers = {name: f"${number}" for number, name in enumerate(self.parameters, 1)}
        parts, done = [], 0
        for start, end in self.places:
            parts += [self.text[done:start], numbers[self.text[start + 1 : end]]]
            done = end
        return "".join([*parts, self.text[done:]])

    def location(self, position: int) -> Location:
        """The line and column of a position in the text."""
        line = self.text.count("\n", 0, position) + 1
        return Location(file_of(self.name), line, position - self.text.rfind("\n", 0, position))


def file_of(name: str) -> str:
    """The file of a query, below the folder of the site."""
    return f"{FOLDER}/{name}{SUFFIX}"
