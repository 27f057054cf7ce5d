"""Whether a build has nothing to do: sizes and times of files tell, before any of them is read.

A build leaves a note: the fingerprint of what it was made of, and of the files that it left beside
the publish folder. The next build compares, and if both are the same and no page has come of age
since, it is done. If a build hook or a plugin may read anything, nothing is known.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ssg.build.layout import Layout
from ssg.build.publish.written_files import WrittenFiles, all_unchanged
from ssg.config.load import Project
from ssg.config.target_registry import host_files
from ssg.config.themes import theme_chain
from ssg.fingerprint.code import code_fingerprint
from ssg.fingerprint.digest import digest_of
from ssg.fingerprint.files import settled_tree_fingerprint, tree_fingerprint
from ssg.fingerprint.input_folders import BUILD_HOOKS, input_paths


@dataclass(frozen=True, slots=True)
class BuildFingerprint:
    """Fingerprints of what a build is made of, from before anything was read."""

    key: str
    """Of the code, the settings and the options."""
    files: str


def build_fingerprint(project: Project, options: str) -> BuildFingerprint | None:
    """Compute the fingerprints of a build; None if they do not tell what it will make.

    `options` is the key of what the build is asked for beside the configuration.
    """
    if may_read_anything(project):
        return None
    asked = code_fingerprint(), repr(project.settings), options, str(project.config_path)
    themes = [theme.folder for theme in theme_chain(project.root, project.settings.theme)]
    return BuildFingerprint(
        digest_of(*asked), settled_tree_fingerprint(input_paths(project.root, host_files(), themes))
    )


def may_read_anything(project: Project) -> bool:
    """Whether a build hook or a plugin may read files or the network."""
    return bool(project.settings.plugins) or (project.root / BUILD_HOOKS).exists()


def write_note(
    layout: Layout,
    fingerprint: BuildFingerprint,
    hours: tuple[float, float],
    folders: Iterable[str],
    report: Any,
) -> None:
    """Note what a build was made of, what it left, and between which times that stays right.

    `folders` are those of its target; `hours` are in seconds since 1970.
    """
    layout.up_to_date.parent.mkdir(parents=True, exist_ok=True)
    note = {
        "key": fingerprint.key,
        "files": fingerprint.files,
        "since": hours[0],
        "until": hours[1],
        "state": _state(layout, folders),
        "report": report,
    }
    draft = layout.up_to_date.with_suffix(".new")
    draft.write_text(json.dumps(note, ensure_ascii=False), "utf-8")
    draft.replace(layout.up_to_date)


def report_if_up_to_date(
    layout: Layout, fingerprint: BuildFingerprint, now: dt.datetime
) -> dict[str, Any] | None:
    """The report of the last build, if another one would do nothing; else None."""
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
    """The fingerprint of what a build leaves beside the publish folder.

    Files of a target's folder may be hard links to those of the folder before.
    """
    own: list[Path] = [layout.hosts_dir / name for name in folders]
    places = [layout.database, layout.manifest, layout.dependencies, layout.written_files, *own]
    return tree_fingerprint(places, with_inodes=False)
