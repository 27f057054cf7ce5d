"""What a build has to do: everything, or what the build before it left undone or undoes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.build.incremental.affected_pages import concerned
from ssg.build.incremental.database_diff import Delta
from ssg.build.incremental.dependencies.recorder import Renders
from ssg.build.incremental.dependencies.store import Records, write_records
from ssg.build.layout import Layout
from ssg.build.publish.workspace import Workspace
from ssg.build.publish.written_files import Files, Stamp, digest_of, short
from ssg.build.render.rehearse import JUDGED, Wanted
from ssg.content.scan import Scan
from ssg.content.structure.assets import FileCopy
from ssg.fingerprint.code import code_fingerprint
from ssg.model.page import NO_TEMPLATE, Page
from ssg.model.queries.site import Site
from ssg.model.urls import output_file


@dataclass(slots=True)
class Work:
    """The pages to render, the files to copy, and what stands already."""

    pages: Mapping[str, int]
    """Path and id of each."""
    copies: list[FileCopy]
    rehearsals: Wanted = field(default_factory=Wanted)
    kept_pages: dict[str, Stamp] = field(default_factory=dict)
    """Files of the publish folder that stay as they are."""
    kept_copies: dict[str, Stamp] = field(default_factory=dict)
    records: Records | None = None
    """Those of the build before; None: there are none."""
    forgotten: set[str] = field(default_factory=set)
    """Pages whose records no longer hold."""

    @property
    def kept(self) -> dict[str, Stamp]:
        """All files that stay."""
        return {**self.kept_pages, **self.kept_copies}

    @property
    def critical(self) -> int:
        """How many pages are to be files."""
        return len(self.pages) + len(self.kept_pages)

    def to_make(self) -> set[str]:
        """The names of the files that do not stay."""
        return {*map(output_file, self.pages), *(copy.destination for copy in self.copies)}

    def beside_pages(self, files: Collection[str]) -> frozenset[str]:
        """Which files of a publish folder no page makes."""
        made = set(map(output_file, self.pages))
        return frozenset(one for one in files if one not in self.kept_pages and one not in made)

    def write_records(
        self, space: Workspace, site: Site, renders: Renders, notes: Mapping[str, str]
    ) -> None:
        """Keep what the pages of this build hang on, and what else the next one may know."""
        notes = {**notes, "key": key_of(space.layout, site)}
        write_records(space.records, notes, renders, self.records, self.forgotten)
        if self.records is not None:
            self.records.close()


def all_work(site: Site, found: Scan) -> Work:
    """The work of a build that knows of no other."""
    return Work(dict(site.critical_pages()), list(found.copies))


def find_work(
    space: Workspace,
    site: Site,
    found: Scan,
    records: Records | None,
    beside: Collection[str] | None = None,
    *,
    stands: bool = False,
) -> Work:
    """The work that is left. Where there are no `records` of a build before, that is all of it.

    `beside` are the files of the publish folder that no page makes, where it is known that all of
    its files are as they were written. None: it has to be looked. `stands`: so does the plan.
    """
    if records is None:
        return all_work(site, found)
    try:
        before, now, changes = space.layout.database, space.database, found.changes
        touched = None if changes.is_reshaped else changes.touched
        with contextlib.closing(Delta(before, now, touched)) as delta:
            stale = None if delta.is_of_other_settings else concerned(records, delta)
            if stale is not None:
                files = space.ledger.files_in(space.layout.output)
                if beside is not None and stands:
                    return _edited(site, found, records, delta, stale, files, beside)
                if beside is None:
                    files = intact_files(space.layout.output, files)
                return _rest(site, found, records, delta, stale, files)
    except sqlite3.OperationalError:
        raise  # a question that cannot be asked is a fault of ours
    except (sqlite3.DatabaseError, ValueError):
        pass  # a database or records that were damaged: what they say is worth nothing
    records.close()
    return all_work(site, found)


def _edited(
    site: Site,
    found: Scan,
    records: Records,
    delta: Delta,
    stale: set[str],
    files: Files,
    beside: Collection[str],
) -> Work:
    """Where the same pages are critical as before, and have their files: no other is looked at."""
    named = ((path, site.page_at(path)) for path in sorted(stale))
    pages = {path: page.id for path, page in named if page and _is_critical(page)}
    kept = dict(files)
    for name in (*beside, *map(output_file, pages)):
        kept.pop(name, None)
    copies, kept_copies = _copies(found, files)
    wanted = Wanted({*_judged(stale), *delta.texts, *delta.rows}, stale, records)
    return Work(pages, copies, wanted, kept, kept_copies, records, stale)


def _is_critical(page: Page) -> bool:
    return not page.deferred and page.template != NO_TEMPLATE


def _rest(
    site: Site, found: Scan, records: Records, delta: Delta, stale: set[str], intact: Files
) -> Work:
    known = records.paths() - stale
    pages, kept = {}, {}
    for path, page_id in site.critical_pages():
        name = output_file(path)
        if path in known and name in intact:
            kept[name] = intact[name]
        else:
            pages[path] = page_id
    copies, kept_copies = _copies(found, intact)
    wanted = _rehearsals(delta, known, stale)
    forgotten = stale | delta.strangers
    return Work(pages, copies, wanted, kept, kept_copies, records, forgotten)


def _copies(found: Scan, intact: Files) -> tuple[list[FileCopy], dict[str, Stamp]]:
    """The files that are to be copied, and those that are there."""
    copies, kept = [], {}
    for copy in found.copies:
        stamp = intact.get(copy.destination)
        digest = found.digests.get(copy.destination)
        if stamp and stamp.digest and digest and stamp.digest == short(digest):
            kept[copy.destination] = stamp
        else:
            copies.append(copy)
    return copies, kept


def _rehearsals(delta: Delta, known: set[str], stale: set[str]) -> Wanted:
    """Where a source is gone, a link to it may be anywhere."""
    if delta.has_lost_sources:
        return Wanted(None, stale, known)
    judged = _judged(stale)
    return Wanted({*judged, *delta.texts, *delta.rows, *delta.newly_deferred}, stale, known)


def _judged(stale: set[str]) -> set[str]:
    return {path.removeprefix(JUDGED) for path in stale if path.startswith(JUDGED)}


def intact_files(output: Path, files: Files) -> dict[str, Stamp]:
    """The files that are as they were written, with the stamps that they have now.

    A folder that was restored from a cache has other times, so then the content decides.
    """
    found = {}
    folder = str(output)
    for name, stamp in files.items():
        try:
            state = os.lstat(f"{folder}/{name}")  # a Path for each costs more
        except OSError:
            continue
        if state.st_size != stamp.size or not stat.S_ISREG(state.st_mode):
            continue
        if state.st_mtime_ns == stamp.mtime_ns:
            found[name] = stamp
        elif stamp.digest and digest_of((output / name).read_bytes()) == stamp.digest:
            found[name] = Stamp(state.st_size, state.st_mtime_ns, stamp.digest)
    return found


def records_of(layout: Layout) -> Records | None:
    """The records of the build before, if they belong to its database and to this code."""
    try:
        with contextlib.closing(Site.open(layout.database)) as site:
            return Records.open(layout.records, key_of(layout, site))
    except (sqlite3.Error, LookupError, ValueError, TypeError):
        return None  # there is no database, or it is that of another version


def key_of(layout: Layout, site: Site) -> str:
    """What must be the same for records to hold: the code, the build, and where its files are."""
    below = layout.output.is_relative_to(layout.root)
    output = layout.output.relative_to(layout.root) if below else layout.output
    return " ".join([code_fingerprint(), site.build_id, site.build_time, str(output)])
