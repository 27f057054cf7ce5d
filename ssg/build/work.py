"""What a build has to do: everything, or what the build before it left undone or undoes."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ssg.build.code import code_id
from ssg.build.concern import concerned
from ssg.build.delta import Delta
from ssg.build.layout import Layout
from ssg.build.ledger import Files, Stamp, digest_of, short
from ssg.build.recorder import Renders
from ssg.build.records import Records, write_records
from ssg.build.rehearse import JUDGED, Wanted
from ssg.build.workspace import Workspace
from ssg.content.assets import Copy
from ssg.content.scan import Scan
from ssg.model.site import Site
from ssg.model.urls import output_file


@dataclass(slots=True)
class Work:
    """The pages to render, the files to copy, and what stands already."""

    critical: Mapping[str, int]
    """Path and id of every page that is to be a file."""
    pages: list[int]
    copies: list[Copy]
    rehearsals: Wanted = field(default_factory=Wanted)
    kept: dict[str, Stamp] = field(default_factory=dict)
    """Files of the publish folder that stay as they are."""
    records: Records | None = None
    """Those of the build before; None: there are none."""
    forgotten: set[str] = field(default_factory=set)
    """Pages whose records no longer hold."""

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
    critical = dict(site.critical_pages())
    return Work(critical, list(critical.values()), list(found.copies))


def find_work(
    space: Workspace,
    site: Site,
    found: Scan,
    records: Records | None,
    *,
    are_intact: bool = False,
) -> Work:
    """The work that is left. Where there are no `records` of a build before, that is all of it.

    Unless the files of the publish folder `are_intact`, it is looked whether they are.
    """
    if records is None:
        return all_work(site, found)
    try:
        reshaped = found.changes.is_reshaped
        before, now = space.layout.database, space.database
        with contextlib.closing(Delta(before, now, is_reshaped=reshaped)) as delta:
            stale = None if delta.is_of_other_settings else concerned(records, delta)
            if stale is not None:
                output = space.layout.output
                files = space.ledger.files_in(output)
                intact = files if are_intact else intact_files(output, files)
                return _rest(site, found, records, delta, stale, intact)
    except sqlite3.OperationalError:
        raise  # a question that cannot be asked is a fault of ours
    except (sqlite3.DatabaseError, ValueError):
        pass  # a database or records that were damaged: what they say is worth nothing
    records.close()
    return all_work(site, found)


def _rest(
    site: Site, found: Scan, records: Records, delta: Delta, stale: set[str], intact: Files
) -> Work:
    known = records.paths() - stale
    critical = dict(site.critical_pages())
    pages, kept = [], {}
    for path, page_id in critical.items():
        name = output_file(path)
        if path in known and name in intact:
            kept[name] = intact[name]
        else:
            pages.append(page_id)
    copies = []
    for copy in found.copies:
        stamp = intact.get(copy.destination)
        digest = found.digests.get(copy.destination)
        if stamp and stamp.digest and digest and stamp.digest == short(digest):
            kept[copy.destination] = stamp
        else:
            copies.append(copy)
    wanted = _rehearsals(delta, known, stale)
    forgotten = stale | delta.strangers
    return Work(critical, pages, copies, wanted, kept, records, forgotten)


def _rehearsals(delta: Delta, known: set[str], stale: set[str]) -> Wanted:
    """Where a source is gone, a link to it may be anywhere."""
    if delta.has_lost_sources:
        return Wanted(None, stale, known)
    judged = {path.removeprefix(JUDGED) for path in stale if path.startswith(JUDGED)}
    return Wanted({*judged, *delta.texts, *delta.rows, *delta.newly_deferred}, stale, known)


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
    return " ".join([code_id(), site.build_id, site.build_time, str(output)])
