"""A page: one URL of the site, made by one template."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from ssg.model.cache_options import CacheOptions


class PageKind(StrEnum):
    """What a page is made of. Rules of the plan can name it."""

    PAGE = "page"  # a Markdown file
    FALLBACK = "fallback"  # a page of the default language in place of a missing translation
    SECTION = "section"  # a folder with `_index.md`, or a top-level folder of pages
    PAGER = "pager"  # pages 2, 3, ... of a section or a term
    TAXONOMY = "taxonomy"  # the list of the terms of a taxonomy
    TERM = "term"  # a term with its pages
    ARCHIVE = "archive"  # the list of years, and each year with its pages
    FEED = "feed"  # Atom or RSS, of the site, a section or a term
    SITEMAP = "sitemap"
    ROBOTS = "robots"
    LLMS = "llms"
    MARKDOWN = "markdown"  # the Markdown twin of a page or section
    NOT_FOUND = "404"


GENERATED_KINDS = frozenset({PageKind.PAGER, PageKind.TAXONOMY, PageKind.TERM, PageKind.ARCHIVE})
"""Kinds of pages without a source of their own that rules may defer."""

ALWAYS_CRITICAL_KINDS = frozenset(
    {PageKind.SITEMAP, PageKind.NOT_FOUND, PageKind.FEED, PageKind.ROBOTS, PageKind.LLMS}
)
"""Crawlers and feed readers request these; an error page must not need the function."""

LISTED_KINDS = frozenset({PageKind.PAGE, PageKind.SECTION}) | GENERATED_KINDS
"""Kinds that a sitemap lists."""

NOT_FOUND_FILE = "404.html"
"""The name of an error page: at the root of the site, and below the home page of each language."""

NO_TEMPLATE = ""
"""The template of a section that is no page: it redirects, or a route has its path."""

UNDATED = 2**62
"""The `date_key` of a page without a date: after every dated page."""


class Page(NamedTuple):
    """A row of table `page`; the fields are its columns.

    It is a tuple, the cheapest value to make from a row, because lists hold many. The types are
    those that SQLite returns: `kind` is the value of a `PageKind`, `deferred` is 0 or 1.

    `date` and `updated` are ISO 8601 with a UTC offset. `parent_id` is the section of a page or
    section, and the list (section or term) of a pager or feed. `number` counts pagers from 1.
    `sort_key` orders the pages of a section, `date_key` orders pages by date, newest first; both
    ascend. `front` is a JSON object of the front matter that has no column. `language` is '' for
    the default language. `cache_tags` has those of the author, with spaces between them.
    """

    id: int
    path: str
    kind: str
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
    deferred: int = 0
    ttl_seconds: int | None = None
    stale_seconds: int | None = None
    cache_tags: str = ""
    reason: str = ""
    language: str = ""

    @property
    def original_path(self) -> str | None:
        """The path of the page that a fallback page shows; None for any other page."""
        return json.loads(self.front)["original"] if self.kind == PageKind.FALLBACK else None


@dataclass(frozen=True, slots=True)
class Alias:
    """A path that redirects. `url` is a path from the root of the host, or an absolute URL;
    `source` is the file that declares the alias."""

    path: str
    url: str
    source: str
    status: int = 301


@dataclass(frozen=True, slots=True)
class DeferOverride(CacheOptions):
    """`deferred` and the cache options of a page's front matter, its own or inherited.

    None for one that is not set. `origins` has the file whose cascade sets a key, by the name of
    the key; keys of the page itself are missing there.
    """

    deferred: bool | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def values(self) -> tuple[Any, ...]:
        """The fields in their order. Many pages have an override, and `astuple` copies each."""
        return (
            self.ttl_seconds, self.stale_seconds, self.cache_tags, self.deferred, self.origins
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a taxonomy, such as the tag `python`, and the path of its page."""

    id: int
    taxonomy: str
    name: str
    slug: str
    path: str
    page_count: int
    language: str = ""


@dataclass(frozen=True, slots=True)
class Body:
    """The Markdown of a page, and the line of the source file on which it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `origin` is its file: `templates/page.html`, `themes/x/templates/page.html`.

    Layer 0 is the site, 1 its theme, 2 the theme that this extends, and so on. `code` is the Python
    to which it was compiled, once it has been checked.
    """

    name: str
    origin: str
    text: str
    layer: int = 0
    code: str | None = None


def parse_date(text: str) -> dt.datetime:
    """Parse a date of the site database. It always has a UTC offset."""
    return dt.datetime.fromisoformat(text)
