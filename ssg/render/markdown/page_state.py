"""The state that the texts of one page share, and what they may ask of the site.

The Markdown of a page is more than one text: its own, and the bodies of its shortcodes, which are
converted on their own while a shortcode is rendered. They end up in one HTML document, in which ids
are unique and footnotes are numbered. So there are two kinds of state:

- `ParserEnv` belongs to one text: mistune's definitions of links, footnotes and abbreviations.
  `PageState.envs` is a stack of those that are being converted, and a body inherits the definitions
  of the text around it (`INHERITED`).
- `PageState` belongs to the page: the ids in use, the headings of the table of contents, the
  footnotes in the order of their first reference, and all errors so far.

`MarkdownContext` connects a text with its site: targets of links, shortcodes and render hooks.
Errors are collected, so that one run reports all of a page; only what follows a broken text of a
shortcode is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ssg.render.pictures.image_element import ImageElement

Token = dict[str, Any]
"""A block or an inline, as mistune's parsers make it."""

ParserEnv = dict[str, Any]
"""mistune's store for one text: definitions of links, footnotes and abbreviations. Our keys:
`context`, `page_state`, `notes` (footnotes by key), `in_link`, `punctuation`."""

MAX_DEPTH = 10
"""How deep bodies of shortcodes may be nested."""

MAX_ERRORS = 100
"""The number of errors of a page that are listed."""

INHERITED = ("ref_links", "ref_abbrs", "notes")
"""Definitions of a text that are valid in the bodies of its shortcodes, too."""


class MarkdownError(Exception):
    """An error in a Markdown text. `words` is the piece of the text by which to find its line."""

    def __init__(self, message: str, words: str = "", hint: str | None = None) -> None:
        super().__init__(message)
        self.words = words
        self.hint = hint


class ConversionError(Exception):
    """All errors in one Markdown text."""

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
    """A footnote: its text, the definitions that its text uses, and the ids of its references."""

    text: str
    env: ParserEnv
    number: int = 0
    id: str = ""
    references: list[str] = field(default_factory=list)


class PageState:
    """The state of one page while its Markdown is converted."""

    __slots__ = ("_counts", "_ids", "depth", "envs", "errors", "headings", "notes", "pictures")

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._counts: dict[str, int] = {}
        self.headings: list[TocEntry] = []
        self.notes: list[Footnote] = []
        self.envs: list[ParserEnv] = []
        """Of the texts that are being converted, the innermost last."""
        self.depth = 0
        """How deep the shortcode is nested whose body is being converted."""
        self.pictures = 0
        """The number of pictures so far."""
        self.errors: list[MarkdownError] = []
        """Errors so far. The rest of the page is converted, to report all errors at once."""

    @property
    def takes_errors(self) -> bool:
        """Tell whether one more error would be reported."""
        return len(self.errors) < MAX_ERRORS

    def add_error(self, error: MarkdownError) -> None:
        """Report an error, unless there are too many."""
        if self.takes_errors:
            self.errors.append(error)
        elif len(self.errors) == MAX_ERRORS:
            message = f"this text has more than {MAX_ERRORS} errors; the rest are not listed"
            self.errors.append(MarkdownError(message))

    def unique_id(self, wanted: str) -> str:
        """Reserve an id that no other element of the page has: `wanted`, or it with a number."""
        identifier, count = wanted, self._counts.get(wanted, 1)
        while identifier in self._ids:
            count += 1
            identifier = f"{wanted}-{count}"
        self._counts[wanted] = count
        self._ids.add(identifier)
        return identifier

    def add_reference(self, note: Footnote) -> str:
        """Return the id of one more reference to a footnote. The first one numbers the note."""
        if not note.number:
            self.notes.append(note)
            note.number = len(self.notes)
            note.id = self.unique_id(f"fn-{note.number}")
        count = len(note.references) + 1
        name = f"fnref-{note.number}" if count == 1 else f"fnref-{note.number}-{count}"
        note.references.append(self.unique_id(name))
        return note.references[-1]


@dataclass(frozen=True, slots=True)
class WrittenImage:
    """What a text says of a picture, and when it loads by its place in the text."""

    alt: str
    title: str
    is_eager: bool
    is_first: bool
    """Whether it loads before all others."""


class MarkdownContext(Protocol):
    """What a text may ask of its site."""

    page_state: PageState

    def link(self, target: str) -> str:
        """Return the URL for the target of a link: `@/page.md`, `other.md#part`, `image.png`."""

    def picture(self, target: str, url: str) -> ImageElement | None:
        """Return the element of the picture at a URL, which the text calls `target`.

        None if it is unknown, or cannot be used.
        """

    def image(self, target: str, url: str, written: WrittenImage) -> object | None:
        """Return the same picture as render hooks have it."""

    def shortcode(self, name: str, arguments: str, body: str | None) -> str:
        """Return the HTML of a shortcode."""

    def hook(self, name: str, values: Mapping[str, Any]) -> str:
        """Return what the render hook of that name writes for the values."""


def nest(headings: Iterable[TocEntry]) -> tuple[TocEntry, ...]:
    """Nest a flat list by level. A heading belongs to the nearest one above its level before it."""
    top: list[TocEntry] = []
    open_headings: list[TocEntry] = []
    for heading in headings:
        while open_headings and open_headings[-1].level >= heading.level:
            open_headings.pop()
        (open_headings[-1].children if open_headings else top).append(heading)
        open_headings.append(heading)
    return tuple(top)
