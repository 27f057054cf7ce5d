"""The live pages of a build: renders the critical ones, and says what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ssg.build.live.critical_live_pages import failures, missing_pages, write_live_pages
from ssg.build.live.live_counts import LiveBuild, LiveCounts
from ssg.build.render.workers import Workers
from ssg.config.load import Project, locate_setting
from ssg.model.errors import Location, SourceDataError, raise_problems
from ssg.model.queries.live_paths import KnownPath
from ssg.model.queries.site import Site
from ssg.sources.environment import SiteEnvironment


def render_live_pages(
    project: Project,
    pool: Workers,
    site: Site,
    wanted: Sequence[KnownPath],
    database: Path,
    publish_dir: Path | None,
    environment: SiteEnvironment | None,
    advance: Callable[[int], None],
) -> LiveBuild:
    """Render the `wanted` live pages into a folder, or only to see that they can be rendered.

    Raises SourceDataError with all failures.
    """
    routes = {route.number: route for route in site.settings.routes}

    def locate(number: int) -> Location:
        return locate_setting(project, ("routes", routes[number].table))

    pages = write_live_pages(pool, wanted, database, publish_dir, environment, advance)
    raise_problems(failures(pages, locate), SourceDataError)
    counts = LiveCounts(len(routes), site.count_live_paths(), len(pages.paths), len(pages.files))
    return LiveBuild(counts, pages.files, pages.paths, pages.texts, missing_pages(pages, locate))
