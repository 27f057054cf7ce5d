"""Where the pages are: each module has a folder, each class and function a file in it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import griffe

from ssg.plugins.python_reference.members import Members, Scope, Symbol, target_of
from ssg.plugins.python_reference.options import page_folder


@dataclass(frozen=True, slots=True)
class Place:
    """A page of the reference, or a part of one."""

    source: str
    """Its path below `content/`."""
    part: str = ""
    """The id of the part."""

    @property
    def folder(self) -> str:
        """The address of the page below the site's root."""
        return posixpath.normpath(self.source.removesuffix(".md").removesuffix("_index")).lower()


@dataclass(frozen=True, slots=True)
class Entry:
    """A page that is to be written."""

    symbol: griffe.Module | Symbol
    module: griffe.Module
    """The module that shows it."""
    name: str
    """Its name in that module: `Boat`, `Boat.Mast`. The full name of a module."""
    place: Place
    weight: int
    exports: Sequence[griffe.Alias] = ()
    """Names that a module exports, and that have their page elsewhere."""
    constants: Sequence[griffe.Attribute] = ()
    """Constants of a module, with those that it exports and that no other page shows."""


def entries_of(roots: Sequence[griffe.Module], folder: str, members: Members) -> list[Entry]:
    """Every page, in the order of the modules' names."""
    walk = _Walk(members, {one.path for root in roots for one in _with_below(root, members)})
    for root in roots:
        walk.module(root, f"{folder}/{page_folder(root.path)}")
    return walk.entries


def _with_below(module: griffe.Module, members: Members) -> Iterator[griffe.Module]:
    yield module
    for one in members.submodules(module):
        yield from _with_below(one, members)


class _Walk:
    """Goes through modules, and gives each page an address that no other page has."""

    def __init__(self, members: Members, shown: Set[str]) -> None:
        self._members = members
        self._shown = shown
        self.entries: list[Entry] = []
        self._modules = 0

    def module(self, module: griffe.Module, folder: str) -> None:
        """Add the pages of a module and of those below it."""
        self._modules += 1
        self.entries.append(self._entry(module, Place(f"{folder}/_index.md")))
        names = _Names()
        below = [(one, names.free(one.name)) for one in self._members.submodules(module)]
        for weight, (name, symbol) in enumerate(self._symbols(module), 1):
            place = Place(f"{folder}/{names.free(name.replace('.', '-'))}.md")
            self.entries.append(Entry(symbol, module, name, place, weight))
        for one, name in below:
            self.module(one, f"{folder}/{name}")

    def _entry(self, module: griffe.Module, place: Place) -> Entry:
        aliases = self._members.exports(module)
        taken_in = {one.name: target for one in aliases if (target := self._homeless(one))}
        constants = (one for one in taken_in.values() if isinstance(one, griffe.Attribute))
        return Entry(
            symbol=module,
            module=module,
            name=module.path,
            place=place,
            weight=self._modules,
            exports=[one for one in aliases if one.name not in taken_in],
            constants=[*self._members.attributes(module), *constants],
        )

    def _symbols(self, module: griffe.Module) -> Iterator[tuple[str, Symbol]]:
        yield from self._with_nested(module)
        for alias in self._members.exports(module):
            target = self._homeless(alias)
            if isinstance(target, Symbol):
                yield alias.name, target
            if isinstance(target, griffe.Class):
                yield from self._with_nested(target, f"{alias.name}.")

    def _with_nested(self, scope: Scope, prefix: str = "") -> Iterator[tuple[str, Symbol]]:
        """Symbols with the classes in classes. Methods are on the page of their class."""
        for symbol in self._members.symbols(scope):
            if isinstance(symbol, griffe.Class) or scope.is_module:
                yield prefix + symbol.name, symbol
            if isinstance(symbol, griffe.Class):
                yield from self._with_nested(symbol, f"{prefix}{symbol.name}.")

    def _homeless(self, alias: griffe.Alias) -> griffe.Object | None:
        """What an exported name means, if the module that defines it does not show it."""
        target = target_of(alias)
        if target is None or target.is_module:
            return None
        module = target.module
        if module.path not in self._shown:
            return target
        shown = [*self._members.symbols(module), *self._members.attributes(module)]
        return None if any(one is target for one in shown) else target


class _Names:
    """Names of files in one folder. Addresses do not tell `Scan` and `scan` apart."""

    def __init__(self) -> None:
        self._taken = {"index", "_index"}

    def free(self, name: str) -> str:
        """A name that no other page of the folder has."""
        while name.lower() in self._taken:
            name += "-2"
        self._taken.add(name.lower())
        return name


def places_of(entries: Iterable[Entry], members: Members) -> Mapping[str, Place]:
    """The place of each symbol by its full name, where it is shown and where it is defined."""
    pages: dict[str, Place] = {}
    parts: dict[str, Place] = {}
    for entry in entries:
        shown = entry.name if entry.symbol.is_module else f"{entry.module.path}.{entry.name}"
        for path in (shown, entry.symbol.path):
            pages.setdefault(path, entry.place)
            for name in _parts(entry.symbol, members):
                parts.setdefault(f"{path}.{name}", Place(entry.place.source, name))
        for constant in entry.constants:
            parts.setdefault(constant.path, Place(entry.place.source, constant.name))
    return {**parts, **pages}


def _parts(symbol: griffe.Module | Symbol, members: Members) -> Iterator[str]:
    """Members that are parts of the page of a symbol."""
    if isinstance(symbol, griffe.Function):
        return
    yield from (one.name for one in members.attributes(symbol))
    yield from (one.name for one in members.type_aliases(symbol))
    if symbol.is_class:
        yield from (one.name for one in members.symbols(symbol) if one.is_function)
