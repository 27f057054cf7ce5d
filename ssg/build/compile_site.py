"""Compiles a site: scan and plan, with a finished site database as the result."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.build.host_check import check_host
from ssg.build.images.picture_reader import picture_reader
from ssg.build.images.svg_sanitizer import svg_sanitizer
from ssg.build.incremental.plan_cache import PlanValidity, next_change, plan_key
from ssg.build.incremental.previous_build import PreviousBuild
from ssg.build.layout import Layout
from ssg.build.live.route_checks import check_routes
from ssg.build.options import BuildOptions
from ssg.build.popular_requests import popular_requests
from ssg.build.render.gc_tuning import rare_collections
from ssg.config.load import Project
from ssg.content.scan import Scan, scan
from ssg.content.structure.pictures import BrokenPicture
from ssg.model import database
from ssg.model.errors import ContentError, Problem, SourceDataError, raise_problems
from ssg.model.page import Template
from ssg.model.queries.site import Site
from ssg.model.urls import output_file
from ssg.plan.pictures import plan_pictures
from ssg.plan.stage import plan, render_everything
from ssg.render.templates import environment
from ssg.targets.load_target import target_for
from ssg.targets.target import Target


@dataclass(frozen=True, slots=True)
class CompiledPlan:
    """The validity of a plan, and whether it is the plan of the previous build."""

    validity: PlanValidity
    is_previous: bool
    warnings: Sequence[Problem] = ()
    """What the site asks of its host without effect."""


def compile_site(project: Project, options: BuildOptions, path: Path) -> tuple[Scan, CompiledPlan]:
    """Scan and plan alone, for commands that build nothing. The database is made at `path`."""
    with rare_collections():
        facts = Layout.of(project).file_facts
        images = project.settings.site.images
        scanned = scan(
            project,
            options.now,
            options.include,
            path,
            file_facts=facts,
            read_picture=picture_reader(images),
            sanitize_svg=svg_sanitizer(images),
        )
        target = target_for(project.settings.target, package=False)
        compiled = finish_database(project, scanned, target, options)
    return scanned, compiled


def with_remote_pictures(
    project: Project,
    scanned: Scan,
    images: Path,
    options: BuildOptions,
    broken: Collection[BrokenPicture] = (),
) -> Scan:
    """Fetch the remote pictures that a scan has found. `images` is the folder that keeps them.

    `broken` are those that cannot be decoded.
    """
    settings = project.settings.site.images
    if settings is None or not settings.remote:
        return scanned
    from ssg.build.images.remote_pictures import add_remote_pictures  # noqa: PLC0415 few sites do

    return add_remote_pictures(project, scanned, images, options.now, broken)


def finish_database(
    project: Project,
    scanned: Scan,
    target: Target,
    options: BuildOptions,
    previous: PreviousBuild | None = None,
    target_problems: Sequence[Problem] = (),
) -> CompiledPlan:
    """Check what was scanned, decide for every page, and finish the database.

    Raises ContentError with every problem, including `target_problems`.
    """
    templates, problems = _compile_templates(scanned, previous)
    host = check_host(project, scanned, target)
    problems += [*host.problems, *target_problems, *check_routes(project, scanned.connection)]
    popular = popular_requests(project, scanned.connection, target)
    noted = [*host.warnings, *popular.warnings]
    warnings = [*scanned.warnings, *noted] if options.strict else ()
    raise_problems([*scanned.problems, *problems, *popular.problems, *warnings], ContentError)
    database.keep_code(scanned.connection, templates)
    known = _known_paths(project, scanned, options)
    before = previous.plan if previous and known is None else None
    compiled = _plan(project, scanned, target, options, before, popular.by_path)
    if project.settings.site.images is not None:
        rules = project.settings.deferred.rules
        plan_pictures(scanned.connection, rules, target.name, defers=target.defers)
    database.finish(scanned.connection)
    return replace(compiled, warnings=[*noted, *(known or ())])


def _known_paths(
    project: Project, scanned: Scan, options: BuildOptions
) -> Sequence[Problem] | None:
    """Store the known paths of live pages; warnings, or None for a site without such paths.

    Raises SourceDataError.
    """
    site = project.settings.site
    if not (site.has_known_paths and options.asks_sources):
        scanned.connection.execute("DELETE FROM live_path")
        return None
    from ssg.build.live.known_paths import store_known_paths  # noqa: PLC0415 few sites have routes
    from ssg.build.live.known_sitemaps import split_sitemaps  # noqa: PLC0415 the same
    from ssg.build.live.open_sources import open_sources, source_urls  # noqa: PLC0415 the same
    from ssg.build.live.path_list import PathSources  # noqa: PLC0415 the same

    queries = Site(scanned.connection, scanned.texts).queries()
    files = {copy.destination for copy in scanned.copies}
    files |= {output_file(alias.path) for alias in scanned.aliases}
    with open_sources(site, options.environment, queries, options.replay) as bring:
        urls = source_urls(site, options.environment)
        numbered = frozenset(name for name, one in queries.items() if "number" in one.parameters)
        lists = PathSources(bring, urls, numbered)
        found = store_known_paths(scanned.connection, project, files, lists)
    raise_problems([*found.problems, *(found.warnings if options.strict else ())], SourceDataError)
    split_sitemaps(scanned.connection, site.sitemap.max_urls, frozenset(files))
    return found.warnings


def _compile_templates(
    scanned: Scan, previous: PreviousBuild | None
) -> tuple[list[Template], list[Problem]]:
    """Compile templates, unless the database or the previous build has their code."""
    has_code = previous is not None and previous.database is not None
    if scanned.has_broken_code or (has_code and database.has_all_code(scanned.connection)):
        return [], []
    site = Site(scanned.connection, scanned.texts)
    compiled = previous.templates(site) if previous else None
    return (compiled, []) if compiled is not None else environment.compile_templates(site)


def _plan(
    project: Project,
    scanned: Scan,
    target: Target,
    options: BuildOptions,
    before: PlanValidity | None,
    requests: Mapping[str, int],
) -> CompiledPlan:
    """Decide for every page, unless the plan of the previous build is still valid."""
    settings, connection, now = project.settings.deferred, scanned.connection, options.now
    key = plan_key(target, settings, scanned, requests)
    if before and before.is_valid(key, now, scanned):
        return CompiledPlan(before, is_previous=True)
    if target.defers:
        plan(connection, scanned.defer_overrides, settings, now, requests)
    else:
        render_everything(connection, target.name)
    until = next_change(connection, settings.rules if target.defers else (), now)
    return CompiledPlan(PlanValidity(key, now.timestamp(), until), is_previous=False)
