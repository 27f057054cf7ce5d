"""What the texts of one page share, and what they may ask of the site around them.

A page is made of its own text and of the bodies of its shortcodes. Ids, headings and footnotes
belong to the page, whichever text they stand in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

Token = dict[str, Any]
"""A block or an inline, as mistune's parsers make it."""

ParserEnv = dict[str, Any]
"""mistune's store for one text: definitions of links, footnotes and abbreviations."""

MAX_DEPTH = 10
"""How deep bodies of shortcodes may lie in each other."""

INHERITED = ("ref_links", "ref_abbrs", "notes")
"""Definitions of a text that hold in the bodies of its shortcodes, too."""


class MarkdownError(Exception):
    """Something in a text that cannot be understood, with the words to find its place by."""

    def __init__(self, message: str, words: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.words = words
        self.hint = hint


class ConversionError(Exception):
    """All that cannot be understood in one text."""

    def __init__(self, errors: Sequence[MarkdownError]) -> None:
        super().__init__("; ".join(map(str, errors)))
        self.errors = errors


@dataclass(slots=True)
class TocEntry:
    """An entry of a table of contents."""

    level: int
    id: str
    title: str
    children: list[TocEntry] = field(default_factory=list)


@dataclass(slots=True)
class Footnote:
    """A footnote: its text, the definitions that it sees, and the ids of its references."""

    text: str
    env: ParserEnv
    number: int = 0
    id: str = ""
    references: list[str] = field(default_factory=list)


class PageState:
    """The state of one page while it is converted."""

    __slots__ = ("_ids", "envs", "errors", "headings", "notes")

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self.headings: list[TocEntry] = []
        self.notes: list[Footnote] = []
        self.envs: list[ParserEnv] = []
        """Of the texts that are being converted, the innermost last."""
        self.errors: list[MarkdownError] = []
        """What could not be understood so far. The rest is converted all the same, to find more."""

    def unused(self, wanted: str) -> str:
        """An id that no other element of the page has: the wanted one, or it with a number."""
        identifier, count = wanted, 1
        while identifier in self._ids:
            count += 1
            identifier = f"{wanted}-{count}"
        self._ids.add(identifier)
        return identifier

    def reference(self, note: Footnote) -> str:
        """The id of another reference to a footnote. The first gives the note its number."""
        if not note.number:
            self.notes.append(note)
            note.number = len(self.notes)
            note.id = self.unused(f"fn-{note.number}")
        count = len(note.references) + 1
        name = f"fnref-{note.number}" if count == 1 else f"fnref-{note.number}-{count}"
        note.references.append(self.unused(name))
        return note.references[-1]


class MarkdownContext(Protocol):
    """What a text may ask of the site around it."""

    page_state: PageState

    def link(self, target: str) -> str:
        """The URL for a link's target: `@/page.md`, `other.md#part`, `image.png`."""

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        """The HTML of a shortcode."""

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        """What the render hook of that name makes of the values."""


def nest(headings: Iterable[TocEntry]) -> tuple[TocEntry, ...]:
    """A flat list by level -> a tree. A skipped level nests under the nearest above it."""
    top: list[TocEntry] = []
    open_headings: list[TocEntry] = []
    for heading in headings:
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        (open_headings[-1].children if open_headings else top).append(heading)
        open_headings.append(heading)
    return tuple(top)
