"""Counts the requests of logs: which are for pages, and why others are left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum

from ssg.popularity.bounded_counter import BoundedCounter
from ssg.popularity.log_lines import LogLine
from ssg.popularity.site_paths import SitePaths
from ssg.popularity.user_agents import is_robot

_READ = frozenset({"200", "304"})
"""304: the visitor has the page already, and reads it again."""


class LeftOut(StrEnum):
    """Why a request does not count."""

    OLD = "older than --since"
    METHOD = "not GET"
    STATUS = "other status than 200 or 304"
    ROBOT = "from robots"
    PATH = "not for a page"


@dataclass(slots=True)
class RequestCount:
    """The requests for each page of a site. Times are in minutes since 1970.

    Requests before `since` are left out.
    """

    paths: SitePaths
    since: int | None = None
    pages: Counter[str] = field(default_factory=Counter)
    routes: dict[int, BoundedCounter] = field(default_factory=dict)
    left_out: Counter[LeftOut] = field(default_factory=Counter)
    first: int | None = None
    last: int | None = None

    def add(self, line: LogLine, minute: int) -> None:
        """Count a request of a log."""
        _, method, target, status, agent = line
        if self.since is not None and minute < self.since:
            self.left_out[LeftOut.OLD] += 1
        elif method != "GET":
            self.left_out[LeftOut.METHOD] += 1
        elif status not in _READ:
            self.left_out[LeftOut.STATUS] += 1
        elif is_robot(agent):
            self.left_out[LeftOut.ROBOT] += 1
        else:
            self.see(minute)
            self.add_read(target)

    def add_read(self, target: str, requests: int = 1) -> None:
        """Count requests that somebody has read."""
        found = self.paths.find(target)
        if found is None:
            self.left_out[LeftOut.PATH] += requests
        elif found.route:
            self.routes.setdefault(found.route, BoundedCounter()).add(found.path, requests)
        else:
            self.pages[found.path] += requests

    def see(self, minute: int) -> None:
        """Extend the period of the logs to a time."""
        if self.first is None or minute < self.first:
            self.first = minute
        if self.last is None or minute > self.last:
            self.last = minute
