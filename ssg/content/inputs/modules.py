"""Reads `hooks.py` and plugins, which go into the site database and are imported by each render."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ssg.config.load import Project
from ssg.config.plugins import RENDER_GROUP, chosen
from ssg.content.inputs.imports import check_imports, find_spec
from ssg.content.source.walk import walk
from ssg.model.code import Module
from ssg.model.errors import Location, Problem

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

HOOKS = "hooks"
"""The site's own module: `hooks.py`, or the folder `hooks/` with `__init__.py`."""

SETUP = "setup"


@dataclass(frozen=True, slots=True)
class RenderCode:
    """The modules that ship with a site, and the functions to call: `hooks:setup`."""

    modules: tuple[Module, ...] = ()
    setups: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def read_render_code(project: Project) -> RenderCode:
    """The modules of the plugins, and then those of the site, which override them."""
    problems: list[Problem] = []
    modules: dict[str, Module] = {}
    setups: list[str] = []
    for entry in chosen(RENDER_GROUP, project.settings.plugins):
        for module in _plugin_modules(entry, problems):
            modules[module.name] = module
        setups.append(f"{entry.module}:{entry.attr or SETUP}")
    for module in _site_modules(project.root, problems):
        modules[module.name] = module
    if HOOKS in modules:
        setups.append(f"{HOOKS}:{SETUP}")
    problems += check_imports(modules, [setup.partition(":")[0] for setup in setups])
    return RenderCode(
        tuple(modules[name] for name in sorted(modules)), tuple(setups), tuple(problems)
    )


def _site_modules(root: Path, problems: list[Problem]) -> Iterator[Module]:
    if (root / HOOKS / "__init__.py").is_file():
        yield from _package(root / HOOKS, HOOKS, problems)
    elif (root / f"{HOOKS}.py").is_file():
        yield from _module(root / f"{HOOKS}.py", HOOKS, f"{HOOKS}.py", problems)


def _plugin_modules(entry: EntryPoint, problems: list[Problem]) -> Iterator[Module]:
    """The whole package of a plugin, because following its imports could miss modules."""
    top = entry.module.partition(".")[0]
    spec = find_spec(top)
    if spec and spec.submodule_search_locations:
        yield from _package(Path(next(iter(spec.submodule_search_locations))), top, problems)
    elif spec and spec.origin and spec.origin.endswith(".py"):
        yield from _module(Path(spec.origin), top, f"{top}.py", problems)
    else:
        message = f'the plugin "{entry.name}" has no Python source: {top}'
        problems.append(Problem(message, None, "Only pure Python runs in the builder"))


def _package(folder: Path, top: str, problems: list[Problem]) -> Iterator[Module]:
    for entry in walk(folder, problems, top):
        if entry.relative.endswith(".py"):
            parts = [top, *entry.relative.removesuffix(".py").split("/")]
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            origin = f"{top}/{entry.relative}"
            yield from _module(entry.path, name, origin, problems, is_package=is_package)


def _module(
    file: Path, name: str, origin: str, problems: list[Problem], *, is_package: bool = False
) -> Iterator[Module]:
    try:
        yield Module(name, origin, importlib.util.decode_source(file.read_bytes()), is_package)
    except (OSError, UnicodeDecodeError, SyntaxError) as error:
        problems.append(Problem(f"not valid Python: {error}", Location(origin)))
