"""What differs between the last build and an earlier one."""

from __future__ import annotations

import contextlib
import sqlite3
from dataclasses import dataclass

from ssg.build.layout import Layout
from ssg.fingerprint.tag_table.changes import (
    EarlierTable,
    SiteChanges,
    changes_between,
    read_changes,
    read_table,
    write_changes,
)
from ssg.model.errors import Location, Problem, TargetError
from ssg.model.queries.site import Site

_HINT = "Run ssg build, with a target that has cache tags and with deferred pages"


@dataclass(frozen=True, slots=True)
class FoundChanges:
    """What differs, and why everything may, if it does."""

    changes: SiteChanges
    problem: str = ""


def changes_since(layout: Layout, earlier: EarlierTable) -> FoundChanges:
    """Compare the last build with an earlier one. Raises TargetError if it has no tag table."""
    now = read_table(layout.tag_table)
    if now.table is None:
        message = f"the last build has no tag table: {now.problem}"
        raise TargetError(Problem(message, Location(str(layout.tag_table)), _HINT))
    try:
        with contextlib.closing(Site.open(layout.database)) as site:
            paths = site.deferred_paths()
    except (sqlite3.Error, LookupError, ValueError) as error:
        problem = Problem("the site database cannot be read", Location(str(layout.database)), _HINT)
        raise TargetError(problem) from error
    return FoundChanges(changes_between(earlier.table, now.table, paths), earlier.problem)


def last_changes(layout: Layout) -> FoundChanges:
    """What the last build has written. Raises TargetError if there is nothing."""
    where = Location(str(layout.changes))
    try:
        return FoundChanges(read_changes(layout.changes))
    except FileNotFoundError as error:
        problem = Problem("no build has written what changed", where, _HINT)
        raise TargetError(problem) from error
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise TargetError(Problem("the file is not a list of changes", where, _HINT)) from error


def rewrite_changes(layout: Layout, earlier: EarlierTable) -> FoundChanges:
    """Compare the last build, which is up to date, and write what differs as a build does."""
    found = changes_since(layout, earlier)
    write_changes(layout.changes, found.changes)
    return found
