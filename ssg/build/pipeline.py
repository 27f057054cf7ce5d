"""The build, as a recipe: scan, plan, check, render, emit, put into place."""

from __future__ import annotations

import contextlib
import datetime as dt
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ssg.build.layout import Layout
from ssg.build.manifest import write_manifest
from ssg.build.publish import in_the_way, names
from ssg.build.rehearse import rehearse
from ssg.build.report import BuildReport
from ssg.build.workers import write_pages
from ssg.build.workspace import Workspace, workspace
from ssg.config.load import Project
from ssg.content.scan import Scan, scan
from ssg.content.sources import Include
from ssg.model import database
from ssg.model.errors import ContentError, Problem, RenderError, SsgError, TargetError
from ssg.model.site import Site
from ssg.model.urls import output_file
from ssg.plan.stage import plan, render_everything
from ssg.render import templates
from ssg.targets.registry import target_for
from ssg.targets.target import Emitted, Stage, Target


class Observer(Protocol):
    """Is told what a build is doing."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins; `total` counts its steps, 0 if they are not counted."""

    def advance(self, steps: int) -> None:
        """Steps of the stage are done."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one build is asked for beside the configuration."""

    now: dt.datetime
    include: Include = Include()
    strict: bool = False
    """Warnings are problems."""
    package: bool = True
    """Make the function, too; a preview that renders in its own process needs none."""


@dataclass(slots=True)
class _Stages:
    """Times the stages and tells the observer."""

    observer: Observer
    seconds: list[tuple[str, float]] = field(default_factory=list)

    @contextlib.contextmanager
    def __call__(self, name: str, total: int = 0) -> Iterator[None]:
        self.observer.begin(name, total)
        start = time.perf_counter()
        yield
        self.seconds.append((name, time.perf_counter() - start))


def build(project: Project, layout: Layout, options: Options, observer: Observer) -> BuildReport:
    """Build a site. Until the last stage nothing that an earlier build made is touched.

    Raises SsgError with every problem that was found.
    """
    stages = _Stages(observer)
    target = target_for(project.settings.target, package=options.package)
    with workspace(layout) as space:
        with stages("scan"):
            found = scan(project, options.now, options.include, space.database)
        with stages("plan"):
            _compile(project, found, target, options, target.check())
        site = Site.open(space.database)
        pages = site.critical_ids()
        with stages("copy", len(found.copies)):
            foreign = _copy_files(space, site, found, observer)
        with stages("render", len(pages)):
            _render(space, pages, observer)
        with stages("emit"):
            emitted = _emit(layout, space, site, found, target)
            deferred = write_manifest(space.manifest, site, target.name, emitted.builder)
        with stages("publish"):
            site.close()
            files = frozenset(names(space.publish_dir))
            _stop_at(in_the_way(layout.output, foreign, files), TargetError)
            space.put_into_place(files, foreign, emitted.folders)
    report = BuildReport(
        build_id=found.build_id,
        target=target.name,
        critical=len(pages),
        deferred=deferred,
        page_limit=target.page_limit,
        files=len(files),
        stages=tuple(stages.seconds),
        output=layout.output,
        database=layout.database,
        manifest=layout.manifest,
        builder=emitted.builder,
        size=emitted.size,
        routes=emitted.routes,
        skipped=found.skipped,
        warnings=(*found.warnings, *emitted.routes.warnings),
        content_id=found.content_id,
        digests=found.digests,
    )
    found.hooks.build_done(report)
    return report


def compile_site(project: Project, options: Options, path: Path) -> Scan:
    """Scan and plan alone, for commands that only look. The database is made at `path`."""
    found = scan(project, options.now, options.include, path)
    target = target_for(project.settings.target, package=False)
    _compile(project, found, target, options)
    return found


def _compile(
    project: Project, found: Scan, target: Target, options: Options, more: Sequence[Problem] = ()
) -> None:
    """Check all that was read, decide for every page, and finish the database."""
    connection = found.connection
    checked = [] if found.has_broken_code else templates.check(Site(connection))
    problems = [*found.problems, *checked, *more]
    _stop_at([*problems, *(found.warnings if options.strict else ())], ContentError)
    if target.defers:
        settings = project.settings.deferred
        plan(connection, found.wishes, settings, options.now)
    else:
        render_everything(connection, target.name)
    database.finish(connection)


def _copy_files(space: Workspace, site: Site, found: Scan, observer: Observer) -> list[str]:
    """Copy files as they are; returns those of the user's own in the old publish folder."""
    planned = {copy.destination for copy in found.copies}
    planned |= {output_file(page.path) for page in site.all_pages() if not page.deferred}
    foreign = space.foreign_files()
    _stop_at(in_the_way(space.layout.output, foreign, planned), TargetError)
    for folder in {(space.publish_dir / copy.destination).parent for copy in found.copies}:
        folder.mkdir(parents=True, exist_ok=True)
    for copy in found.copies:
        if copy.content is None:
            shutil.copyfile(copy.source, space.publish_dir / copy.destination)
        else:
            (space.publish_dir / copy.destination).write_bytes(copy.content)
        observer.advance(1)
    return foreign


def _render(space: Workspace, pages: list[int], observer: Observer) -> None:
    """Write the critical pages, and rehearse deferred ones. All problems are told at once."""
    problems = write_pages(space.database, space.publish_dir, pages, observer.advance)
    problems += rehearse(space.database)
    _stop_at(problems, RenderError)


def _emit(layout: Layout, space: Workspace, site: Site, found: Scan, target: Target) -> Emitted:
    stage = Stage(
        root=layout.root,
        site=site,
        database=space.database,
        publish_dir=space.publish_dir,
        files=frozenset(names(space.publish_dir)),
        work_dir=space.target_dir,
        aliases=found.aliases,
    )
    emitted = target.emit(stage)
    _stop_at(emitted.problems, TargetError)
    return emitted


def _stop_at(problems: Sequence[Problem], error: type[SsgError]) -> None:
    if problems:
        raise error(list(dict.fromkeys(problems)))
