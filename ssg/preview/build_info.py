"""What the preview tells of a build beside the build itself."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ssg.model.errors import Problem


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """How a build was made. `included`: what is shown that `ssg build` would leave out."""

    database: Path
    """The site database."""
    runtime: str = "python"
    """What renders deferred pages."""
    included: tuple[str, ...] = ()
    build_seconds: float | None = None
    warnings: tuple[Problem, ...] = ()
