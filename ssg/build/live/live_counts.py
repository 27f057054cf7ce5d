"""What a build did for live pages, as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ssg.build.publish.written_files import WrittenFile
from ssg.model.errors import Problem


@dataclass(frozen=True, slots=True)
class LiveCounts:
    """Routes of live pages, and what the build knows of them."""

    routes: int = 0
    known: int = 0
    """Paths that sources list."""
    critical: int = 0
    """Live pages that the build rendered; they are critical pages, too."""


@dataclass(frozen=True, slots=True)
class LiveFile:
    """A live page as a file. Its data was read after `read_at`, in seconds since 1970."""

    path: str
    tags: tuple[str, ...]
    ttl_seconds: int | None
    read_at: float


@dataclass(frozen=True, slots=True)
class LiveBuild:
    """The live pages of a build."""

    counts: LiveCounts = LiveCounts()
    files: Mapping[str, WrittenFile] = field(default_factory=dict)
    pages: Sequence[LiveFile] = ()
    warnings: Sequence[Problem] = ()

    @property
    def paths(self) -> list[str]:
        """The paths of the pages."""
        return [page.path for page in self.pages]
