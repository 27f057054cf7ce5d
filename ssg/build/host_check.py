"""Checks that the host can do what the site asks of its cache, before anything is written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from ssg.config.load import Project, locate_setting
from ssg.config.locate import KeyPath
from ssg.config.target_registry import TARGETS
from ssg.content.reading.hook_pages import add_hook_names
from ssg.content.scan import Scan
from ssg.content.source.option_location import locate_option
from ssg.model.cache_options import CacheOptions
from ssg.model.errors import SHOWN_PLACES, Location, Problem
from ssg.model.page import DeferOverride
from ssg.model.pluralize import counted
from ssg.model.settings import SiteSettings, TargetSettings
from ssg.plan.unsupported import (
    Unsupported,
    cleared_cache,
    too_many_pages,
    unsupported_drafts,
    unsupported_options,
    unsupported_route,
    unsupported_source,
)
from ssg.targets.load_target import target_for
from ssg.targets.target import Target


@dataclass(frozen=True, slots=True)
class HostCheck:
    """Problems and warnings of a site that asks for more than its host can do."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an option is set: in the configuration, in the cascade of a file, or in a page."""

    setting: KeyPath = ()
    cascade: str = ""
    page_id: int = 0


_Found = dict[Unsupported, dict[_Place, CacheOptions]]
"""What is unsupported, with each place that asks for it."""


def check_host(project: Project, scan: Scan, target: Target) -> HostCheck:
    """Compare the configuration and the front matter with what the host can do.

    A target that renders every page has no cache, so it ignores these keys; it has no live pages.
    """
    if not target.defers:
        return HostCheck(tuple(_without_function(project, target)))
    found: _Found = {}
    _add_settings(found, project, target)
    _add_live(found, project.settings.site, target)
    _add_pages(found, scan.defer_overrides, target)
    problems = [
        (one, _problems(one, places, project, scan.connection)) for one, places in found.items()
    ]
    return HostCheck(
        tuple(add_hook_names(_chosen(problems, is_error=True), scan.hook_locations)),
        tuple(add_hook_names(_chosen(problems, is_error=False), scan.hook_locations)),
    )


def pages_warning(deferred: int, target: Target) -> tuple[Problem, ...]:
    """A warning if the host caches only some of the deferred pages."""
    one = too_many_pages(deferred, target.capabilities, target.kinds)
    return (Problem(one.message, None, one.hint),) if one else ()


def _add_settings(found: _Found, project: Project, target: Target) -> None:
    deferred = project.settings.deferred
    tables: list[tuple[KeyPath, CacheOptions]] = [(("deferred",), deferred)]
    tables += [(("deferred", "rules", index), rule) for index, rule in enumerate(deferred.rules)]
    for keys, asked in tables:
        for one in unsupported_options(asked, target.capabilities, target.kinds):
            found.setdefault(one, {})[_Place(setting=(*keys, one.key))] = asked
    cleared = cleared_cache(target.capabilities, target.kinds)
    if project.settings.target.keep_cache and cleared:
        found[cleared] = {_Place(setting=("target", cleared.key)): CacheOptions()}


def _add_live(found: _Found, site: SiteSettings, target: Target) -> None:
    """Add routes, once for all of their languages, and sources."""
    for route in site.routes:
        for one in unsupported_route(route, target.capabilities, target.kinds):
            place = _Place(setting=("routes", route.table, one.key))
            found.setdefault(one, {})[place] = CacheOptions()
    refused = unsupported_drafts(target.capabilities) if site.drafts else None
    if refused:
        found[refused] = {_Place(setting=("runtime", refused.key)): CacheOptions()}
    for source in site.sources.values():
        for one in unsupported_source(source, target.capabilities, target.kinds):
            place = _Place(setting=("sources", source.name, one.key))
            found.setdefault(one, {})[place] = CacheOptions()


def _without_function(project: Project, target: Target) -> Iterator[Problem]:
    """Report live pages that nothing can answer for."""
    routes = project.settings.site.routes
    if routes:
        others = (target_for(TargetSettings(name=name), package=False) for name in TARGETS)
        able = ", ".join(one.name for one in others if one.defers)
        message = f'live pages are made on request, and the target "{target.name}" has only files'
        where = locate_setting(project, ("routes", routes[0].table, "path"))
        yield Problem(message, where, f"Choose another target: {able}")


def _add_pages(found: _Found, overrides: Mapping[int, DeferOverride], target: Target) -> None:
    """Add the front matter of pages. Options that many pages have are compared once."""
    compared: dict[object, tuple[Unsupported, ...]] = {}
    for page_id, asked in overrides.items():
        values = asked.ttl_seconds, asked.stale_seconds, asked.cache_tags
        if values not in compared:
            unsupported = unsupported_options(asked, target.capabilities, target.kinds)
            compared[values] = tuple(unsupported)
        for one in compared[values]:
            cascade = asked.origins.get(one.key, "")
            place = _Place(cascade=cascade) if cascade else _Place(page_id=page_id)
            found.setdefault(one, {}).setdefault(place, asked)


def _chosen(problems: list[tuple[Unsupported, list[Problem]]], *, is_error: bool) -> list[Problem]:
    return [problem for one, some in problems if one.is_error is is_error for problem in some]


def _problems(
    one: Unsupported,
    places: Mapping[_Place, CacheOptions],
    project: Project,
    connection: sqlite3.Connection,
) -> list[Problem]:
    """An error in its first places, a warning in the first one; the last says how many follow."""
    shown = list(places.items())[: SHOWN_PLACES if one.is_error else 1]
    made = [
        Problem(one.message, _locate(project, connection, place, one.key, asked), one.hint)
        for place, asked in shown
    ]
    if more := len(places) - len(made):
        message = f"{one.message} (and in {counted(more, 'more place')})"
        made[-1] = replace(made[-1], message=message)
    return made


def _locate(
    project: Project, connection: sqlite3.Connection, place: _Place, key: str, asked: CacheOptions
) -> Location:
    if place.setting:
        return locate_setting(project, place.setting)
    name = place.cascade or _source(connection, place.page_id)
    return locate_option(project.root, name, key, asked, is_inherited=bool(place.cascade))


def _source(connection: sqlite3.Connection, page_id: int) -> str:
    row = connection.execute("SELECT source FROM page WHERE id = ?", (page_id,)).fetchone()
    return f"content/{row[0]}"
