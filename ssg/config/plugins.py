"""Plugins: installed packages that name a function of theirs as an entry point.

See https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint, EntryPoints

RENDER_GROUP = "ssg.plugins"
"""`setup(hooks)` for rendering. Its package is shipped with the function."""

BUILD_GROUP = "ssg.build_plugins"
"""`setup(hooks)` for the build alone. It may import any package."""


def plugin_names() -> set[str]:
    """The names of all installed plugins."""
    return {*_installed(RENDER_GROUP).names, *_installed(BUILD_GROUP).names}


def chosen(group: str, names: Sequence[str]) -> list[EntryPoint]:
    """The entry points of a group that a site has chosen, in the site's order."""
    if not names:
        return []  # finding plugins reads a file of every installed package
    installed = {entry.name: entry for entry in _installed(group)}
    return [installed[name] for name in names if name in installed]


def _installed(group: str) -> EntryPoints:
    from importlib.metadata import entry_points  # noqa: PLC0415 with email, for a site with plugins

    return entry_points(group=group)
