"""Scan and plan: a site database that is finished, with the decision for every page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

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
    """How long the plan of a build is right, and whether it is that of the build before."""

    validity: PlanValidity
    is_previous: bool


def compile_site(project: Project, options: BuildOptions, path: Path) -> Scan:
    """Scan and plan alone, for commands that build nothing. The database is made at `path`."""
    with rare_collections():
        found = scan(project, options.now, options.include, path)
        target = target_for(project.settings.target, package=False)
        finish_database(project, found, target, options)
    return found


def finish_database(
    project: Project,
    found: Scan,
    target: Target,
    options: BuildOptions,
    previous: PreviousBuild | None = None,
    more: Sequence[Problem] = (),
) -> CompiledPlan:
    """Check what was scanned, decide for every page, and finish the database.

    Raises ContentError with every problem, `more` included.
    """
    compiled, faults = _compile_templates(found, previous)
    warnings = found.warnings if options.strict else ()
    raise_problems([*found.problems, *faults, *more, *warnings], ContentError)
    database.keep_code(found.connection, compiled)
    made = _plan(project, found, target, options, previous.plan if previous else None)
    database.finish(found.connection)
    return made


def _compile_templates(
    found: Scan, previous: PreviousBuild | None
) -> tuple[list[Template], list[Problem]]:
    """Compile templates, unless the database has the code or the build before left it."""
    is_known = previous is not None and previous.database is not None
    if found.has_broken_code or (is_known and database.has_all_code(found.connection)):
        return [], []
    site = Site(found.connection, found.texts)
    known = previous.templates(site) if previous else None
    return (known, []) if known is not None else environment.compile_templates(site)


def _plan(
    project: Project,
    found: Scan,
    target: Target,
    options: BuildOptions,
    before: PlanValidity | None,
) -> CompiledPlan:
    """Decide for every page, unless the plan of the build before is still right."""
    settings, connection, now = project.settings.deferred, found.connection, options.now
    key = plan_key(target, settings, found)
    if before and before.holds(key, now, found):
        return CompiledPlan(before, is_previous=True)
    if target.defers:
        plan(connection, found.defer_overrides, settings, now)
    else:
        render_everything(connection, target.name)
    until = next_change(connection, settings.rules if target.defers else (), now)
    return CompiledPlan(PlanValidity(key, now.timestamp(), until), is_previous=False)
