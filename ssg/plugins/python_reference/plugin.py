"""The entry point of the plugin: `setup(hooks)` is called at each build."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from ssg.content.build_hooks import BuildHooks, SourcePage
from ssg.model.errors import HookError, Problem
from ssg.plugins.python_reference.options import read_options

READER = "griffe"
"""The module of the package griffelib, which not every site needs."""


def setup(hooks: BuildHooks) -> None:
    """Have the pages made at each build. Raises HookError if griffe is not installed."""
    options = read_options(hooks.options("python_reference"))
    if find_spec(READER) is None:
        hint = 'Run pip install "ssg[reference]"'
        message = 'the plugin "python-reference" needs the package griffelib'
        raise HookError(Problem(message, None, hint))
    project = hooks.project
    raw_html = project is None or project.settings.site.markdown.raw_html

    @hooks.on_sources
    def python_reference(root: Path) -> list[SourcePage]:
        from ssg.plugins.python_reference.pages import pages  # noqa: PLC0415 griffe takes long

        return pages(root, options, raw_html)
