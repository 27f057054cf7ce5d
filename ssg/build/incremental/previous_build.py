"""The previous build: the only access to what earlier builds left.

A build leaves six results that the next one can reuse. Each is valid under a condition, which is
checked here before the result is used:

| result | where | valid while |
|---|---|---|
| digests of copied files | `cache/files.bin` | their sizes, times and inodes are the same |
| documents of sources | `cache/sources.db` | code, settings, files and time: `content.reading` |
| the site database | `site.db` | code and structure: `content.structure_cache` |
| compiled templates | in the database | code, templates and modules are the same |
| the plan | a note in `dependencies.db` | see `plan_cache` |
| rendered files | `written.json` | the answers to their questions are the same: `dependencies` |

`dependencies.db` belongs to one site database, one version of the code and one output folder; its
key says which. Without it (another version, a damaged file) a build reuses only documents, and with
`--no-cache` nothing.
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
from ssg.build.incremental.dependencies.recording_renderer import PageQuestions
from ssg.build.incremental.dependencies.store import DependencyStore, write_dependencies
from ssg.build.incremental.plan_cache import PlanValidity
from ssg.build.incremental.session import SessionKnowledge
from ssg.build.incremental.work_list import (
    WorkList,
    full_work,
    intact_files,
    remaining_work,
    work_after_edit,
)
from ssg.build.layout import Layout
from ssg.build.publish.workspace import Workspace
from ssg.build.publish.written_files import WrittenFiles
from ssg.content.scan import EarlierScan, Scan
from ssg.fingerprint.code import code_fingerprint
from ssg.model.page import Template
from ssg.model.queries.site import Site
from ssg.model.urls import output_file

PLAN, PROOF = "plan", "proof"
"""Names of notes: the validity of the plan, and what the target has proven."""


@dataclass(frozen=True, slots=True)
class PreviousBuild:
    """The previous build. Use it as a context manager: it keeps a database open."""

    layout: Layout
    session: SessionKnowledge | None = None
    dependencies: DependencyStore | None = None
    """None if no rendered file can be reused."""
    is_ignored: bool = False
    """Whether nothing at all is reused."""
    has_database: bool = True
    """Whether the site database is as the previous build wrote it."""
    env: str = ""
    """A digest of the environment variables that pages show."""

    @classmethod
    def open(
        cls,
        layout: Layout,
        written: WrittenFiles,
        session: SessionKnowledge | None = None,
        *,
        no_cache: bool = False,
        env: str = "",
    ) -> PreviousBuild:
        """Open what the previous build left.

        `written` says whether the files of state are as that build wrote them. `env` is a digest of
        the environment variables that pages show.
        """
        if no_cache:
            return cls(layout, is_ignored=True, env=env)
        if not written.is_state_intact(layout.state):
            return cls(layout, has_database=False, env=env)
        try:
            with contextlib.closing(Site.open(layout.database)) as site:
                key = dependencies_key(layout, site, env)
            return cls(layout, session, DependencyStore.open(layout.dependencies, key), env=env)
        except (sqlite3.Error, LookupError, ValueError, TypeError):
            return cls(layout, session, env=env)  # no database, or one of another version

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
        """What a scan can reuse."""
        if self.is_ignored:
            return None
        database = self.layout.database if self.has_database else None
        watched = self.session.sources if self.session and database else None
        return EarlierScan(self.layout.cache, database, watched)

    @property
    def file_facts(self) -> Path | None:
        """The file with what is known of copied files."""
        if self.is_ignored:
            return None
        self.layout.file_facts.parent.mkdir(parents=True, exist_ok=True)
        return self.layout.file_facts

    @property
    def database(self) -> Path | None:
        """The site database, if this version of the code compiled its templates."""
        return self.layout.database if self.dependencies is not None else None

    @property
    def plan(self) -> PlanValidity | None:
        """The validity of the plan."""
        return PlanValidity.read(self._note(PLAN))

    @property
    def proof(self) -> str:
        """What the target has proven; empty for nothing."""
        return self._note(PROOF)

    def templates(self, site: Site) -> list[Template] | None:
        """The templates of a site with compiled code, if the previous build has the same ones.

        None if a template changed, or the site's own Python, which may define filters.
        """
        if self.database is None:
            return None
        with contextlib.closing(Site.open(self.database)) as before:
            old, new = before.templates(), site.templates()
            if list(_modules(before)) != list(_modules(site)):
                return None
        if [replace(one, code=None) for one in old] != [replace(one, code=None) for one in new]:
            return None
        return old if all(one.code is not None for one in old) else None

    def work_list(self, space: Workspace, site: Site, scan: Scan, *, same_plan: bool) -> WorkList:
        """The work that is left for this build, whose database is finished."""
        dependencies = self.dependencies
        if dependencies is None:
            return full_work(site, scan)
        patched = None if scan.changes.is_restructured else scan.changes.patched
        if site.settings.has_known_paths:  # rows of sitemaps may have changed, too
            patched = None
        try:
            with contextlib.closing(
                DatabaseDiff(self.layout.database, space.database, patched)
            ) as diff:
                affected = None if diff.has_changed_settings else affected_pages(dependencies, diff)
                if affected is None:
                    return full_work(site, scan)
                files = space.written.files_in(self.layout.output)
                if self.session and same_plan:
                    asked = site, scan, dependencies, diff, affected, files
                    return work_after_edit(*asked, self.session.non_page_files)
                intact = files if self.session else intact_files(self.layout.output, files)
                return remaining_work(site, scan, dependencies, diff, affected, intact)
        except sqlite3.OperationalError:
            raise  # a query of our own is wrong
        except (sqlite3.DatabaseError, ValueError):
            return full_work(site, scan)  # the database is damaged

    def shown_variants(self, work: WorkList, renders: PageQuestions) -> set[str]:
        """The file names of variants that critical pages show: rendered ones, and kept ones."""
        shown = {path: names for path, names in renders.shown.items() if path in work.pages}
        if self.dependencies is not None and work.kept_pages:
            before = self.dependencies.shown()
            shown |= {path: names for path, names in before if output_file(path) in work.kept_pages}
        return set().union(*shown.values())

    def write_next(
        self,
        space: Workspace,
        site: Site,
        work: WorkList,
        renders: PageQuestions,
        plan: PlanValidity,
        proof: str,
    ) -> None:
        """Write what the next build can reuse into the workspace."""
        notes = {
            PLAN: plan.note(),
            PROOF: proof,
            "key": dependencies_key(self.layout, site, self.env),
        }
        before = None if work.is_full else self.dependencies
        write_dependencies(space.dependencies, notes, renders, before, work.obsolete)

    def _note(self, name: str) -> str:
        return self.dependencies.notes.get(name, "") if self.dependencies is not None else ""


def dependencies_key(layout: Layout, site: Site, env: str = "") -> str:
    """The key of dependencies: the code, the build that they belong to, the output folder, and a
    digest of the environment variables that pages show."""
    below = layout.output.is_relative_to(layout.root)
    output = layout.output.relative_to(layout.root) if below else layout.output
    return " ".join([code_fingerprint(), site.build_id, site.build_time, str(output), env])


def _modules(site: Site) -> Iterator[object]:
    return (site.module(name) for name in site.module_names())
