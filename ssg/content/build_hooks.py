"""Runs the Python of a site at build time: `build_hooks.py`, and plugins.

It is not shipped, so it may import and read anything. See `content/docs/hooks.md`.
"""

from __future__ import annotations

import sys
import sysconfig
import traceback
from collections.abc import Callable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from ssg.config.load import Project, extra_table
from ssg.config.plugins import BUILD_GROUP, chosen
from ssg.config.table import Table
from ssg.content.source.front_matter import ParsedSource
from ssg.model.errors import HookError, Location, Problem
from ssg.render.module_importer import forget_site_modules

BUILD_HOOKS = "build_hooks"
FILE = f"{BUILD_HOOKS}.py"

Hook = Callable[[Any], object]
AnyHook = TypeVar("AnyHook", bound=Hook)
_Result = TypeVar("_Result")


@dataclass(slots=True)
class SourcePage:
    """A Markdown file on its way into the site database, or a page that a hook makes."""

    source: str
    """Its path below `content/`."""
    front: dict[str, Any] = field(default_factory=dict)
    """Its front matter, which a hook for pages may change."""
    text: str = ""


@dataclass(slots=True)
class BuildHooks:
    """The hooks that `setup(hooks)` registers. `on_...` methods are decorators."""

    source_hooks: list[Hook] = field(default_factory=list)
    page_hooks: list[Hook] = field(default_factory=list)
    done_hooks: list[Hook] = field(default_factory=list)
    project: Project | None = None
    """The site that is built."""
    problems: list[Problem] = field(default_factory=list)
    """What is wrong with the options of plugins."""

    def options(self, name: str) -> Table:
        """The table `[extra.<name>]` of the configuration, for the options of a plugin."""
        if self.project is None:
            return Table({}, self.problems, lambda _: Location("ssg.toml"), ("extra", name))
        return extra_table(self.project, name, self.problems)

    def on_sources(self, function: AnyHook) -> AnyHook:
        """Called with the site's folder; yields a `SourcePage` for each page that no file makes."""
        self.source_hooks.append(function)
        return function

    def on_page(self, function: AnyHook) -> AnyHook:
        """Called with each `SourcePage`, sections first, before anything is decided."""
        self.page_hooks.append(function)
        return function

    def on_build_done(self, function: AnyHook) -> AnyHook:
        """Called with the report of a build that is in its place."""
        self.done_hooks.append(function)
        return function

    def sources(self, root: Path) -> Iterator[tuple[Any, Location]]:
        """What the hooks for sources yield, each with the place of its hook. Raises HookError."""
        for hook in self.source_hooks:
            place = _place_of(hook, root)
            for page in _call(partial(_all_of, hook), root, None):
                yield page, place

    def page(self, source: ParsedSource, relative: str) -> ParsedSource:
        """A source after all hooks for pages. Raises HookError."""
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
    """Load the build hooks of a site again."""
    try:
        return _load(project)
    except HookError as error:
        problems += error.problems
        return BuildHooks()


def _load(project: Project) -> BuildHooks:
    hooks = BuildHooks(project=project)
    for entry in chosen(BUILD_GROUP, project.settings.plugins):
        forget_site_modules(entry.module.partition(".")[0])  # a preview has rendered with them
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
    """Compile the module here: Python's loader would write a cache beside the site's sources."""
    module = ModuleType(BUILD_HOOKS)
    module.__file__ = str(file)
    sys.modules[BUILD_HOOKS] = module  # as Python's import does; dataclasses look there
    try:
        exec(compile(file.read_bytes(), FILE, "exec", dont_inherit=True), vars(module))  # noqa: S102 the site's own code
    except SyntaxError as error:
        where = Location(FILE, error.lineno)
        raise HookError(Problem(f"not valid Python: {error.msg}", where)) from error
    except Exception as error:
        raise HookError(Problem(_named(error), _place(error))) from error
    return module


def _set_up(setup: object, hooks: BuildHooks, name: str) -> None:
    if not callable(setup):
        raise HookError(Problem("there is no function setup(hooks)", Location(name)))
    _call(setup, hooks, None)
    if hooks.problems:
        raise HookError(hooks.problems)


def _call(hook: Callable[[Any], _Result], argument: object, about: str | None) -> _Result:
    try:
        return hook(argument)
    except HookError:
        raise
    except Exception as error:
        message = _named(error) + (f" (for {about})" if about else "")
        raise HookError(Problem(message, _place(error))) from error


def _all_of(hook: Hook, root: Path) -> list[Any]:
    """Copies of everything that a hook yields, or the one value that it returns instead."""
    found = hook(root)
    return [deepcopy(page) for page in found] if isinstance(found, Iterable) else [found]


def _place_of(hook: Hook, root: Path) -> Location:
    """The location of a hook in its file."""
    code = getattr(hook, "__code__", None)
    if code is None:
        return Location(FILE)
    path = Path(code.co_filename)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else code.co_filename
    return Location(name, code.co_firstlineno)


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def _place(error: Exception) -> Location | None:
    """The innermost line of `build_hooks.py`, or else of code that is not ssg's or Python's."""
    frames = list(traceback.extract_tb(error.__traceback__))
    own = [frame for frame in frames if frame.filename == FILE]
    others = [frame for frame in frames if frame.filename != __file__]
    near = [frame for frame in others if not _is_pythons(frame.filename)]
    found = (*own[-1:], *near[-1:], *others[-1:])
    return next((Location(frame.filename, frame.lineno) for frame in found), None)


def _is_pythons(file: str) -> bool:
    """Whether a file is in the standard library."""
    return file.startswith(sysconfig.get_path("stdlib")) and "site-packages" not in file
