"""One build, as the edge serves it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.edge.cache import BuilderFunction
from ssg.preview.build_info import BuildInfo
from ssg.redirects.header_rule import HeaderRule
from ssg.redirects.rule import RedirectRule


@dataclass(frozen=True, slots=True)
class Deployment:
    """One build, ready to be served.

    `rules` are the user's and then ours. `answer` is the builder named `builder`; it is called
    from several threads at once. `changed_paths`: the URL paths whose bytes differ from the
    build before, where that is known; if all are stylesheets, open pages are not reloaded.
    """

    build_id: str
    publish_dir: Path
    rules: tuple[RedirectRule, ...]
    answer: BuilderFunction
    builder: str = "ssg-pages"
    changed_paths: frozenset[str] | None = None
    about: BuildInfo | None = None
    """How it was made, for the dashboard."""
    headers: tuple[HeaderRule, ...] = ()
    """Headers of static files."""
    left_out: Mapping[str, str] = field(default_factory=dict)
    """Pages that the site's visitors would not get, by path, and why: drafts, say."""

    @property
    def changes_styles_only(self) -> bool:
        """Whether open pages can keep their HTML."""
        paths = self.changed_paths
        return bool(paths) and all(path.endswith(".css") for path in paths or ())
