"""The build, as a recipe: scan, plan, check, render, emit, put into place."""

from __future__ import annotations

import contextlib
import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from ssg.build.incremental.plan_cache import NOTE, Settled, code_of_templates, next_turn, plan_key
from ssg.build.incremental.session import carry
from ssg.build.incremental.up_to_date import write_note
from ssg.build.incremental.work_list import Work, find_work, records_of
from ssg.build.layout import Layout
from ssg.build.manifest import write_manifest
from ssg.build.options import Options
from ssg.build.publish.exchange import clashes, names
from ssg.build.publish.staging import Staging, provide
from ssg.build.publish.workspace import Workspace, workspace
from ssg.build.render.gc_tuning import rare_searches
from ssg.build.render.page_writer import Outcome, write_pages
from ssg.build.render.rehearse import rehearse
from ssg.build.render.workers import Workers, workers
from ssg.build.report import BuildReport
from ssg.config.load import Project
from ssg.content.reading.hook_pages import name_hooks
from ssg.content.scan import Scan, scan
from ssg.model import database
from ssg.model.errors import ContentError, Location, Problem, RenderError, SsgError, TargetError
from ssg.model.page import Template
from ssg.model.queries.site import Site
from ssg.plan.stage import plan, render_everything
from ssg.render.templates import environment
from ssg.targets.registry import target_for
from ssg.targets.target import EmitContext, EmitResult, Target

if TYPE_CHECKING:
    from ssg.build.inspect.profile import Profile

PROOF = "proof"
"""The name, among what a build leaves to know, of what its target has proven."""


class Observer(Protocol):
    """Is told what a build is doing."""

    def begin(self, stage: str, total: int) -> None:
        """A stage begins; `total` counts its steps, 0 if they are not counted."""

    def advance(self, steps: int) -> None:
        """Steps of the stage are done."""


class Silent:
    """An observer that tells nobody."""

    def begin(self, stage: str, total: int) -> None: ...

    def advance(self, steps: int) -> None: ...


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
    known = options.known
    with (
        rare_searches(),
        workspace(layout, known.ledger if known else None) as space,
        workers(options.processes) as pool,
    ):
        with stages("scan"):
            found = _scan(project, layout, options, space, pool)
        with stages("plan"):
            records = None if options.afresh else records_of(layout)
            notes = records.notes if records else {}
            before = layout.database if notes else None
            settled, stands = _compile(
                project, found, target, options, target.check(), before, notes
            )
            site = Site.open(space.database)
            beside = known.beside if known else None
            work = find_work(space, site, found, records, beside, stands=stands)
            staging = _staging(space, work)
        with stages("copy", len(work.copies)):
            staging.copy(work.copies, found.digests, observer.advance)
        with stages("render", len(work.pages)):
            written = _render(
                space, pool, work, staging, found.makers, observer, profiled=options.profile
            )
        if site.settings.search.enabled:
            with stages("search"):
                _index(layout, space, site, pool, staging)
        with stages("emit"):
            emitted = _emit(space, site, found, target, staging, notes.get(PROOF, ""))
            same = layout.manifest if stands else None
            deferred = write_manifest(space.manifest, site, target.name, emitted.builder, same)
        with stages("publish"):
            _stop_at(staging.in_the_way(), TargetError)
            notes = {NOTE: settled.note(), PROOF: emitted.proof}
            work.write_records(space, site, written.renders, notes)
            site.close()
            ledger = space.put_into_place(staging.files, staging.staged, emitted.folders)
            beside = work.beside_pages(staging.files)
        report = BuildReport(
            build_id=found.build_id,
            target=target.name,
            critical=work.critical,
            deferred=deferred,
            page_limit=target.page_limit,
            files=len(staging.files),
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
            rendered=len(work.pages),
            sources=found.changes.total,
            read=found.changes.read,
            changed=frozenset(staging.staged | staging.gone),
            digests=found.digests,
            carried=carry(project, options.include, layout, found.gathered, ledger, beside),
            profile=_profile(stages, written, found, work) if options.profile else None,
        )
        if options.seen:
            _keep_rest(layout, options, found, settled, emitted, report)
    found.hooks.build_done(report)
    return report


def _profile(stages: _Stages, written: Outcome, found: Scan, work: Work) -> Profile:
    from ssg.build.inspect.profile import Rate, profile  # noqa: PLC0415 for who asks where time goes

    changes, rendered = found.changes, len(work.pages)
    caches = {
        "sources": Rate(changes.total - changes.read, changes.read),
        "pages": Rate(work.critical - rendered, rendered),
    }
    return profile(stages.seconds, written.times, caches)


def _scan(
    project: Project, layout: Layout, options: Options, space: Workspace, pool: Workers
) -> Scan:
    asked = project, options.now, options.include, space.database
    if options.afresh:
        return scan(*asked, spread=pool.map)
    before = layout.database if layout.database.exists() else None
    watched = options.known.sources if before and options.known else None
    return scan(*asked, spread=pool.map, cache=layout.cache, previous=before, watched=watched)


def _keep_rest(
    layout: Layout,
    options: Options,
    found: Scan,
    settled: Settled,
    emitted: EmitResult,
    report: BuildReport,
) -> None:
    """Note for the next build how it can see that there is nothing to do."""
    assert options.seen  # noqa: S101 for the types
    since, until = found.changes.hours
    if options.now.timestamp() >= until:
        layout.rest.unlink(missing_ok=True)
        return
    hours = max(since, settled.since), min(until, settled.until)
    folders = [name for _, name in emitted.folders]
    write_note(layout, options.seen, hours, folders, report.to_json())


def compile_site(project: Project, options: Options, path: Path) -> Scan:
    """Scan and plan alone, for commands that only look. The database is made at `path`."""
    with rare_searches():
        found = scan(project, options.now, options.include, path)
        target = target_for(project.settings.target, package=False)
        _compile(project, found, target, options)
    return found


def _compile(
    project: Project,
    found: Scan,
    target: Target,
    options: Options,
    more: Sequence[Problem] = (),
    before: Path | None = None,
    notes: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Settled, bool]:
    """Check all that was read, decide for every page, and finish the database.

    `before` is the database of the build before and `notes` what it left to know, if it is to be
    relied on: templates that it compiled are right, and its plan may still stand. Returns the plan,
    and whether it does.
    """
    connection = found.connection
    compiled, faults = _check_templates(found, before)
    problems = [*found.problems, *faults, *more]
    _stop_at([*problems, *(found.warnings if options.strict else ())], ContentError)
    database.keep_code(connection, compiled)
    settled, stands = _plan(project, found, target, options.now, Settled.read(notes))
    database.finish(connection)
    return settled, stands


def _plan(
    project: Project, found: Scan, target: Target, now: dt.datetime, before: Settled | None
) -> tuple[Settled, bool]:
    settings, connection = project.settings.deferred, found.connection
    key = plan_key(target, settings, found)
    if before and before.stands(key, now, found):
        return before, True
    if target.defers:
        plan(connection, found.defer_overrides, settings, now)
    else:
        render_everything(connection, target.name)
    rules = settings.rules if target.defers else ()
    return Settled(key, now.timestamp(), next_turn(connection, rules, now)), False


def _check_templates(found: Scan, before: Path | None) -> tuple[list[Template], list[Problem]]:
    if found.has_broken_code or (before and database.has_all_code(found.connection)):
        return [], []
    site = Site(found.connection, found.texts)
    known = code_of_templates(before, site) if before else None
    return (known, []) if known is not None else environment.compile_templates(site)


def _staging(space: Workspace, work: Work) -> Staging:
    """Where the files of this build are gathered. Those in its way are told before any work."""
    output, before = space.layout.output, space.ledger.files_in(space.layout.output)
    _stop_at(clashes(output, work.to_make(), before), TargetError)
    return Staging(space.publish_dir, output, before, work.kept)


def _render(
    space: Workspace,
    pool: Workers,
    work: Work,
    staging: Staging,
    makers: Mapping[str, Location],
    observer: Observer,
    *,
    profiled: bool,
) -> Outcome:
    """Write critical pages, and rehearse deferred ones. All problems are told at once."""
    pages = list(work.pages.values())
    written = write_pages(
        pool, space.database, space.publish_dir, pages, observer.advance, profiled=profiled
    )
    more, rehearsed = rehearse(space.database, work.rehearsals, pool.map)
    _stop_at(name_hooks([*written.problems, *more], makers), RenderError)
    written.renders.add(rehearsed)
    staging.pages(written.files)
    return written


def _index(layout: Layout, space: Workspace, site: Site, pool: Workers, staging: Staging) -> None:
    """Write the search index, over every page, rendered or not."""
    from ssg.build.render.search_index import IN_PLACE, write_index  # noqa: PLC0415 for a site with a search

    write_index(site, space.database, layout.search, space.extra_dir, pool)
    taken = (name for name in names(space.extra_dir) if name in staging.files)
    _stop_at([Problem(IN_PLACE, Location(name), "Move the file") for name in taken], TargetError)
    staging.more(space.extra_dir)


def _emit(
    space: Workspace, site: Site, found: Scan, target: Target, staging: Staging, proof: str
) -> EmitResult:
    provide(target.asks_for, found.copies, staging, space.extra_dir)
    stage = EmitContext(
        root=space.layout.root,
        site=site,
        database=space.database,
        publish_dir=space.extra_dir,
        files=frozenset(staging.files),
        work_dir=space.target_dir,
        hosts_dir=space.layout.hosts_dir,
        aliases=found.aliases,
        proof=proof,
    )
    emitted = target.emit(stage)
    _stop_at(emitted.problems, TargetError)
    staging.more(space.extra_dir)
    staging.lasting(emitted.copies)
    return emitted


def _stop_at(problems: Sequence[Problem], error: type[SsgError]) -> None:
    if problems:
        raise error(list(dict.fromkeys(problems)))
