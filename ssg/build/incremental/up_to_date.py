"""Whether there is nothing to do: told by sizes and times of files, before any of them is read.

A build leaves a note of what it was made of and of what it left. The next one compares, and if all
is as it was, it is done. Where a build hook or a plugin may read the world, nobody can tell.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.build.layout import Layout
from ssg.build.publish.written_files import Ledger, untouched
from ssg.config.load import CONFIG_NAME, PYPROJECT_NAME, Project
from ssg.config.themes import theme_chain
from ssg.fingerprint import file_stats
from ssg.fingerprint.code import code_id
from ssg.fingerprint.codec import pack

FOLDERS = ("templates", "static", "data", "i18n", "hooks")
CONTENT = "content"
FILES = ("hooks.py", "netlify.toml", CONFIG_NAME, PYPROJECT_NAME)
BUILD_HOOKS = "build_hooks.py"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a build is made of beside the content folder, as it was before anything was read."""

    key: str
    inputs: str


def look(project: Project, options: str) -> Seen | None:
    """See what there is; None where that does not tell what will come of it.

    `options` is the key of what the build is asked for beside the configuration.
    """
    if may_read_the_world(project):
        return None
    asked = (code_id(), project.settings, options, str(project.config_path))
    key = hashlib.blake2b(repr(asked).encode(), digest_size=16).hexdigest()
    return Seen(key, _digest(_places(project)))


def may_read_the_world(project: Project) -> bool:
    """Whether a build hook or a plugin may read what nobody can name."""
    return bool(project.settings.plugins) or (project.root / BUILD_HOOKS).exists()


def keep(
    layout: Layout,
    seen: Seen,
    content: str,
    hours: tuple[float, float],
    folders: Iterable[str],
    report: Any,
) -> None:
    """Note what a build has left, with its report, and between which hours that stays right.

    `content` is what it saw of the content folder, and `folders` are those of its target.
    """
    layout.rest.parent.mkdir(parents=True, exist_ok=True)
    note = {
        "key": seen.key,
        "inputs": seen.inputs,
        "content": content,
        "since": hours[0],
        "until": hours[1],
        "state": _state(layout, folders),
        "report": report,
    }
    draft = layout.rest.with_suffix(".new")
    draft.write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    draft.replace(layout.rest)


def last_report(layout: Layout, seen: Seen, now: dt.datetime) -> dict[str, Any] | None:
    """The report of the last build, if another one would do nothing; else None."""
    try:
        note = json.loads(layout.rest.read_text("utf-8"))
        if (note["key"], note["inputs"]) != (seen.key, seen.inputs):
            return None
        if not note["since"] <= now.timestamp() < note["until"]:
            return None
        ledger = Ledger.read(layout.ledger, layout.root)
        if layout.journal.exists() or note["state"] != _state(layout, ledger.folders):
            return None
        if note["content"] != file_stats.look(layout.root / CONTENT):
            return None
        report: dict[str, Any] = note["report"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    files = ledger.files_in(layout.output)
    return report if files and untouched(layout.output, files) else None


def _places(project: Project) -> Iterator[Path]:
    root = project.root
    yield from (root / name for name in (*FOLDERS, *FILES))
    yield from (theme.folder for theme in theme_chain(root, project.settings.theme))


def _state(layout: Layout, folders: Iterable[str]) -> str:
    """Of what a build leaves beside the publish folder.

    Without times of inodes: a file that the build before left, too, has a second name until the
    folder of that one is gone.
    """
    own = (layout.hosts_dir / name for name in folders)
    return _digest([layout.database, layout.manifest, layout.records, layout.ledger, *own], 3)


def _digest(places: Iterable[Path], facts: int = 4) -> str:
    """Of the names, sizes and times of all files in some places; of the first of these `facts`."""
    digest = hashlib.blake2b(digest_size=16)
    for place in places:
        digest.update(pack([str(place), *(one[:facts] for one in _stats(str(place)))]))
    return digest.hexdigest()


def _stats(place: str) -> Iterator[tuple[str, int, int, int]]:
    try:
        entries = sorted(os.scandir(place), key=lambda entry: entry.name)
    except NotADirectoryError:
        found = os.stat(place)  # noqa: PTH116 a Path is slow
        yield "", found.st_size, found.st_mtime_ns, found.st_ctime_ns
        return
    except FileNotFoundError:
        return
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield entry.name, -1, 0, 0
            yield from _stats(entry.path)
            yield "", -2, 0, 0
            continue
        try:
            found = entry.stat()
        except OSError:  # a link that leads nowhere: the scan will tell
            found = entry.stat(follow_symlinks=False)
        yield entry.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns
