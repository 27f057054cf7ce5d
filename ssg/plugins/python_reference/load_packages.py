"""Packages -> griffe's models of their modules. The sources are parsed; nothing is imported."""

from __future__ import annotations

import ast
import gc
import logging
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from pathlib import Path
from typing import Any

import griffe

from ssg.model.errors import HookError, Location, Problem, did_you_mean
from ssg.plugins.python_reference.options import Options

logging.getLogger("griffe").addHandler(logging.NullHandler())
"""What griffe cannot read becomes a problem here; Python would print its messages as well."""


@dataclass(frozen=True, slots=True)
class Packages:
    """The documented packages, and what griffe knows of the code around them."""

    roots: Sequence[griffe.Module]
    """A module for each name of the option `packages`."""
    collection: griffe.ModulesCollection
    files: SourceFiles


@dataclass(frozen=True, slots=True)
class SourceFiles:
    """Names of source files as a page shows them: below the site's folder, or a search path."""

    folders: Sequence[Path]

    def name(self, file: Path) -> str:
        """The path of a file relative to the first folder that contains it."""
        near = (folder for folder in self.folders if file.is_relative_to(folder))
        return next((file.relative_to(folder).as_posix() for folder in near), str(file))


def load_packages(root: Path, options: Options) -> Packages:
    """Read the packages. Raises HookError for each that is missing and each file with a fault."""
    paths = [path for name in options.search_paths if (path := (root / name).resolve()).is_dir()]
    files = SourceFiles([root.resolve(), *paths])
    loader = _Loader(_Finder(paths, options))
    for name in _top_names(options):
        _load(loader, name, files, options)
    if faults := [*_faults(loader, files)]:
        raise HookError(faults)
    roots = [_module(loader.modules_collection, name, options) for name in options.packages]
    return Packages(roots, loader.modules_collection, files)


class _Finder(griffe.ModuleFinder):
    """Finds only modules that are documented, in an order that is always the same."""

    def __init__(self, paths: Sequence[Path], options: Options) -> None:
        super().__init__(paths)
        self._options = options
        self.found: list[tuple[str, tuple[str, ...], Path]] = []

    def submodules(self, module: griffe.Module) -> list[tuple[tuple[str, ...], Path]]:
        below = [
            (parts, path)
            for parts, path in sorted(super().submodules(module))
            if self._is_wanted(".".join((module.name, *parts)))
        ]
        below.sort(key=lambda one: len(one[0]))  # griffe needs a package before its modules
        self.found += [(module.name, parts, path) for parts, path in below]
        return below

    def _is_wanted(self, name: str) -> bool:
        """Whether a module is documented, or contains one that is."""
        if is_excluded(name, self._options.exclude):
            return False
        dotted = f"{name}."
        wanted = (f"{package}." for package in self._options.packages)
        return any(dotted.startswith(one) or one.startswith(dotted) for one in wanted)


def is_excluded(name: str, patterns: Sequence[str]) -> bool:
    """Whether a module or a package around it is left out."""
    return any(fnmatchcase(name, one) or fnmatchcase(name, f"{one}.*") for one in patterns)


class _Loader(griffe.GriffeLoader):
    """Reads sources only: what is compiled would have to be imported."""

    def __init__(self, finder: _Finder) -> None:
        super().__init__(allow_inspection=False, store_source=False)
        self._finder = finder

    @cached_property
    def finder(self) -> _Finder:
        return self._finder


@contextmanager
def quietly() -> Iterator[None]:
    """Read sources without Python's warnings about them, and without garbage collection: models
    of modules are many, and all are in use."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        if was_enabled:
            gc.enable()


def _top_names(options: Options) -> list[str]:
    return list(dict.fromkeys(name.partition(".")[0] for name in options.packages))


def _load(loader: _Loader, name: str, files: SourceFiles, options: Options) -> None:
    """Read a package with its modules."""
    paths = loader.finder.search_paths
    try:
        loader.load(name, try_relative_path=False)
    except ModuleNotFoundError as error:
        raise HookError(_missing(name, paths, options)) from error
    except (griffe.LoadingError, ValueError, RecursionError) as error:
        tops = [path / top for path in paths for top in (f"{name}/__init__.py", f"{name}.py")]
        faults = [*_faults_of([*tops, *(path for *_, path in loader.finder.found)], files)]
        message = f'cannot read the package "{name}": {error}'
        raise HookError(faults or Problem(message, options.packages_at)) from error


def _missing(name: str, paths: Sequence[Path], options: Options) -> Problem:
    near = did_you_mean(name, {entry.stem for path in paths for entry in path.iterdir()})
    where = ", ".join(f'"{path}"' for path in options.search_paths)
    hint = near or "search_paths names the folders that contain packages"
    return Problem(f'there is no package "{name}" in {where}', options.packages_at, hint)


def _faults(loader: _Loader, files: SourceFiles) -> Iterator[Problem]:
    """What is wrong with the files that griffe passed over."""
    modules = loader.modules_collection.members
    return _faults_of(
        [path for name, parts, path in loader.finder.found if not _contains(modules[name], parts)],
        files,
    )


def _contains(module: Any, parts: Sequence[str]) -> bool:
    for part in parts:
        module = module.members.get(part) if module is not None and not module.is_alias else None
    return isinstance(module, griffe.Module)


def _faults_of(paths: Sequence[Path], files: SourceFiles) -> Iterator[Problem]:
    for path in paths:
        if path.suffix not in {".py", ".pyi"}:
            continue
        name = files.name(path)
        data = path.read_bytes() if path.is_file() else b""
        try:
            ast.parse(data.decode("utf-8-sig"))
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            yield Problem("the file is not UTF-8", Location(name, line), "Save it as UTF-8")
        except SyntaxError as error:
            where = Location(name, error.lineno, error.offset)
            yield Problem(f"this is not valid Python: {error.msg}", where)
        except (ValueError, RecursionError) as error:
            yield Problem(f"this is not valid Python: {error}", Location(name))


def _module(collection: griffe.ModulesCollection, name: str, options: Options) -> griffe.Module:
    """The module of one of the packages."""
    found: Any = collection
    for part in name.split("."):
        above, found = found, found.members.get(part)
        if not isinstance(found, griffe.Module):
            message = f'there is no module "{part}" in the package "{above.path}"'
            near = did_you_mean(part, _names_in(above))
            raise HookError(Problem(message, options.packages_at, near))
    module: griffe.Module = found
    return module


def _names_in(package: griffe.Module) -> set[str]:
    file = package.filepath
    folders = file if isinstance(file, list) else [file.parent]
    return {entry.stem for folder in folders for entry in folder.iterdir()}
