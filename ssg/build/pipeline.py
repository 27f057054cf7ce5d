"""The build as a recipe: scan, plan, copy, render, images, index, emit, publish."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from ssg.build.compile_site import CompiledPlan, finish_database, with_remote_pictures
from ssg.build.images.build_images import (
    BrokenPicturesError,
    build_cards,
    build_images,
    forget_unused_variants,
)
from ssg.build.images.originals import optional_originals
from ssg.build.images.picture_reader import picture_reader
from ssg.build.images.svg_sanitizer import svg_sanitizer
from ssg.build.incremental.dependencies.shown_variants import shown_in_files
from ssg.build.incremental.previous_build import PreviousBuild
from ssg.build.incremental.session import Session
from ssg.build.incremental.up_to_date import write_note
from ssg.build.incremental.work_list import WorkList
from ssg.build.layout import WRITTEN_FILES, Layout
from ssg.build.live.live_counts import LiveBuild
from ssg.build.manifest import write_manifest
from ssg.build.options import BuildOptions
from ssg.build.publish.publish_folder import clashes, file_names
from ssg.build.publish.staging import Staging, copy_requested_files
from ssg.build.publish.workspace import Workspace, workspace
from ssg.build.render.gc_tuning import rare_collections
from ssg.build.render.page_writer import RenderedPages, write_pages
from ssg.build.render.rehearse import rehearse
from ssg.build.render.workers import Workers, workers
from ssg.build.report import BuildReport, build_report, profile_of
from ssg.build.stages import Observer, Stages
from ssg.build.tag_table.publish_table import publish_table
from ssg.build.tag_table.tag_values import tag_table
from ssg.config.load import Project
from ssg.content.reading.hook_pages import add_hook_names
from ssg.content.scan import Scan, scan
from ssg.content.structure.pictures import BrokenPicture
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of
from ssg.fingerprint.tag_table.changes import (
    EarlierTable,
    SiteChanges,
    changes_between,
    read_table,
    write_changes,
)
from ssg.model.errors import Location, Problem, RenderError, TargetError, raise_problems
from ssg.model.queries.site import Site
from ssg.targets.load_target import target_for
from ssg.targets.target import EmitContext, EmitResult, Target


def build(
    project: Project, layout: Layout, options: BuildOptions, observer: Observer
) -> BuildReport:
    """Build a site. Before the last stage, the results of earlier builds are not touched.

    A picture may turn out to be broken when it is decoded, which pages must know. So the build
    begins again then. Raises SsgError with all problems of a stage.
    """
    broken: frozenset[BrokenPicture] = frozenset()
    while True:
        try:
            return _build(project, layout, options, observer, broken)
        except BrokenPicturesError as error:
            if error.pictures <= broken:
                raise
            broken |= error.pictures


def _build(
    project: Project,
    layout: Layout,
    options: BuildOptions,
    observer: Observer,
    broken_pictures: Collection[BrokenPicture],
) -> BuildReport:
    stages, session = Stages(observer), options.session
    target = target_for(project.settings.target, package=options.package)
    with (
        rare_collections(),
        workspace(layout, session.written if session else None) as space,
        workers(options.processes) as pool,
        _previous(layout, space, options) as previous,
    ):
        with stages("scan"):
            asked = project, options.now, options.include, space.database
            scanned = scan(
                *asked,
                parallel_map=pool.map,
                earlier=previous.scan,
                file_facts=previous.file_facts,
                read_picture=picture_reader(project.settings.site.images),
                broken_pictures=broken_pictures,
                sanitize_svg=svg_sanitizer(project.settings.site.images),
            )
            remote = project, scanned, layout.images, options, broken_pictures
            scanned = with_remote_pictures(*remote)
        with stages("plan"):
            plan = finish_database(project, scanned, target, options, previous, target.check())
            site = Site.open(space.database)
            work = previous.work_list(space, site, scanned, same_plan=plan.is_previous)
            staging = _staging(space, work)
        originals = optional_originals(site, scanned.copies)
        copies = originals.others(work.copies)
        with stages("copy", len(copies)):
            staging.add_copies(copies, scanned.digests, observer.advance)
        with stages("render", len(work.pages)):
            hooks = scanned.hook_locations
            written = _render(space, pool, work, staging, hooks, observer, options)
        live = _render_live(project, space, site, pool, staging, stages, options, target)
        shown = previous.shown_variants(work, written.questions)
        shown |= shown_in_files(map(staging.file, live.files))
        images = build_images(site, space, target, staging, pool, stages, shown, originals, scanned)
        raise_problems(images.warnings if options.strict else (), RenderError)
        cards = build_cards(site, layout, target, staging, pool, stages)
        raise_problems(cards if options.strict else (), RenderError)
        forget_unused_variants(layout, staging)
        if site.settings.search.enabled:
            with stages("search"):
                _index(space, site, pool, staging, live)
        with stages("emit"):
            emitted = _emit(space, site, scanned, target, staging, previous.proof)
            changes = _tag(space, site, target, emitted, staging, options.since)
            same = layout.manifest if plan.is_previous else None
            deferred = write_manifest(
                space.manifest, site, target.name, emitted.builder, same, live.paths
            )
        with stages("publish"):
            _raise_clashes(space, staging.clashes())
            asked_questions, validity = written.questions, plan.validity
            previous.write_next(space, site, work, asked_questions, validity, emitted.proof)
            site.close()
            files = space.publish(staging.files, staging.staged, emitted.folders)
            next_session = Session.after(
                project, options.include, layout, scanned.content, files,
                work.non_page_files(staging.files),
            )  # fmt: skip
        measured = stages, written, scanned, work, images.counts
        profile = profile_of(*measured) if options.profile else None
        report = build_report(
            layout,
            target,
            scanned,
            work,
            staging,
            emitted,
            stages,
            deferred,
            next_session,
            profile,
            (*space.warnings, *plan.warnings, *live.warnings, *images.warnings, *cards),
            changes,
            live.counts,
            images.counts,
        )
        if not space.warnings and all(one.is_lasting for one in broken_pictures):
            _note_inputs(layout, options, scanned, plan, emitted, report)
    scanned.hooks.build_done(report)
    return report


def _previous(layout: Layout, space: Workspace, options: BuildOptions) -> PreviousBuild:
    shown = sorted(options.env.items())
    return PreviousBuild.open(
        layout,
        space.written,
        options.session,
        no_cache=options.no_cache,
        env=digest_of(shown) if shown else "",
    )


def _staging(space: Workspace, work: WorkList) -> Staging:
    """Staging for the files of this build. Reports files in their places before any work."""
    output, before = space.layout.output, space.written.files_in(space.layout.output)
    _raise_clashes(space, clashes(output, work.files_to_write(), before))
    return Staging(space.publish_dir, output, before, work.kept)


def _raise_clashes(space: Workspace, problems: Iterable[Problem]) -> None:
    """Raise a TargetError for files in the way; it says so if ssg has lost the list of its own."""
    if loss := space.written.loss:
        name = space.layout.output.name
        hint = (
            f"The list of what ssg wrote, {WRITTEN_FILES}, {loss}. If {name}/ has nothing of your "
            "own, delete the folder and build again; otherwise move your files away, or choose "
            "another folder with --output-dir"
        )
        problems = [replace(problem, hint=hint) for problem in problems]
    raise_problems(problems, TargetError)


def _render(
    space: Workspace,
    pool: Workers,
    work: WorkList,
    staging: Staging,
    hook_locations: Mapping[str, Location],
    observer: Observer,
    options: BuildOptions,
) -> RenderedPages:
    """Write critical pages, and rehearse deferred ones. Raises all problems together."""
    pages, env = list(work.pages.values()), options.env
    written = write_pages(
        pool,
        space.database,
        space.publish_dir,
        pages,
        observer.advance,
        profiled=options.profile,
        env=env,
    )
    problems, rehearsed = rehearse(space.database, work.rehearsals, pool.map, env)
    raise_problems(add_hook_names([*written.problems, *problems], hook_locations), RenderError)
    written.questions.add(rehearsed)
    staging.add_pages(written.files)
    return written


def _render_live(
    project: Project,
    space: Workspace,
    site: Site,
    pool: Workers,
    staging: Staging,
    stages: Stages,
    options: BuildOptions,
    target: Target,
) -> LiveBuild:
    """Write the critical live pages, with the data of this moment.

    Files cannot be purged, so a host that can render pages when a build is deployed has none.
    """
    if not site.settings.routes:
        return LiveBuild()
    from ssg.build.live.live_build import render_live_pages  # noqa: PLC0415 few sites have routes

    wanted = site.critical_live_pages()
    with stages("live", len(wanted)):
        advance = stages.observer.advance
        folder = None if target.capabilities.warms_live_pages else space.publish_dir
        build = render_live_pages(
            project, pool, site, wanted, space.database, folder, options.environment, advance
        )
    raise_problems(build.warnings if options.strict else (), RenderError)
    staging.add_pages(build.files)
    return build


def _index(space: Workspace, site: Site, pool: Workers, staging: Staging, live: LiveBuild) -> None:
    """Write the search index, which contains critical and deferred pages."""
    from ssg.build.render.search_index import IN_PLACE, write_index  # noqa: PLC0415 for a site with a search

    write_index(site, space.database, space.layout.search, space.extra_dir, pool, live.texts)
    taken = (name for name in file_names(space.extra_dir) if name in staging.files)
    raise_problems(
        [Problem(IN_PLACE, Location(one), "Move the file") for one in taken], TargetError
    )
    staging.add_folder(space.extra_dir)


def _emit(
    space: Workspace, site: Site, scanned: Scan, target: Target, staging: Staging, proof: str
) -> EmitResult:
    copy_requested_files(target.asks_for, scanned.copies, staging, space.extra_dir)
    emitted = target.emit(
        EmitContext(
            root=space.layout.root,
            site=site,
            database=space.database,
            publish_dir=space.extra_dir,
            files=frozenset(staging.files),
            work_dir=space.target_dir,
            hosts_dir=space.layout.hosts_dir,
            aliases=scanned.aliases,
            output=space.layout.output,
            proof=proof,
            file=staging.file,
        )
    )
    raise_problems(emitted.problems, TargetError)
    staging.add_folder(space.extra_dir)
    staging.add_immutable(emitted.copies)
    return emitted


def _tag(
    space: Workspace,
    site: Site,
    target: Target,
    emitted: EmitResult,
    staging: Staging,
    since: EarlierTable | None,
) -> SiteChanges | None:
    """Publish the tag table, if the host has cache tags, and write what changed."""
    if not (emitted.builder and target.capabilities.tags) or space.layout.is_preview:
        return None
    rules = emitted.routes.deferred_headers
    table = tag_table(space.database, code_fingerprint(), rules)
    space.tag_table.write_bytes(publish_table(table, space.extra_dir))
    staging.add_folder(space.extra_dir)
    earlier = since or read_table(space.layout.tag_table)
    changes = changes_between(earlier.table, table, site.deferred_paths())
    write_changes(space.changes, changes)
    return changes


def _note_inputs(
    layout: Layout,
    options: BuildOptions,
    scanned: Scan,
    plan: CompiledPlan,
    emitted: EmitResult,
    report: BuildReport,
) -> None:
    """Write the note that shows the next build whether it has nothing to do."""
    if options.fingerprint is None:
        return
    (since, until), validity = scanned.changes.valid_between, plan.validity
    if options.now.timestamp() >= until:
        layout.up_to_date.unlink(missing_ok=True)
        return
    valid_between = max(since, validity.since), min(until, validity.until)
    folders = [name for _, name in emitted.folders]
    write_note(layout, options.fingerprint, valid_between, folders, report.to_json())
