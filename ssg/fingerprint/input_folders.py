"""The inputs of a site: the folders and files that a build may read.

The list is used to see whether anything changed, to watch for changes, and to keep the output
folder out of the inputs.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

CONTENT = "content"
BUILD_HOOKS = "build_hooks.py"
CONFIG_NAME = "ssg.toml"
PYPROJECT_NAME = "pyproject.toml"

FOLDERS = (CONTENT, "templates", "static", "data", "i18n", "queries", "schemas", "themes", "hooks")
FILES = ("hooks.py", BUILD_HOOKS, CONFIG_NAME, PYPROJECT_NAME)


def watched_paths(root: Path, host_files: Iterable[str]) -> list[Path]:
    """All paths whose change may change the site. `host_files` configure the host."""
    return [root / name for name in (*FOLDERS, *FILES, *host_files)]


def input_paths(root: Path, host_files: Iterable[str], theme_folders: Iterable[Path]) -> list[Path]:
    """All paths that a build reads. Of themes, only those in use, wherever they are."""
    folders = [name for name in FOLDERS if name != "themes"]
    return [*(root / name for name in (*folders, *FILES, *host_files)), *theme_folders]
