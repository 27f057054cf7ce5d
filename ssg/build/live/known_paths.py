"""Known paths: the live pages that a build lists in sitemaps and of which it renders the first.

`paths` of a route names a list of a source. Its items become rows of the table `live_path`, unless

- a value cannot be a part of a path, or is missing: that is an error,
- the route does not match the path (`where`, `except`), another route or page has it, or it comes
  twice: such items are left out, and counted in a warning.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field

from ssg.build.live.file_places import FilePlaces
from ssg.build.live.path_list import (
    ItemError,
    ListedItem,
    PathSources,
    listed_items,
    params_of,
    updated_of,
)
from ssg.config.load import Project, locate_setting
from ssg.content.structure.output_names import RESERVED, folded
from ssg.model.errors import SHOWN_PLACES, Problem
from ssg.model.live.route import ONLY_PATH, Route, RoutePaths
from ssg.model.pluralize import counted
from ssg.model.queries.live_paths import KnownPath
from ssg.model.settings import SiteSettings
from ssg.model.urls import INDEX_FILE, output_file
from ssg.runtime.live.load_data import DataError
from ssg.runtime.live.route_table import RouteTable

_INSERT = "INSERT OR IGNORE INTO live_path VALUES (?, ?, ?, ?, ?, ?)"
_PAGES = """
    SELECT route, path FROM page JOIN live_path USING (path) WHERE page.template <> ''
    ORDER BY path
"""
_FILES = "SELECT path FROM page WHERE path NOT LIKE '%/'"
"""Pages that are a file by their own name, such as a feed."""
_DELETE_PAGES = "DELETE FROM live_path WHERE path IN (SELECT path FROM page WHERE template <> '')"


@dataclass(slots=True)
class KnownPaths:
    """What was found wrong with the paths of all routes."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def store_known_paths(
    connection: sqlite3.Connection,
    project: Project,
    files: Set[str],
    sources: PathSources,
) -> KnownPaths:
    """Ask for the paths of all routes, and store them in a site database that is being written.

    `files` are names in the publish folder that belong to no page.
    """
    found, settings = KnownPaths(), project.settings.site
    connection.execute("DELETE FROM live_path")
    pages = (path[1:] for (path,) in connection.execute(_FILES))
    places = FilePlaces([*files, *pages])
    table = RouteTable.of(settings.routes)
    lists = [
        _RouteList(route, route.paths, table, files, places)
        for route in settings.routes
        if route.paths
    ]
    for one in lists:
        one.store(connection, settings, sources)
    _leave_pages(connection, {one.route.number: one for one in lists})
    for one in lists:
        key = "critical" if one.route.paths == ONLY_PATH else "paths"
        where = locate_setting(project, ("routes", one.route.table, key))
        found.problems += [Problem(message, where) for message in one.errors()]
        found.warnings += [Problem(message, where) for message in one.left_out()]
    return found


def _leave_pages(connection: sqlite3.Connection, lists: dict[int, _RouteList]) -> None:
    """Leave out paths of pages: these win."""
    for number, path in connection.execute(_PAGES).fetchall():
        lists[number].leave("a page of the site has this path", path)
    connection.execute(_DELETE_PAGES)


def _for_the_same_reason(count: int, noun: str) -> str:
    return f", and {counted(count - 1, f'more {noun}')} for the same reason" if count > 1 else ""


class _RouteList:
    """The paths of one route, with what is wrong with them."""

    def __init__(
        self,
        route: Route,
        paths: RoutePaths,
        table: RouteTable,
        files: Set[str],
        places: FilePlaces,
    ) -> None:
        self.route = route
        self._paths = paths
        self._table = table
        self._files = files
        self._places = places
        self._errors: dict[str, str] = {}
        self._error_counts: Counter[str] = Counter()
        self._other_errors = 0
        self._left_out: Counter[str] = Counter()
        self._examples: dict[str, str] = {}

    def store(
        self,
        connection: sqlite3.Connection,
        settings: SiteSettings,
        sources: PathSources,
    ) -> None:
        number = 0
        try:
            for item in listed_items(self.route, settings, sources):
                row = self._row(item, number)
                if row and connection.execute(_INSERT, row).rowcount:
                    number += 1
                elif row:
                    self.leave("the list has it twice", row.path)
        except DataError as error:
            self._add_error(str(error), str(error))

    def leave(self, reason: str, path: str) -> None:
        """Count a path that is left out."""
        self._left_out[reason] += 1
        self._examples.setdefault(reason, path)

    def errors(self) -> Iterator[str]:
        for reason, message in self._errors.items():
            yield message + _for_the_same_reason(self._error_counts[reason], "item")
        if more := self._other_errors:
            yield f"{self.route.path}: {counted(more, 'more item')} cannot be used"

    def left_out(self) -> Iterator[str]:
        for reason, count in self._left_out.items():
            more = _for_the_same_reason(count, "path")
            yield f"{self._examples[reason]} is left out: {reason}{more}"

    def _add_error(self, reason: str, message: str) -> None:
        if reason not in self._errors and len(self._errors) == SHOWN_PLACES:
            self._other_errors += 1
            return
        self._errors.setdefault(reason, message)
        self._error_counts[reason] += 1

    def _row(self, item: ListedItem, number: int) -> KnownPath | None:
        """The row of an item; None if it is left out."""
        try:
            params = params_of(item, self.route, self._paths)
            updated = updated_of(item, self._paths)
        except ItemError as error:
            self._add_error(error.reason, str(error))
            return None
        path = self.route.pattern.fill(params)
        if reason := self._reason_against(path):
            self.leave(reason, path)
            return None
        is_wanted = self._paths.critical is None or number < self._paths.critical
        is_critical = is_wanted and self._places.take(path)
        language = self.route.language
        return KnownPath(path, self.route.number, language, updated, is_critical, number)

    def _reason_against(self, path: str) -> str:
        found = self._table.find(path)
        if found is None:
            return "the route does not match it"
        if found.route is not self.route:
            return f'the route "{found.route.path}" has this path'
        if why := RESERVED.get(folded(path.split("/")[1])):
            return why
        if path.endswith(f"/{INDEX_FILE}"):
            return "it is the file of a folder"
        return "a file of the site has this path" if output_file(path) in self._files else ""
