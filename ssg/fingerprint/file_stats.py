"""Sizes and times of the files in the content folder: what tells that all is as it was.

Whoever reads a file notes its stamp anyway, so a build that reads all need not look at them first.
A build that may have nothing to do looks at them (`look`), and compares.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from ssg.content.source.tree import Entry, walk
from ssg.fingerprint.codec import pack
from ssg.model.errors import Problem

Stamp = tuple[int, int, int]
"""Size, time of the last change, and of that of the inode, in nanoseconds."""
UNKNOWN: Stamp = (-1, 0, 0)
"""Of a file that could change without a sign."""

Others = list[tuple[str, Stamp]]
"""The names and stamps of files that are no sources."""


def look(content: Path) -> str:
    """A digest of all there is to see. '' where something must not be there."""
    problems: list[Problem] = []
    entries = list(walk(content, problems, "content"))
    if problems:
        return ""
    sources = [entry for entry in entries if entry.is_source]
    names, stamps = [one.relative for one in sources], [stamp_at(one.place) for one in sources]
    return digest_of(names, stamps, others_of(entries))


def digest_of(names: list[str], stamps: list[Stamp], others: Others) -> str:
    """Of sources, each with its stamp, and of the other files."""
    return hashlib.blake2b(pack((names, stamps, others)), digest_size=16).hexdigest()


def others_of(entries: Iterable[Entry]) -> Others:
    return [(one.relative, _stamp_if_any(one.place)) for one in entries if not one.is_source]


def stamp_at(place: str) -> Stamp:
    """Raises OSError if no file is there."""
    found = os.stat(place)  # noqa: PTH116 a Path is slow
    return found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _stamp_if_any(place: str) -> Stamp:
    try:
        return stamp_at(place)
    except OSError:  # it has just gone: whoever copies it will tell
        return UNKNOWN
