"""The builds of `ssg serve`: in a folder of their own, and again after every change."""

from __future__ import annotations

import contextlib
import os
import time
import webbrowser
from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import compress
from pathlib import Path
from types import TracebackType

from ssg.build.images.image_counts import ImageCounts
from ssg.build.incremental.session import Session
from ssg.build.layout import STATE_DIR, Layout
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.build.tag_table.tag_values import tag_names, tag_table
from ssg.cli import options
from ssg.cli.console import err, print_problems, print_warnings
from ssg.cli.progress import ProgressDisplay
from ssg.config.load import Project
from ssg.config.target_registry import host_files
from ssg.edge.images.card_images import CardImages
from ssg.edge.images.encoders import Encoders
from ssg.edge.images.image_function import ImageFunction
from ssg.edge.images.site_images import SiteImages
from ssg.edge.page_function import function_with_sources
from ssg.edge.policy import CachePolicy
from ssg.edge.purge_index import TagChanges
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.input_folders import watched_paths
from ssg.fingerprint.tag_table.changes import changes_between, read_table
from ssg.fingerprint.tag_table.table_file import table_name
from ssg.images.variant_cache import VariantCache
from ssg.model.cache_options import CACHE_ID
from ssg.model.errors import BuildLockError, SsgError
from ssg.model.images.settings import ImageService
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings, TargetSettings
from ssg.preview.access_control import is_local_url
from ssg.preview.deployment import BuildInfo, PictureCounts, PreviewDeployment
from ssg.preview.images.host_services import host_service
from ssg.preview.sources.preview_sources import PreviewSources
from ssg.runtime.http import Request, Response
from ssg.runtime.live.route_table import RouteTable
from ssg.sources.site_shell import SiteShell
from ssg.targets.load_target import target_for
from ssg.targets.target import LocalFunction

KEPT_TABLE = "tags.bin"
"""The tag table of the build that was served last."""
LOCK_SECONDS = 60.0
"""The longest wait for another preview of the site that is building."""
LOCK_PAUSE_SECONDS = 0.1
ENCODERS = 2
"""The number of processes that make variants of pictures."""


class SiteRebuilder:
    """Builds the site for the preview, in a folder that is never deployed.

    It remembers what the next build can reuse, and owns the Node process of `--runtime node`.
    """

    def __init__(
        self,
        root: Path,
        config: Path | None,
        base_url: str,
        include: tuple[bool, bool, bool],
        runtime: str,
        sources: PreviewSources | None = None,
        env_files: Iterable[Path] = (),
    ) -> None:
        self._env_files = tuple(env_files)
        self._sources = sources or PreviewSources()
        self._root = root
        self._config = config
        self._base_url = base_url
        self._include = include
        self._in_node = runtime == "node"
        self._function: LocalFunction | None = None
        self._encoders: Encoders | None = None
        self._before: BuildReport | None = None
        self._session: Session | None = None
        self.cache_dir = Layout.for_preview(root.resolve()).cache

    def __enter__(self) -> SiteRebuilder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop_function()
        if self._encoders is not None:
            self._encoders.close()

    @property
    def watch_paths(self) -> list[Path]:
        return watched_paths(self._root, host_files())

    @property
    def ignored_paths(self) -> list[Path]:
        return [self._root / STATE_DIR]

    def build(self, changed: frozenset[str] | None = None) -> PreviewDeployment:
        """Build the site. After an `SsgError` the build before is still intact.

        `changed` is every file that changed since the build before; None if that is not known.
        """
        try:
            return self._build_when_free(changed)
        except SsgError as error:
            print_problems(error.problems)
            raise

    def _build_when_free(self, changed: frozenset[str] | None) -> PreviewDeployment:
        """Wait while another preview of the site builds: both have seen the same change."""
        deadline = time.monotonic() + LOCK_SECONDS
        while True:
            try:
                return self._build(changed)
            except BuildLockError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(LOCK_PAUSE_SECONDS)

    def _build(self, changed: frozenset[str] | None) -> PreviewDeployment:
        project = options.read_project(self._root, self._config, base_url=self._base_url)
        layout = Layout.for_preview(project.root)
        wanted = options.build_options(
            project, *self._include, package=self._in_node, env_files=self._env_files
        )
        wanted = replace(wanted, asks_sources=False)  # pages whose paths are known are live, too
        if self._session and changed is not None:
            knowledge = self._session.knowledge(project, wanted.include, layout, changed)
            wanted = replace(wanted, session=knowledge)
        with ProgressDisplay(quiet=True) as watching:
            report = build(project, layout, wanted, watching)
        self._session = report.session
        print_warnings(report.warnings)
        err.print(
            f"built {report.critical:,} critical and {report.deferred:,} deferred pages "
            f"in {report.seconds:.2f} s"
        )
        answer, site = self._answer(layout, project.settings.target, report)
        content_id, changes = self._kept_cache(layout, project.settings.target, report)
        return PreviewDeployment(
            report.build_id,
            report.output,
            report.routes.rules,
            answer,
            target_for(project.settings.target).capabilities,
            report.builder,
            bool(report.routes.function_paths),
            changed_paths=self._changed_paths(report),
            headers=report.routes.headers,
            deferred_headers=report.routes.deferred_headers,
            cache_id=CACHE_ID if content_id else "",
            content_id=content_id,
            changes=changes,
            left_out=left_out_pages(layout.database),
            info=self._build_info(layout, report, site.settings),
            routes=RouteTable.of(site.settings.routes),
            env=site.env_fingerprint,
            has_drafts=site.settings.drafts and self._function is None,
            images=self._images(layout, project, report),
        )

    def _images(
        self, layout: Layout, project: Project, report: BuildReport
    ) -> ImageFunction | None:
        """What makes cards, and variants of pictures that the build has not made."""
        settings = project.settings.site.images
        if settings is None:
            return None
        encoders = self._opened_encoders(layout, project)
        pictures = self._pictures(layout, project, report, encoders)
        if settings.cards is None:
            return pictures
        return CardImages(pictures, layout.database, layout.card_files, encoders.cache)

    def _pictures(
        self, layout: Layout, project: Project, report: BuildReport, encoders: Encoders
    ) -> SiteImages | None:
        """What makes variants of pictures, as the host would."""
        settings = project.settings.site.images
        if settings is None or (not report.image_function and settings.service == ImageService.SSG):
            return None
        return SiteImages(
            layout.database,
            project.settings.target.image_function,
            (layout.output, project.root),
            encoders.cache,
            encoders.pool(settings.max_pixels),
            host_service,
        )

    def _opened_encoders(self, layout: Layout, project: Project) -> Encoders:
        """The encoders of all builds. Their processes start when a picture needs them."""
        if self._encoders is None:
            capabilities = target_for(project.settings.target).capabilities
            seconds = CachePolicy.of(capabilities).render_seconds
            self._encoders = Encoders(layout.variants, ENCODERS, seconds)
        return self._encoders

    def _build_info(self, layout: Layout, report: BuildReport, settings: SiteSettings) -> BuildInfo:
        names = ("drafts", "future", "expired")
        included = tuple(compress(names, self._include))
        runtime = "node" if self._function else "python"
        return BuildInfo(
            layout.database,
            runtime,
            included,
            report.seconds,
            report.warnings,
            lambda: tag_names(layout.database),
            tuple(settings.sources),
            _picture_counts(report.images, layout.variants) if settings.images else None,
        )

    def _kept_cache(
        self, layout: Layout, settings: TargetSettings, report: BuildReport
    ) -> tuple[str, TagChanges | None]:
        """The name of what the pages depend on, and what changed since the build before.

        The name is empty if the host forgets its cache at each deploy.
        """
        if not settings.keep_cache or not target_for(settings).capabilities.keeps_over_deploys:
            return "", None
        rules = report.routes.deferred_headers
        table = tag_table(layout.database, code_fingerprint(), rules)
        file = layout.cache / KEPT_TABLE  # beside the pages that it is about
        before = read_table(file).table
        _keep_table(file, data := table.to_bytes())
        changes = changes_between(before, table, ())
        if before is None or changes.everything:
            return table_name(data), None
        return table_name(data), TagChanges(table_name(before.to_bytes()), changes.tags)

    def _changed_paths(self, report: BuildReport) -> frozenset[str] | None:
        """Return the paths of copied files that changed; None if a page may have changed."""
        before, self._before = self._before, report
        if before is None or before.content_id != report.content_id:
            return None
        old, new = before.digests, report.digests
        return frozenset(f"/{n}" for n in {*old, *new} if old.get(n) != new.get(n))

    def _answer(
        self, layout: Layout, settings: TargetSettings, report: BuildReport
    ) -> tuple[Callable[[Request], Response], SiteShell]:
        """The function, and the shell through which it asks sources if it is in this process."""
        self._stop_function()
        self._function, site = None, self._sources.shell(layout.database)
        if self._in_node:
            # The function asks sources itself, with variables of files, too.
            place, variables = (layout.hosts_dir, layout.output), site.environment.values
            self._function = target_for(settings).local_function(*place, variables)
        if self._function:
            return self._function.answer, site
        seconds = CachePolicy.of(target_for(settings).capabilities).render_seconds
        address, headers = report.builder or "", report.routes.deferred_headers
        bring = self._sources.bring(site)
        return function_with_sources(layout.database, address, headers, seconds, site, bring), site

    def _stop_function(self) -> None:
        if self._function is not None:
            self._function.close()


def _keep_table(file: Path, data: bytes) -> None:
    """Write the table for the next build.

    If that fails, the next build renders everything again: the log of purges names the table that
    the cached pages are of.
    """
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        draft.write_bytes(data)
        draft.replace(file)
    draft.unlink(missing_ok=True)


def _picture_counts(images: ImageCounts, variants: Path) -> PictureCounts:
    """What the dashboard shows of pictures."""
    built, cache = images.made + images.kept, VariantCache(variants)
    return PictureCounts(images.pictures, built, images.deferred, cache.size)


def left_out_pages(database: Path) -> dict[str, str]:
    """Return the paths of pages that only the preview shows, with the reasons."""
    with contextlib.closing(Site.open(database)) as site:
        return dict(site.left_out_pages())


def announce(url: str, *, open_browser: bool) -> None:
    """Print the address of the preview, and open it if that is wanted."""
    err.print(f"serving on [bold]{url}[/] (Ctrl-C stops)")
    if is_local_url(url):
        err.print(f"dashboard on {url}__ssg/")
    if open_browser:
        webbrowser.open(url)
