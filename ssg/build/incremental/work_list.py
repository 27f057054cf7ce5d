"""What a build has to do: everything, or only what the build before did not leave done."""

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
    """Which deferred pages a build checks: all, if it knows of no build before."""

    texts: Collection[str] | None = None
    """Paths of the pages whose texts are checked. None: all."""
    again: Collection[str] = ()
    """Paths of pages that were checked before, and some of whose answers changed."""
    known: Container[str] = ()
    """Paths of pages whose renders are still right, or that are in `again`."""


@dataclass(slots=True)
class WorkList:
    """The pages to render, the files to copy, and what is done already."""

    pages: Mapping[str, int]
    """Path and id of each."""
    copies: list[FileCopy]
    rehearsals: RehearsalScope = field(default_factory=RehearsalScope)
    kept_pages: dict[str, WrittenFile] = field(default_factory=dict)
    """Files of the publish folder that stay as they are."""
    kept_copies: dict[str, WrittenFile] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    """Paths of pages whose dependencies no longer count."""
    is_whole: bool = False
    """Whether nothing of the build before counts."""

    @property
    def kept(self) -> dict[str, WrittenFile]:
        """All files that stay."""
        return {**self.kept_pages, **self.kept_copies}

    @property
    def critical(self) -> int:
        """The number of pages that are files."""
        return len(self.pages) + len(self.kept_pages)

    def to_make(self) -> set[str]:
        """The names of the files that do not stay."""
        return {*map(output_file, self.pages), *(copy.destination for copy in self.copies)}

    def without_page(self, files: Collection[str]) -> frozenset[str]:
        """The files of a publish folder that no page makes."""
        made = set(map(output_file, self.pages))
        return frozenset(one for one in files if one not in self.kept_pages and one not in made)


def full_work(site: Site, found: Scan) -> WorkList:
    """The work of a build that knows of no other."""
    return WorkList(dict(site.critical_pages()), list(found.copies), is_whole=True)


def work_after_edit(
    site: Site,
    found: Scan,
    known: DependencyStore,
    diff: DatabaseDiff,
    affected: set[str],
    files: FilesByName,
    without_page: Collection[str],
) -> WorkList:
    """The work if the plan is the same and all files are as they were written.

    No other page than those that are affected is looked at.
    """
    named = ((path, site.page_at(path)) for path in sorted(affected))
    pages = {path: page.id for path, page in named if page and _is_critical(page)}
    kept = dict(files)
    for name in (*without_page, *map(output_file, pages)):
        kept.pop(name, None)
    copies, kept_copies = _copies(found, files)
    texts = {*_prescanned(affected), *diff.texts, *diff.rows}
    scope = RehearsalScope(texts, affected, known)
    return WorkList(pages, copies, scope, kept, kept_copies, affected)


def remaining_work(
    site: Site,
    found: Scan,
    known: DependencyStore,
    diff: DatabaseDiff,
    affected: set[str],
    intact: FilesByName,
) -> WorkList:
    """The work if `intact` files are as they were written."""
    rendered = known.paths() - affected
    pages, kept = {}, {}
    for path, page_id in site.critical_pages():
        name = output_file(path)
        if path in rendered and name in intact:
            kept[name] = intact[name]
        else:
            pages[path] = page_id
    copies, kept_copies = _copies(found, intact)
    scope = _rehearsals(diff, rendered, affected)
    return WorkList(pages, copies, scope, kept, kept_copies, affected | diff.new_or_gone)


def _is_critical(page: Page) -> bool:
    return not page.deferred and page.template != NO_TEMPLATE


def _copies(found: Scan, intact: FilesByName) -> tuple[list[FileCopy], dict[str, WrittenFile]]:
    """The files that must be copied, and those that are there."""
    copies, kept = [], {}
    for copy in found.copies:
        written = intact.get(copy.destination)
        digest = found.digests.get(copy.destination)
        if written and written.digest and digest and written.digest == short_digest(digest):
            kept[copy.destination] = written
        else:
            copies.append(copy)
    return copies, kept


def _rehearsals(diff: DatabaseDiff, rendered: set[str], affected: set[str]) -> RehearsalScope:
    """All deferred pages if a source is gone: any of them may link to it."""
    if diff.has_lost_sources:
        return RehearsalScope(None, affected, rendered)
    texts = {*_prescanned(affected), *diff.texts, *diff.rows, *diff.newly_deferred}
    return RehearsalScope(texts, affected, rendered)


def _prescanned(affected: set[str]) -> set[str]:
    return {path.removeprefix(PRESCANNED) for path in affected if path.startswith(PRESCANNED)}


def intact_files(output: Path, files: FilesByName) -> dict[str, WrittenFile]:
    """The files that are as they were written, with the times that they have now.

    A folder that was restored from a cache has other times, so then the content decides.
    """
    found = {}
    folder = str(output)
    for name, written in files.items():
        try:
            state = os.lstat(f"{folder}/{name}")  # a Path for each costs more
        except OSError:
            continue
        if state.st_size != written.size or not stat.S_ISREG(state.st_mode):
            continue
        if state.st_mtime_ns == written.mtime_ns:
            found[name] = written
        elif written.digest and content_digest((output / name).read_bytes()) == written.digest:
            found[name] = WrittenFile(state.st_size, state.st_mtime_ns, written.digest)
    return found
