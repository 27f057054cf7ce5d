"""What a build does about an earlier one that was interrupted while it published."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from ssg.build.layout import Layout
from ssg.build.publish.journal import (
    SWAPPED,
    JournalPaths,
    OtherOutputError,
    UnusableJournalError,
    apply_pending,
)
from ssg.build.publish.work_folder import work_folder
from ssg.build.publish.written_files import WrittenFiles
from ssg.model.errors import Problem, TargetError

WRITTEN = "written.json"
"""The name of the list of written files of a build that has not been published."""


def complete_publication(layout: Layout) -> list[Problem]:
    """Complete the publication of a build that was interrupted, if there is one.

    A journal that cannot be used is set aside; the warning says so.
    Raises TargetError if it is for another publish folder.
    """
    try:
        apply_pending(layout.journal, journal_paths(layout))
    except OtherOutputError as error:
        message = f"a build into {error.output} was interrupted while it published"
        hint = f"Complete it first: ssg build --output-dir {error.output}"
        raise TargetError(Problem(message, None, hint)) from error
    except UnusableJournalError:
        (layout.output / SWAPPED).unlink(missing_ok=True)
        return [_set_aside(layout.journal)]
    return []


def known_files(layout: Layout) -> WrittenFiles:
    """What builds have written, an interrupted one included."""
    known = WrittenFiles.read(layout.written_files, layout.root)
    staged = WrittenFiles.read(layout.state / "new" / WRITTEN, layout.root)
    return known if staged.loss else known.united(staged)


def _set_aside(file: Path) -> Problem:
    now = dt.datetime.now(dt.UTC)
    aside = file.with_name(f"{file.stem}-{now:%Y%m%d-%H%M%S-%f}{file.suffix}")
    file.rename(aside)
    message = f"the journal of an interrupted build cannot be used and is now {aside.name}"
    hint = "This build publishes everything anew. Remove the file if you do not need it"
    return Problem(message, None, hint)


def journal_paths(layout: Layout) -> JournalPaths:
    folders = {
        "work": work_folder(layout),
        "output": layout.output,
        "state": layout.state,
        "target": layout.hosts_dir,
    }
    return JournalPaths(layout.root, layout.output, folders)
