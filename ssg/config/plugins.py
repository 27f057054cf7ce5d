"""Plugins: installed packages that name a function of theirs as an entry point.

See https://packaging.python.org/en/latest/specifications/entry-points/.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import EntryPoint, entry_points

RENDER_GROUP = "ssg.plugins"
"""`setup(hooks)` for rendering. Its package travels to the builder."""

BUILD_GROUP = "ssg.build_plugins"
"""`setup(hooks)` for the build alone. It may import what it likes."""


def plugin_names() -> set[str]:
    """Every installed plugin."""
    return {*entry_points(group=RENDER_GROUP).names, *entry_points(group=BUILD_GROUP).names}


def chosen(group: str, names: Sequence[str]) -> list[EntryPoint]:
    """The entry points of a group that a site has chosen, in the site's order."""
    if not names:
        return []  # finding them reads a file of every installed package
    installed = {entry.name: entry for entry in entry_points(group=group)}
    return [installed[name] for name in names if name in installed]
