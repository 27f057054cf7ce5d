"""Tells whether a build has nothing to do, by sizes and times of files, before any is read.

A build leaves a note with two fingerprints: that of its inputs, and that of the files that it left
in `.ssg` and in the folders of the target. If both are the same at the next build, and so are sizes
and times in the publish folder, and no page changes with the clock, that build ends at once. With
build hooks or plugins, which may read any file, or known paths of live pages, no note is used.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.build.layout import Layout
from ssg.build.publish.written_files import WrittenFiles, all_unchanged
from ssg.config.load import Project
from ssg.config.target_registry import TARGETS, host_files
from ssg.config.themes import theme_chain
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of
from ssg.fingerprint.files import settled_tree_fingerprint, tree_fingerprint
from ssg.fingerprint.input_folders import BUILD_HOOKS, input_paths


@dataclass(frozen=True, slots=True)
class BuildFingerprint:
    """Fingerprints of the inputs of a build, from before any of them was read."""

    key: str
    """Of the code, the settings and the options."""
    files: str


def build_fingerprint(project: Project, options: str) -> BuildFingerprint | None:
    """Compute the fingerprints of a build; None if its hooks or plugins may read any file, or if
    it asks sources of data, whose answers may change.

    `options` is the key of the build's options.
    """
    if may_read_anything(project) or project.settings.site.has_known_paths:
        return None
    variables = TARGETS[project.settings.target.name].environment
    host = repr([os.environ.get(name) for name in variables])
    asked = code_fingerprint(), repr(project.settings), options, str(project.config_path), host
    themes = [theme.folder for theme in theme_chain(project.root, project.settings.theme)]
    return BuildFingerprint(
        digest_of(*asked), settled_tree_fingerprint(input_paths(project.root, host_files(), themes))
    )


def may_read_anything(project: Project) -> bool:
    """Whether there are build hooks or plugins, which may read files or the network."""
    return bool(project.settings.plugins) or (project.root / BUILD_HOOKS).exists()


def write_note(
    layout: Layout,
    fingerprint: BuildFingerprint,
    valid_between: tuple[float, float],
    folders: Iterable[str],
    report: Any,
) -> None:
    """Write the note of a build.

    `folders` are those of its target. `valid_between` are times in seconds since 1970.
    """
    layout.up_to_date.parent.mkdir(parents=True, exist_ok=True)
    note = {
        "key": fingerprint.key,
        "files": fingerprint.files,
        "since": valid_between[0],
        "until": valid_between[1],
        "state": _state(layout, folders),
        "report": report,
    }
    temporary = layout.up_to_date.with_suffix(".new")
    temporary.write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    temporary.replace(layout.up_to_date)


def report_if_up_to_date(
    layout: Layout, fingerprint: BuildFingerprint, now: dt.datetime
) -> dict[str, Any] | None:
    """The report of the previous build if it is up to date, else None."""
    try:
        note = json.loads(layout.up_to_date.read_text("utf-8"))
        if (note["key"], note["files"]) != (fingerprint.key, fingerprint.files):
            return None
        if not note["since"] <= now.timestamp() < note["until"]:
            return None
        written = WrittenFiles.read(layout.written_files, layout.root)
        if layout.journal.exists() or note["state"] != _state(layout, written.folders):
            return None
        report: dict[str, Any] = note["report"]
    except (OSError, ValueError, LookupError, TypeError):
        return None
    files = written.files_in(layout.output)
    return report if files and all_unchanged(layout.output, files) else None


def _state(layout: Layout, folders: Iterable[str]) -> str:
    """The fingerprint of what a build leaves outside the publish folder.

    Files in folders of a target may be hard links, so the times of their inodes do not count.
    """
    own: list[Path] = [layout.hosts_dir / name for name in folders]
    files = [layout.database, layout.manifest, layout.dependencies, layout.written_files]
    return tree_fingerprint([*files, layout.tag_table, *own], with_inodes=False)
