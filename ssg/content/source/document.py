"""The facts of one source file that the site database keeps, and problems of reading it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ssg.model.errors import Problem
from ssg.model.page import DeferOverride
from ssg.model.pagination import PAGER_FOLDER
from ssg.model.settings import MenuEntry


@dataclass(frozen=True, slots=True)
class SectionOptions:
    """The front-matter keys that only `_index.md` may set."""

    sort_by: str = "date"
    paginate_by: int = 0
    paginate_path: str = PAGER_FOLDER
    generate_feeds: bool = False
    transparent: bool = False
    redirect_to: str = ""


class SourceDocument(NamedTuple):
    """The facts of a source file. A tuple, because a site has one for each file.

    `path` and `slug` are '' if they follow from the file name. Dates are ISO 8601 in the time zone
    of the site.
    """

    source: str
    title: str = ""
    description: str = ""
    slug: str = ""
    path: str = ""
    template: str = ""
    date: str | None = None
    updated: str | None = None
    publish_date: str | None = None
    expiry_date: str | None = None
    withheld: str = ""
    """Why its author does not publish it: `draft`, `status: hidden`, `published: false`; or ''."""
    weight: int = 0
    terms: Mapping[str, Sequence[str]] = {}
    aliases: Sequence[str] = ()
    front: str = "{}"
    """Front matter that has no field here, as JSON."""
    language: str = ""
    """'' for the default language."""
    translation_key: str = ""
    """What it shares with its translations; '' if that is its file name without a language."""
    menus: Sequence[MenuEntry] = ()
    defer_override: DeferOverride | None = None
    section: SectionOptions | None = None


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Problems and warnings that reading a site collects."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
