"""Compiles a site: scan and plan, with a finished site database as the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ssg.build.host_check import check_host
from ssg.build.incremental.plan_cache import PlanValidity, next_change, plan_key
from ssg.build.incremental.previous_build import PreviousBuild
from ssg.build.options import BuildOptions
from ssg.build.render.gc_tuning import rare_collections
from ssg.config.load import Project
from ssg.content.scan import Scan, scan
from ssg.model import database
from ssg.model.errors import ContentError, Problem, raise_problems
from ssg.model.page import Template
from ssg.model.queries.site import Site
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


def compile_site(project: Project, options: BuildOptions, path: Path) -> Scan:
    """Scan and plan alone, for commands that build nothing. The database is made at `path`."""
    with rare_collections():
        scanned = scan(project, options.now, options.include, path)
        target = target_for(project.settings.target, package=False)
        finish_database(project, scanned, target, options)
    return scanned


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
    problems += [*host.problems, *target_problems]
    warnings = [*scanned.warnings, *host.warnings] if options.strict else ()
    raise_problems([*scanned.problems, *problems, *warnings], ContentError)
    database.keep_code(scanned.connection, templates)
    before = previous.plan if previous else None
    compiled = _plan(project, scanned, target, options, before)
    database.finish(scanned.connection)
    return replace(compiled, warnings=host.warnings)


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
) -> CompiledPlan:
    """Decide for every page, unless the plan of the previous build is still valid."""
    settings, connection, now = project.settings.deferred, scanned.connection, options.now
    key = plan_key(target, settings, scanned)
    if before and before.is_valid(key, now, scanned):
        return CompiledPlan(before, is_previous=True)
    if target.defers:
        plan(connection, scanned.defer_overrides, settings, now)
    else:
        render_everything(connection, target.name)
    until = next_change(connection, settings.rules if target.defers else (), now)
    return CompiledPlan(PlanValidity(key, now.timestamp(), until), is_previous=False)
