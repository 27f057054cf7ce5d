"""Checks that the Python of a site can run in the builder, by following its imports."""

from __future__ import annotations

import ast
import importlib.util
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.machinery import EXTENSION_SUFFIXES, ModuleSpec
from pathlib import Path

from ssg.model.code import Module
from ssg.model.errors import Location, Problem
from ssg.render.module_importer import is_shipped

_OPTIONAL = frozenset({"ImportError", "ModuleNotFoundError", "Exception"})


@dataclass(frozen=True, slots=True)
class _Import:
    """An import of `module`. `members` are names in it, which may be modules."""

    module: str
    members: tuple[str, ...]
    line: int


def check_imports(modules: Mapping[str, Module], entries: Sequence[str]) -> list[Problem]:
    """A problem for each import that cannot work, of all modules that the entry modules reach.

    An import that may fail (`try`, `except ImportError`) or is for type checkers is ignored.
    """
    return _Walk(modules).problems_from(entries)


@dataclass(slots=True)
class _Walk:
    modules: Mapping[str, Module]
    importers: dict[str, str] = field(default_factory=dict)
    """Each module, and the one that imported it first."""

    def problems_from(self, entries: Sequence[str]) -> list[Problem]:
        problems: list[Problem] = []
        waiting = [name for entry in entries for name in self._known(entry)]
        seen = set(waiting)
        while waiting:
            module = self.modules[waiting.pop(0)]
            try:
                tree = ast.parse(module.text)
            except SyntaxError as error:
                where = Location(module.origin, error.lineno)
                problems.append(Problem(f"not valid Python: {error.msg}", where))
                continue
            for found in _imports(tree.body, module):
                if reason := self._reason(found.module):
                    where = Location(module.origin, found.line)
                    problems.append(Problem(reason, where, self._chain(module.name, found.module)))
                for name in self._known(found.module, *found.members):
                    if name not in seen:
                        seen.add(name)
                        self.importers[name] = module.name
                        waiting.append(name)
        return problems

    def _known(self, *names: str) -> Iterator[str]:
        """The modules of the site among some names, and the packages around them."""
        for name in names:
            parts = name.split(".")
            above = (".".join(parts[:end]) for end in range(1, len(parts) + 1))
            yield from (wanted for wanted in above if wanted in self.modules)

    def _reason(self, name: str) -> str | None:
        """Why a module cannot be imported in the builder."""
        top = name.partition(".")[0]
        if name in self.modules or (top not in self.modules and is_shipped(name)):
            return None
        if not name:
            return "a relative import needs a package"
        if _is_compiled(top):
            return f'"{name}" is compiled and cannot run in the builder'
        if top in self.modules:
            return f'there is no module "{name}"'
        return f'"{name}" is not available in the builder'

    def _chain(self, importer: str, name: str) -> str:
        """The chain of imports, if it is longer than one module; otherwise what to do."""
        names = [importer]
        while names[0] in self.importers:
            names.insert(0, self.importers[names[0]])
        if len(names) > 1:
            origins = [self.modules[name].origin for name in names]
            return f"{origins[0]} imports {', which imports '.join([*origins[1:], name])}"
        if not name or self.modules[importer].origin.count("/") == 0:
            return "A folder hooks/ with __init__.py can have modules beside it: from . import name"
        return "Hooks may import Python's standard library and what ssg renders with"


def _imports(body: Sequence[ast.AST], module: Module) -> Iterator[_Import]:
    for node in body:
        if isinstance(node, ast.Import):
            yield from (_Import(alias.name, (), node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            name = _absolute(node, module)
            members = tuple(f"{name}.{alias.name}" for alias in node.names)
            yield _Import(name, members, node.lineno)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            yield from _imports(node.orelse, module)
        elif isinstance(node, ast.Try) and any(map(_is_optional, node.handlers)):
            yield from _imports([*node.handlers, *node.orelse, *node.finalbody], module)
        else:
            yield from _imports(list(ast.iter_child_nodes(node)), module)


def _is_optional(handler: ast.ExceptHandler) -> bool:
    caught = {node.id for node in ast.walk(handler.type or handler) if isinstance(node, ast.Name)}
    return handler.type is None or bool(caught & _OPTIONAL)


def _absolute(node: ast.ImportFrom, module: Module) -> str:
    """The full name of an imported module; '' if a relative import leaves the package."""
    package = module.name if module.is_package else module.name.rpartition(".")[0]
    try:
        return importlib.util.resolve_name("." * node.level + (node.module or ""), package)
    except ImportError:
        return ""


def _is_compiled(top: str) -> bool:
    """Whether an installed package contains compiled extensions."""
    spec = find_spec(top)
    if spec is None:
        return False
    if spec.origin and spec.origin.endswith(tuple(EXTENSION_SUFFIXES)):
        return True
    folders = map(Path, spec.submodule_search_locations or ())
    return any(
        file.name.endswith(tuple(EXTENSION_SUFFIXES)) for f in folders for file in f.rglob("*.*")
    )


def find_spec(top: str) -> ModuleSpec | None:
    """The spec of an installed top-level module, whatever was imported by its name before."""
    found = (finder.find_spec(top, None) for finder in sys.meta_path)
    return next((spec for spec in found if spec), None)
