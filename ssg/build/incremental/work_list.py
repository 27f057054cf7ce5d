"""The work list: the pages that a build renders, the files that it copies, and what it keeps.

There are three ways to compute it, each examining less than the one before:

- `full_work`: everything. Nothing is known of a previous build, or everything is affected.
- `remaining_work`: each page whose answers changed, or whose file is missing or was changed by
  somebody else. It examines every file of the publish folder.
- `work_after_edit`: in `ssg serve`, if the plan is the same. It examines only the affected pages.

A rehearsal (`ssg.build.render.rehearse`) is work, too: deferred pages are checked if they are
affected, or if their texts changed.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.build.incremental.database_diff import DatabaseDiff
from ssg.build.incremental.dependencies.asked_questions import PRESCANNED
from ssg.build.incremental.dependencies.store import DependencyStore
from ssg.build.publish.written_files import FilesByName, WrittenFile, content_digest, short_digest
from ssg.content.scan import Scan
from ssg.content.structure.assets import FileCopy
from ssg.model.page import NO_TEMPLATE, Page
from ssg.model.queries.site import Site
from ssg.model.urls import output_file


@dataclass(frozen=True, slots=True)
class RehearsalScope:
    """Which deferred pages a build rehearses: all, if no previous build is known."""

    texts: Collection[str] | None = None
    """Paths of the pages whose texts are checked; None for all."""
    affected: Collection[str] = ()
    """Paths of pages that were rehearsed before, and must be again."""
    recorded: Container[str] = ()
    """Paths of pages with recorded dependencies: they are not rehearsed again as samples."""


@dataclass(slots=True)
class WorkList:
    """The pages to render, the files to copy, and the files to keep."""

    pages: Mapping[str, int]
    """Path and id of each."""
    copies: list[FileCopy]
    rehearsals: RehearsalScope = field(default_factory=RehearsalScope)
    kept_pages: dict[str, WrittenFile] = field(default_factory=dict)
    """Files of pages that are up to date."""
    kept_copies: dict[str, WrittenFile] = field(default_factory=dict)
    obsolete: set[str] = field(default_factory=set)
    """Names of dependency records to delete."""
    is_full: bool = False
    """Whether nothing of the previous build is kept."""

    @property
    def kept(self) -> dict[str, WrittenFile]:
        """All files that are up to date."""
        return {**self.kept_pages, **self.kept_copies}

    @property
    def critical(self) -> int:
        """The number of pages that are files."""
        return len(self.pages) + len(self.kept_pages)

    def files_to_write(self) -> set[str]:
        """The names of the files to render or copy."""
        return {*map(output_file, self.pages), *(copy.destination for copy in self.copies)}

    def non_page_files(self, files: Collection[str]) -> frozenset[str]:
        """Those of some files in a publish folder that are not pages."""
        made = set(map(output_file, self.pages))
        return frozenset(one for one in files if one not in self.kept_pages and one not in made)


def full_work(site: Site, scan: Scan) -> WorkList:
    """The work of a build without a previous one."""
    return WorkList(dict(site.critical_pages()), list(scan.copies), is_full=True)


def work_after_edit(
    site: Site,
    scan: Scan,
    dependencies: DependencyStore,
    diff: DatabaseDiff,
    affected: set[str],
    files: FilesByName,
    non_page_files: Collection[str],
) -> WorkList:
    """The work if the plan is the same and nobody else changed a file. See above."""
    found = ((path, site.page_at(path)) for path in sorted(affected))
    pages = {path: page.id for path, page in found if page and _is_critical(page)}
    kept = dict(files)
    for name in (*non_page_files, *map(output_file, pages)):
        kept.pop(name, None)
    copies, kept_copies = _copies(scan, files)
    texts = {*_prescanned(affected), *diff.texts, *diff.rows}
    scope = RehearsalScope(texts, affected, dependencies)
    return WorkList(pages, copies, scope, kept, kept_copies, affected)


def remaining_work(
    site: Site,
    scan: Scan,
    dependencies: DependencyStore,
    diff: DatabaseDiff,
    affected: set[str],
    intact: FilesByName,
) -> WorkList:
    """The work if the files in `intact` are as they were written. See above."""
    rendered = dependencies.paths() - affected
    pages, kept = {}, {}
    for path, page_id in site.critical_pages():
        name = output_file(path)
        if path in rendered and name in intact:
            kept[name] = intact[name]
        else:
            pages[path] = page_id
    copies, kept_copies = _copies(scan, intact)
    scope = _rehearsals(diff, rendered, affected)
    return WorkList(pages, copies, scope, kept, kept_copies, affected | diff.new_or_gone)


def _is_critical(page: Page) -> bool:
    return not page.deferred and page.template != NO_TEMPLATE


def _copies(scan: Scan, intact: FilesByName) -> tuple[list[FileCopy], dict[str, WrittenFile]]:
    """The files to copy, and those that are up to date."""
    copies, kept = [], {}
    for copy in scan.copies:
        written = intact.get(copy.destination)
        digest = scan.digests.get(copy.destination)
        if written and written.digest and digest and written.digest == short_digest(digest):
            kept[copy.destination] = written
        else:
            copies.append(copy)
    return copies, kept


def _rehearsals(diff: DatabaseDiff, rendered: set[str], affected: set[str]) -> RehearsalScope:
    """Includes the texts of all deferred pages if a source is gone: any of them may link to it."""
    if diff.has_lost_sources:
        return RehearsalScope(None, affected, rendered)
    texts = {*_prescanned(affected), *diff.texts, *diff.rows, *diff.newly_deferred}
    return RehearsalScope(texts, affected, rendered)


def _prescanned(affected: set[str]) -> set[str]:
    return {path.removeprefix(PRESCANNED) for path in affected if path.startswith(PRESCANNED)}


def intact_files(output: Path, files: FilesByName) -> dict[str, WrittenFile]:
    """The files that are as they were written, with their present times.

    If only the time differs, as in a folder that was restored from a cache, the content decides.
    """
    intact = {}
    folder = str(output)
    for name, written in files.items():
        try:
            status = os.lstat(f"{folder}/{name}")  # a Path for each costs more
        except OSError:
            continue
        if status.st_size != written.size or not stat.S_ISREG(status.st_mode):
            continue
        if status.st_mtime_ns == written.mtime_ns:
            intact[name] = written
        elif written.digest and content_digest((output / name).read_bytes()) == written.digest:
            intact[name] = WrittenFile(status.st_size, status.st_mtime_ns, written.digest)
    return intact
