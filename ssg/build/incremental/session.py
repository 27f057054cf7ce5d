"""What a build leaves in memory for the next one, in a process that watches the sources meanwhile.

It spares looking at files that nobody has touched: sources, of which the watch names those that
changed, and the files of a publish folder that is the process's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssg.build.incremental.up_to_date import may_read_anything
from ssg.build.layout import Layout
from ssg.build.publish.written_files import Ledger
from ssg.config.load import Project
from ssg.content.reading.discover import Gathered
from ssg.content.reading.watched import Watched, carried
from ssg.content.source.publication import IncludeOptions


@dataclass(frozen=True, slots=True)
class Known:
    """What need not be looked for: the publish folder is as the ledger says."""

    sources: Watched
    ledger: Ledger
    beside: frozenset[str]
    """The files in it that no page makes."""


State = tuple[tuple[int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Carried:
    """One build, as the next one may rely on it."""

    project: Project
    include: IncludeOptions
    gathered: Gathered
    ledger: Ledger
    beside: frozenset[str]
    state: State
    """Of the files that it left beside the publish folder."""

    def known(
        self, project: Project, include: IncludeOptions, layout: Layout, changed: frozenset[str]
    ) -> Known | None:
        """What is known now, where `changed` are all files that changed; None: nothing."""
        if (project, include, _state(layout)) != (self.project, self.include, self.state):
            return None
        if may_read_anything(project):  # there were none before
            return None
        return Known(Watched(self.gathered, changed), self.ledger, self.beside)


def carry(
    project: Project,
    include: IncludeOptions,
    layout: Layout,
    gathered: Gathered | None,
    ledger: Ledger,
    beside: frozenset[str],
) -> Carried | None:
    """What the next build may rely on; None where hooks and plugins may read what they like."""
    if gathered is None or may_read_anything(project):
        return None
    state = _state(layout)
    return Carried(project, include, carried(gathered), ledger, beside, state) if state else None


def _state(layout: Layout) -> State:
    """Empty where a file is missing: somebody has cleaned up."""
    places = (layout.ledger, layout.database, layout.records, layout.output)
    try:
        return tuple(_identity(place) for place in places)
    except OSError:
        return ()


def _identity(place: Path) -> tuple[int, int, int]:
    found = place.stat()
    if place.is_dir():
        return found.st_ino, 0, 0
    return found.st_ino, found.st_size, found.st_mtime_ns
