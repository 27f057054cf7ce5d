"""A page: one URL of the site, made by one template."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class PageKind(StrEnum):
    """What a page is made of. Rules of the plan can name it."""

    PAGE = "page"  # a Markdown file
    FALLBACK = "fallback"  # a page in the default language, where its translation is missing
    SECTION = "section"  # a folder: `_index.md`, or a top-level folder without one
    PAGER = "pager"  # pages 2, 3, ... of a section or a term
    TAXONOMY = "taxonomy"  # the list of a taxonomy's terms
    TERM = "term"  # one term with its pages
    ARCHIVE = "archive"  # the years of the site, and each year with its pages
    FEED = "feed"  # Atom or RSS, of the site, of a section or of a term
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    LLMS = "llms"
    MARKDOWN = "markdown"  # a page or section once more, as Markdown
    NOT_FOUND = "404"


GENERATED_KINDS = frozenset({PageKind.PAGER, PageKind.TAXONOMY, PageKind.TERM, PageKind.ARCHIVE})
"""Kinds without a source of their own that rules may defer."""

ALWAYS_CRITICAL_KINDS = frozenset(
    {PageKind.SITEMAP, PageKind.NOT_FOUND, PageKind.FEED, PageKind.ROBOTS, PageKind.LLMS}
)
"""Machines ask for these, and error pages must not need a function."""


LISTED_KINDS = frozenset({PageKind.PAGE, PageKind.SECTION}) | GENERATED_KINDS
"""Kinds that a sitemap lists."""

NOT_FOUND_FILE = "404.html"
"""The name of an error page: at the root of the site, and below the home page of each language."""

NO_TEMPLATE = ""
"""The template of a section that leads elsewhere: nothing is rendered in its place."""

UNDATED = 2**62
"""The `date_key` of a page without a date: behind every dated one."""


class Page(NamedTuple):
    """One row of the site database; field names are its columns. As a tuple it is made of a row at
    the least cost, and a list has many.

    `date` and `updated` are ISO 8601 with a UTC offset. `parent_id` is the section of a page or
    section, and the list (section or term) of a pager or feed. `number` counts pagers from 1.
    `sort_key` orders a page in its section, `date_key` by date, newest first; both ascend.
    `front` is a JSON object of all that the columns do not hold. `language` '' is the default one.
    """

    id: int
    path: str
    kind: PageKind
    template: str
    source: str | None
    parent_id: int | None
    term_id: int | None
    taxonomy: str | None
    number: int
    title: str
    slug: str
    description: str
    date: str | None
    updated: str | None
    weight: int
    sort_key: int | str
    date_key: int
    front: str
    deferred: bool = False
    ttl_seconds: int | None = None
    reason: str = ""
    language: str = ""

    @property
    def original_path(self) -> str | None:
        """Of a fallback the path of the page that it shows."""
        return json.loads(self.front)["original"] if self.kind == PageKind.FALLBACK else None


@dataclass(frozen=True, slots=True)
class Alias:
    """An old path that leads on. `url` is a link from the root of the host, or an absolute URL;
    `source` is the file that asks for it."""

    path: str
    url: str
    source: str
    status: int = 301


@dataclass(frozen=True, slots=True)
class DeferOverride:
    """What front matter or a cascade says of deferring. None: nothing.

    `origin` is the file whose cascade says `deferred`; '' where the page itself does.
    """

    deferred: bool | None = None
    ttl_seconds: int | None = None
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a taxonomy: the tag `python`, with the path of its page."""

    id: int
    taxonomy: str
    name: str
    slug: str
    path: str
    page_count: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The Markdown of a page, and the line of its source file on which it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template's text and where it stands: `templates/page.html`, `themes/x/templates/..`.

    Layer 0 is the site's own, 1 its theme's, 2 that of the theme below, and so on. `code` is the
    Python that it was compiled to, once it was checked.
    """

    name: str
    origin: str
    text: str
    layer: int = 0
    code: str | None = None


def parse_date(text: str) -> dt.datetime:
    """Read a date as the site database holds it. It always has a UTC offset."""
    return dt.datetime.fromisoformat(text)
