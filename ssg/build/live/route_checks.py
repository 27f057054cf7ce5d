"""Checks of routes that need more than the configuration: templates, queries, loaders, schemas."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from ssg.config.load import Project, locate_setting
from ssg.config.locate import KeyPath
from ssg.model.errors import HookError, Problem, did_you_mean
from ssg.model.live.query import DRAFT, Query, file_of
from ssg.model.live.route import BUILTIN_VALUES, CURSOR, PAGER_NUMBER, Route
from ssg.model.queries.site import Site
from ssg.render.hooks import load_hooks

PATHS_VALUES = frozenset({"language", CURSOR, PAGER_NUMBER, DRAFT})
"""The values that a query for known paths may use."""
SCHEMA_FOLDER, SCHEMA_SUFFIX = "schemas/", ".json"


def check_routes(project: Project, connection: sqlite3.Connection) -> list[Problem]:
    """Compare the routes of a site with its templates, queries and files: each table once."""
    settings = project.settings.site
    tables = {route.table: route for route in settings.routes}
    if not tables:
        return []
    templates = {name for (name,) in connection.execute("SELECT name FROM template")}
    rows = connection.execute("SELECT name, text FROM query").fetchall()
    queries = {name: Query.parse(name, text) for name, text in rows}
    found = [
        *(one for route in tables.values() for one in _template(route, templates)),
        *(one for route in tables.values() for one in _queries(route, queries)),
        *_loaders(connection, tables.values()),
        *_schemas(project, tables.values()),
    ]
    return [Problem(message, locate_setting(project, keys), hint) for keys, message, hint in found]


Found = Iterator[tuple[KeyPath, str, str | None]]
"""Keys of the configuration, a message and a hint."""


def _template(route: Route, templates: Collection[str]) -> Found:
    if route.template not in templates:
        hint = did_you_mean(route.template, templates)
        yield ("routes", route.table, "template"), f'template "{route.template}" not found', hint


def _queries(route: Route, queries: Mapping[str, Query]) -> Found:
    given = BUILTIN_VALUES | {DRAFT, *route.pattern.names}
    for data in route.data:
        if data.query:
            yield from _query(
                ("routes", route.table, "data", data.name, "query"), data.query, given, queries
            )
    if route.paths and route.paths.query:
        keys = ("routes", route.table, "paths", "query")
        yield from _query(keys, route.paths.query, PATHS_VALUES, queries)


def _query(keys: KeyPath, name: str, given: Collection[str], queries: Mapping[str, Query]) -> Found:
    query = queries.get(name)
    if query is None:
        hint = did_you_mean(name, queries) or f"Write the file {file_of(name)}"
        yield keys, f'there is no query "{name}"', hint
        return
    for parameter in query.parameters:
        if parameter not in given:
            hint = did_you_mean(parameter, given) or f"There are {', '.join(sorted(given))}"
            yield keys, f'nothing gives the parameter ":{parameter}" of {file_of(name)}', hint


def _loaders(connection: sqlite3.Connection, routes: Collection[Route]) -> Found:
    """A loader is a function of `hooks.py` or a plugin. If these are broken, that is told alone."""
    asked = [route for route in routes if route.loader]
    if not asked:
        return
    try:
        known = load_hooks(Site(connection)).loaders
    except HookError:
        return
    for route in asked:
        if route.loader not in known:
            hint = did_you_mean(route.loader, known) or "Register it in hooks.py: @hooks.loader"
            yield ("routes", route.table, "loader"), f'there is no loader "{route.loader}"', hint


def _schemas(project: Project, routes: Collection[Route]) -> Found:
    """A schema is a JSON file, or the name of a collection."""
    named: dict[KeyPath, str] = {
        ("sources", name, "schema"): source.schema
        for name, source in project.settings.site.sources.items()
    }
    for route in routes:
        for data in route.data:
            named["routes", route.table, "data", data.name, "schema"] = data.schema
    for keys, schema in named.items():
        if schema and (problem := _schema_problem(project, schema)):
            yield (keys, *problem)


def _schema_problem(project: Project, schema: str) -> tuple[str, str | None] | None:
    if not schema.endswith(SCHEMA_SUFFIX):
        collections = project.settings.collections
        if schema in collections:
            return None
        hint = did_you_mean(schema, collections) or "A JSON Schema is a file: schemas/post.json"
        return f'there is no collection "{schema}"', hint
    if not schema.startswith(SCHEMA_FOLDER):
        return (
            f'"{schema}" is not in {SCHEMA_FOLDER}',
            f"Move it: {SCHEMA_FOLDER}{Path(schema).name}",
        )
    file = project.root / schema
    if not file.resolve().is_relative_to(project.root):
        return f'"{schema}" is outside of the site', None
    return None if file.is_file() else (f'there is no file "{schema}"', None)
