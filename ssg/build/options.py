"""The options of a build, apart from the configuration."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.content.source.publication import IncludeOptions

if TYPE_CHECKING:
    from ssg.build.incremental.session import SessionKnowledge
    from ssg.build.incremental.up_to_date import BuildFingerprint
    from ssg.fingerprint.tag_table.changes import EarlierTable
    from ssg.sources.environment import SiteEnvironment


SAME_RESULT = {"same_result": True}
"""Marks an option that does not change what is built: `BuildOptions.key` leaves it out."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """The options of a build. A new field is part of `key` unless it is marked `SAME_RESULT`."""

    now: dt.datetime = field(metadata=SAME_RESULT)
    """The current time. Builds note separately between which times their pages stay right."""
    include: IncludeOptions = IncludeOptions()
    strict: bool = False
    """Warnings are problems."""
    package: bool = True
    """Also make the function. A preview that renders in its own process needs none."""
    no_cache: bool = field(default=False, metadata=SAME_RESULT)
    """Use nothing that an earlier build left."""
    fingerprint: BuildFingerprint | None = field(default=None, metadata=SAME_RESULT)
    """The fingerprints of the inputs, which the build notes for the next one."""
    profile: bool = field(default=False, metadata=SAME_RESULT)
    """Measure where the time goes."""
    session: SessionKnowledge | None = field(default=None, metadata=SAME_RESULT)
    """What the last build in this process left, if its files have been watched since."""
    since: EarlierTable | None = field(default=None, metadata=SAME_RESULT)
    """The tag table of the site that is live; None for that of the build before."""
    processes: int | None = field(default=None, metadata=SAME_RESULT)
    """The number of processes that render; None for one on each processor."""

    environment: SiteEnvironment | None = field(default=None, metadata=SAME_RESULT)
    """The environment variables that the site names; `key` has those that pages show."""
    asks_sources: bool = True
    """Whether the sources of data are asked for the known paths of routes."""
    replay: Path | None = field(default=None, metadata=SAME_RESULT)
    """A folder of recorded answers, which are used in place of the sources."""

    @property
    def env(self) -> Mapping[str, str]:
        """The environment variables that pages show."""
        return self.environment.visible_values if self.environment else {}

    @property
    def key(self) -> str:
        """Every option that changes what is built, with its value."""
        counted = (one.name for one in fields(self) if one.metadata != SAME_RESULT)
        values = [(name, getattr(self, name)) for name in counted]
        return repr([*values, sorted(self.env.items())])
