"""Gives the plan the requests that were counted in logs, where a rule compares them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from ssg.config.load import Project, locate_setting
from ssg.model.errors import Location, Problem
from ssg.popularity.popular_pages import POPULAR_FILE, POPULAR_NAME, PopularPages
from ssg.targets.target import Target


@dataclass(frozen=True, slots=True)
class PopularRequests:
    """Requests by path, or why there are none."""

    by_path: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def popular_requests(
    project: Project, connection: sqlite3.Connection, target: Target
) -> PopularRequests:
    """Read the requests from the data of a site database, if a rule has `popular`.

    A site without them can be built: it has no logs before its first deploy.
    """
    rules = project.settings.deferred.rules
    index = next((index for index, rule in enumerate(rules) if rule.popular), None)
    if index is None or not target.defers:
        return PopularRequests()
    row = connection.execute("SELECT json FROM data WHERE name = ?", (POPULAR_NAME,)).fetchone()
    if row is None:
        place = locate_setting(project, ("deferred", "rules", index, "popular"))
        message = f"no page is popular yet: there is no {POPULAR_FILE}"
        return PopularRequests(warnings=(Problem(message, place, "Run ssg popular LOG"),))
    try:
        return PopularRequests(PopularPages.from_json(row[0]).requests_by_path())
    except ValueError as error:
        problem = Problem(str(error), Location(POPULAR_FILE), "Run ssg popular LOG")
        return PopularRequests(problems=(problem,))
