"""The facts of one source file, as the site database holds them, and what is wrong with it."""

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
    """What only `_index.md` may say."""

    sort_by: str = "date"
    paginate_by: int = 0
    paginate_path: str = PAGER_FOLDER
    generate_feeds: bool = False
    transparent: bool = False
    redirect_to: str = ""


class SourceDocument(NamedTuple):
    """The facts of a source file, as small as they go: a site has one for each.

    `path` and `slug` are '' where the file's place decides. Dates are ISO 8601 in the site's zone.
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
    """Why its author keeps it back: `draft`, `status: hidden`, `published: false`."""
    weight: int = 0
    terms: Mapping[str, Sequence[str]] = {}
    aliases: Sequence[str] = ()
    front: str = "{}"
    """As JSON."""
    language: str = ""
    """'' is the default one."""
    translation_key: str = ""
    """What it has in common with its translations; '' where its place says."""
    menus: Sequence[MenuEntry] = ()
    defer_override: DeferOverride | None = None
    section: SectionOptions | None = None


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """What reading found fault with."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
