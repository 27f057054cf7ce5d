"""What a build did for live pages, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ssg.build.publish.written_files import WrittenFile
from ssg.model.errors import Problem

if TYPE_CHECKING:
    from ssg.build.render.search_index import SearchText


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Routes of live pages, and what the build knows of them."""

    routes: int = 0
    known: int = 0
    """Paths that sources list."""
    critical: int = 0
    """Live pages that the build rendered; they are critical pages, too."""
    files: int = 0
    """Those that are files; the others are rendered again by the host."""


@dataclass(frozen=True, slots=True)
class LiveBuild:
    """The live pages of a build."""

    counts: LiveCounts = LiveCounts()
    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    """None where the host renders them once more."""
    paths: Sequence[str] = ()
    """The paths of the pages."""
    texts: Sequence[SearchText] = ()
    """What the search index says of them."""
    warnings: Sequence[Problem] = ()
