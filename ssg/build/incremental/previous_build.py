"""The build before, as this one may rely on it: the one door to knowledge between builds.

A build leaves five things that the next one can use. Each has a condition under which it is still
right, which is checked here before it is handed out:

| what | where | right while |
|---|---|---|
| sources that were read | `cache/sources.db` | code, settings, files, time (`content.reading`) |
| the site database | `site.db` | code, and everything that shapes the structure |
| compiled templates | in the database | code, and the same templates and modules |
| the plan | a note with the dependencies | `plan_cache` |
| rendered files | `written.json` | the answers of their questions (`dependencies`) are the same |

`dependencies.db` belongs to one site database, one code and one output folder: its key says so.
Without it (`--no-cache`, another version, a damaged file) a build relies on nothing but sources.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType

from ssg.build.incremental.affected_pages import affected_pages
from ssg.build.incremental.database_diff import DatabaseDiff
from ssg.build.incremental.dependencies.recorder import PageQuestions
from ssg.build.incremental.dependencies.store import DependencyStore, write_dependencies
from ssg.build.incremental.plan_cache import PlanValidity
from ssg.build.incremental.work_list import (
    WorkList,
    full_work,
    intact_files,
    remaining_work,
    work_after_edit,
)
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.publish.workspace import Workspace
from ssg.content.scan import EarlierScan, Scan
from ssg.fingerprint.code import code_fingerprint
from ssg.model.page import Template
from ssg.model.queries.site import Site

PLAN, PROOF = "plan", "proof"
"""Names of notes: how long the plan is right, and what the target has proven."""


@dataclass(frozen=True, slots=True)
class PreviousBuild:
    """The build before. Use it as a context manager: it holds a database open."""

    layout: Layout
    options: BuildOptions
    dependencies: DependencyStore | None = None
    """None: nothing that was rendered may be relied on."""

    @classmethod
    def open(cls, layout: Layout, options: BuildOptions) -> PreviousBuild:
        """What is left of the build before; nothing if the options say so."""
        if options.no_cache:
            return cls(layout, options)
        try:
            with contextlib.closing(Site.open(layout.database)) as site:
                key = dependencies_key(layout, site)
            return cls(layout, options, DependencyStore.open(layout.dependencies, key))
        except (sqlite3.Error, LookupError, ValueError, TypeError):
            return cls(layout, options)  # there is no database, or that of another version

    def __enter__(self) -> PreviousBuild:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.dependencies is not None:
            self.dependencies.close()

    @property
    def scan(self) -> EarlierScan | None:
        """What a scan may rely on."""
        if self.options.no_cache:
            return None
        database = self.layout.database if self.layout.database.exists() else None
        known = self.options.session if database else None
        return EarlierScan(self.layout.cache, database, known.sources if known else None)

    @property
    def database(self) -> Path | None:
        """The site database, if its templates were compiled by this code."""
        return self.layout.database if self.dependencies is not None else None

    @property
    def plan(self) -> PlanValidity | None:
        """Until when, and for what, the plan is right."""
        return PlanValidity.read(self._note(PLAN))

    @property
    def proof(self) -> str:
        """What the target has proven; '' for nothing."""
        return self._note(PROOF)

    def templates(self, site: Site) -> list[Template] | None:
        """The templates of a site with their code, if this code compiled the same ones before.

        None if any of them changed, or the site's own Python, which may bring filters.
        """
        if self.database is None:
            return None
        with contextlib.closing(Site.open(self.database)) as before:
            known, wanted = before.templates(), site.templates()
            if list(_modules(before)) != list(_modules(site)):
                return None
        if [replace(one, code=None) for one in known] != [
            replace(one, code=None) for one in wanted
        ]:
            return None
        return known if all(one.code is not None for one in known) else None

    def work_list(self, space: Workspace, site: Site, found: Scan, *, same_plan: bool) -> WorkList:
        """The work that is left for this build, whose database is finished."""
        known = self.dependencies
        if known is None:
            return full_work(site, found)
        patched = None if found.changes.is_restructured else found.changes.patched
        try:
            with contextlib.closing(
                DatabaseDiff(self.layout.database, space.database, patched)
            ) as diff:
                affected = None if diff.has_other_settings else affected_pages(known, diff)
                if affected is None:
                    return full_work(site, found)
                files = space.written.files_in(self.layout.output)
                session = self.options.session
                if session and same_plan:
                    asked = site, found, known, diff, affected, files
                    return work_after_edit(*asked, session.without_page)
                intact = files if session else intact_files(self.layout.output, files)
                return remaining_work(site, found, known, diff, affected, intact)
        except sqlite3.OperationalError:
            raise  # a question that cannot be asked is a fault of ours
        except (sqlite3.DatabaseError, ValueError):
            return full_work(site, found)  # a damaged database says nothing

    def write_next(
        self,
        space: Workspace,
        site: Site,
        work: WorkList,
        renders: PageQuestions,
        plan: PlanValidity,
        proof: str,
    ) -> None:
        """Write what the build after this one may rely on, into the workspace."""
        notes = {PLAN: plan.note(), PROOF: proof, "key": dependencies_key(self.layout, site)}
        before = None if work.is_whole else self.dependencies
        write_dependencies(space.dependencies, notes, renders, before, work.forgotten)

    def _note(self, name: str) -> str:
        return self.dependencies.notes.get(name, "") if self.dependencies is not None else ""


def dependencies_key(layout: Layout, site: Site) -> str:
    """What must be the same for dependencies to count: the code, the build, the output folder."""
    below = layout.output.is_relative_to(layout.root)
    output = layout.output.relative_to(layout.root) if below else layout.output
    return " ".join([code_fingerprint(), site.build_id, site.build_time, str(output)])


def _modules(site: Site) -> Iterator[object]:
    return (site.module(name) for name in site.module_names())
