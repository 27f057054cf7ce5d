"""What the preview knows of a build beyond what the edge serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.deployment import Deployment
from ssg.model.errors import Problem


@dataclass(frozen=True, slots=True)
class PictureCounts:
    """The pictures of a build, and their variants."""

    pictures: int
    built: int
    """The number of variants that the build has published."""
    deferred: int
    """The number of variants that are made on request."""
    cached: Callable[[], tuple[int, int]]
    """Counts the files of the variant cache, and their bytes."""


@dataclass(frozen=True, slots=True)
class BuildInfo:
    """How a build was made."""

    database: Path
    """The site database."""
    runtime: str = "python"
    """What renders deferred pages."""
    included: tuple[str, ...] = ()
    """Kinds of pages that are shown although `ssg build` leaves them out."""
    build_seconds: float | None = None
    warnings: tuple[Problem, ...] = ()
    tag_names: Callable[[], Mapping[str, str]] = dict
    """What cache tags stand for; may take a second."""
    sources: tuple[str, ...] = ()
    """The names of the sources of data."""
    pictures: PictureCounts | None = None
    """None if the site resizes no pictures."""


@dataclass(frozen=True, slots=True)
class PreviewDeployment(Deployment):
    """A deployment with what its author is told of it."""

    changed_paths: frozenset[str] | None = None
    """URL paths whose bytes differ from the build before; None if that is not known."""
    info: BuildInfo | None = None
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Paths of pages that `ssg build` would leave out, with the reason: `draft`, for example."""

    @property
    def changes_styles_only(self) -> bool:
        """Whether open pages can keep their HTML."""
        paths = self.changed_paths
        return bool(paths) and all(path.endswith(".css") for path in paths or ())


def preview_deployment(deployment: Deployment | None) -> PreviewDeployment | None:
    """Narrow the deployment of an exchange to the preview's own type."""
    return deployment if isinstance(deployment, PreviewDeployment) else None
