"""What Python of the site's own does at build time alone: `build_hooks.py`, and plugins.

It never travels, so it may import and read what it likes. See `content/docs/hooks.md`.
"""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from ssg.config.load import Project
from ssg.config.plugins import BUILD_GROUP, chosen
from ssg.content.front_matter import Source
from ssg.model.errors import HookError, Location, Problem

BUILD_HOOKS = "build_hooks"
FILE = f"{BUILD_HOOKS}.py"

Hook = Callable[[Any], object]
AnyHook = TypeVar("AnyHook", bound=Hook)


@dataclass(slots=True)
class SourcePage:
    """A Markdown file on its way into the site database. Its front matter may be changed."""

    source: str
    front: dict[str, Any]
    text: str


@dataclass(slots=True)
class BuildHooks:
    """Takes what `setup(hooks)` brings. Each method is a decorator."""

    page_hooks: list[Hook] = field(default_factory=list)
    done_hooks: list[Hook] = field(default_factory=list)

    def on_page(self, function: AnyHook) -> AnyHook:
        """Called with each `SourcePage`, sections first, before anything is decided."""
        self.page_hooks.append(function)
        return function

    def on_build_done(self, function: AnyHook) -> AnyHook:
        """Called with the report of a build that is in its place."""
        self.done_hooks.append(function)
        return function

    def page(self, source: Source, relative: str) -> Source:
        """A source as the hooks leave it. Raises HookError."""
        if not self.page_hooks:
            return source
        page = SourcePage(relative, dict(source.values), source.text)
        for hook in self.page_hooks:
            _call(hook, page, f"content/{relative}")
        return replace(source, values=page.front)

    def build_done(self, report: object) -> None:
        """Raises HookError."""
        for hook in self.done_hooks:
            _call(hook, report, "the end of the build")


def load_build_hooks(project: Project, problems: list[Problem]) -> BuildHooks:
    """The build hooks of a site, read anew. What is wrong is noted in `problems`."""
    try:
        return _load(project)
    except HookError as error:
        problems += error.problems
        return BuildHooks()


def _load(project: Project) -> BuildHooks:
    hooks = BuildHooks()
    for entry in chosen(BUILD_GROUP, project.settings.plugins):
        try:
            loaded = entry.load()
        except Exception as error:
            message = f'the plugin "{entry.name}" cannot be imported: {_named(error)}'
            raise HookError(Problem(message, _place(error))) from error
        setup = getattr(loaded, "setup", None) if isinstance(loaded, ModuleType) else loaded
        _set_up(setup, hooks, entry.module)
    file = project.root / FILE
    if file.is_file():
        _set_up(getattr(_own_module(file), "setup", None), hooks, FILE)
    return hooks


def _own_module(file: Path) -> ModuleType:
    """Compiled from its text: Python's own loader would keep it beside the site's sources."""
    module = ModuleType(BUILD_HOOKS)
    module.__file__ = str(file)
    sys.modules[BUILD_HOOKS] = module  # as Python's import does; dataclasses look there
    try:
        exec(compile(file.read_bytes(), FILE, "exec", dont_inherit=True), vars(module))  # noqa: S102
    except SyntaxError as error:
        where = Location(FILE, error.lineno)
        raise HookError(Problem(f"no valid Python: {error.msg}", where)) from error
    except Exception as error:
        raise HookError(Problem(_named(error), _place(error))) from error
    return module


def _set_up(setup: object, hooks: BuildHooks, name: str) -> None:
    if not callable(setup):
        raise HookError(Problem("there is no function setup(hooks)", Location(name)))
    _call(setup, hooks, None)


def _call(hook: Callable[[Any], object], argument: object, about: str | None) -> None:
    try:
        hook(argument)
    except Exception as error:
        message = _named(error) + (f" (for {about})" if about else "")
        raise HookError(Problem(message, _place(error))) from error


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _place(error: Exception) -> Location | None:
    """The innermost line of `build_hooks.py`; of a plugin, of whatever is not ssg's."""
    frames = list(traceback.extract_tb(error.__traceback__))
    own = [frame for frame in frames if frame.filename == FILE]
    others = [frame for frame in frames if frame.filename != __file__]
    return next((Location(f.filename, f.lineno) for f in (*own[-1:], *others[-1:])), None)
