"""The build, as a recipe: scan, plan, copy, render, index, emit, publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ssg.build.compile_site import CompiledPlan, finish_database
from ssg.build.incremental.previous_build import PreviousBuild
from ssg.build.incremental.session import Session
from ssg.build.incremental.up_to_date import write_note
from ssg.build.incremental.work_list import WorkList
from ssg.build.layout import Layout
from ssg.build.manifest import write_manifest
from ssg.build.options import BuildOptions
from ssg.build.publish.publish_folder import clashes, file_names
from ssg.build.publish.staging import Staging, copy_requested_files
from ssg.build.publish.workspace import Workspace, workspace
from ssg.build.render.gc_tuning import rare_collections
from ssg.build.render.page_writer import RenderedPages, write_pages
from ssg.build.render.rehearse import rehearse
from ssg.build.render.workers import Workers, workers
from ssg.build.report import BuildReport
from ssg.build.stages import Observer, Stages
from ssg.config.load import Project
from ssg.content.reading.hook_pages import add_hook_names
from ssg.content.scan import Scan, scan
from ssg.model.errors import Location, Problem, RenderError, TargetError, raise_problems
from ssg.model.queries.site import Site
from ssg.targets.load_target import target_for
from ssg.targets.target import EmitContext, EmitResult, Target

if TYPE_CHECKING:
    from ssg.build.profile import Profile


def build(
    project: Project, layout: Layout, options: BuildOptions, observer: Observer
) -> BuildReport:
    """Build a site. Until the last stage nothing that an earlier build made is touched.

    Raises SsgError with every problem that was found.
    """
    stages, known = Stages(observer), options.session
    target = target_for(project.settings.target, package=options.package)
    with (
        rare_collections(),
        workspace(layout, known.written if known else None) as space,
        workers(options.processes) as pool,
        PreviousBuild.open(layout, options.session, no_cache=options.no_cache) as previous,
    ):
        with stages("scan"):
            asked = project, options.now, options.include, space.database
            found = scan(*asked, parallel_map=pool.map, earlier=previous.scan)
        with stages("plan"):
            plan = finish_database(project, found, target, options, previous, target.check())
            site = Site.open(space.database)
            work = previous.work_list(space, site, found, same_plan=plan.is_previous)
            staging = _staging(space, work)
        with stages("copy", len(work.copies)):
            staging.add_copies(work.copies, found.digests, observer.advance)
        with stages("render", len(work.pages)):
            written = _render(
                space, pool, work, staging, found.makers, observer, profiled=options.profile
            )
        if site.settings.search.enabled:
            with stages("search"):
                _index(space, site, pool, staging)
        with stages("emit"):
            emitted = _emit(space, site, found, target, staging, previous.proof)
            same = layout.manifest if plan.is_previous else None
            deferred = write_manifest(space.manifest, site, target.name, emitted.builder, same)
        with stages("publish"):
            raise_problems(staging.clashes(), TargetError)
            asked_questions, validity = written.questions, plan.validity
            previous.write_next(space, site, work, asked_questions, validity, emitted.proof)
            site.close()
            files = space.publish(staging.files, staging.staged, emitted.folders)
            session = Session.after(
                project, options.include, layout, found.content, files,
                work.non_page_files(staging.files),
            )  # fmt: skip
        profile = _profile(stages, written, found, work) if options.profile else None
        report = _report(
            layout, target, found, work, staging, emitted, stages, deferred, session, profile
        )
        _note_inputs(layout, options, found, plan, emitted, report)
    found.hooks.build_done(report)
    return report


def _staging(space: Workspace, work: WorkList) -> Staging:
    """Where the files of this build are gathered. Files in their way are reported first."""
    output, before = space.layout.output, space.written.files_in(space.layout.output)
    raise_problems(clashes(output, work.files_to_write(), before), TargetError)
    return Staging(space.publish_dir, output, before, work.kept)


def _render(
    space: Workspace,
    pool: Workers,
    work: WorkList,
    staging: Staging,
    makers: Mapping[str, Location],
    observer: Observer,
    *,
    profiled: bool,
) -> RenderedPages:
    """Write critical pages, and rehearse deferred ones. All problems are raised at once."""
    pages = list(work.pages.values())
    written = write_pages(
        pool, space.database, space.publish_dir, pages, observer.advance, profiled=profiled
    )
    more, rehearsed = rehearse(space.database, work.rehearsals, pool.map)
    raise_problems(add_hook_names([*written.problems, *more], makers), RenderError)
    written.questions.add(rehearsed)
    staging.add_pages(written.files)
    return written


def _index(space: Workspace, site: Site, pool: Workers, staging: Staging) -> None:
    """Write the search index, over every page, rendered or not."""
    from ssg.build.render.search_index import IN_PLACE, write_index  # noqa: PLC0415 for a site with a search

    write_index(site, space.database, space.layout.search, space.extra_dir, pool)
    taken = (name for name in file_names(space.extra_dir) if name in staging.files)
    raise_problems(
        [Problem(IN_PLACE, Location(one), "Move the file") for one in taken], TargetError
    )
    staging.add_folder(space.extra_dir)


def _emit(
    space: Workspace, site: Site, found: Scan, target: Target, staging: Staging, proof: str
) -> EmitResult:
    copy_requested_files(target.asks_for, found.copies, staging, space.extra_dir)
    emitted = target.emit(
        EmitContext(
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
    )
    raise_problems(emitted.problems, TargetError)
    staging.add_folder(space.extra_dir)
    staging.add_immutable(emitted.copies)
    return emitted


def _report(
    layout: Layout,
    target: Target,
    found: Scan,
    work: WorkList,
    staging: Staging,
    emitted: EmitResult,
    stages: Stages,
    deferred: int,
    session: Session | None,
    profile: Profile | None,
) -> BuildReport:
    return BuildReport(
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
        changed=frozenset(staging.staged | staging.removed),
        digests=found.digests,
        session=session,
        profile=profile,
    )


def _profile(stages: Stages, written: RenderedPages, found: Scan, work: WorkList) -> Profile:
    from ssg.build.profile import HitRate, profile  # noqa: PLC0415 for --profile only

    changes, rendered = found.changes, len(work.pages)
    caches = {
        "sources": HitRate(changes.total - changes.read, changes.read),
        "pages": HitRate(work.critical - rendered, rendered),
    }
    return profile(stages.seconds, written.times, caches)


def _note_inputs(
    layout: Layout,
    options: BuildOptions,
    found: Scan,
    plan: CompiledPlan,
    emitted: EmitResult,
    report: BuildReport,
) -> None:
    """Note for the next build how it sees that it has nothing to do."""
    if options.fingerprint is None:
        return
    (since, until), validity = found.changes.hours, plan.validity
    if options.now.timestamp() >= until:
        layout.up_to_date.unlink(missing_ok=True)
        return
    hours = max(since, validity.since), min(until, validity.until)
    folders = [name for _, name in emitted.folders]
    write_note(layout, options.fingerprint, hours, folders, report.to_json())
