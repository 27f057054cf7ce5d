"""Which members of a module or class are shown, and in which order."""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, field

import griffe

from ssg.plugins.python_reference.load_packages import is_excluded
from ssg.plugins.python_reference.options import Options

Symbol = griffe.Class | griffe.Function
"""What has a page of its own beside a module."""

Scope = griffe.Module | griffe.Class

_ENUMS = ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "ReprEnum")


@dataclass(frozen=True, slots=True)
class Members:
    """Chooses members by the options of the site."""

    options: Options
    _chosen: dict[Scope, list[griffe.Object]] = field(default_factory=dict)

    def submodules(self, module: griffe.Module) -> list[griffe.Module]:
        """Modules of a package, by name: their files have no order of their own."""
        found = (one for one in module.members.values() if isinstance(one, griffe.Module))
        return sorted(filter(self._shows_module, found), key=lambda one: one.name)

    def symbols(self, scope: Scope) -> list[Symbol]:
        """Classes and functions; the methods of a class."""
        return [one for one in self._own(scope) if isinstance(one, Symbol)]

    def attributes(self, scope: Scope) -> list[griffe.Attribute]:
        """Constants of a module; fields and properties of a class."""
        return [one for one in self._own(scope) if isinstance(one, griffe.Attribute)]

    def type_aliases(self, scope: Scope) -> list[griffe.TypeAlias]:
        """Aliases that the `type` statement of Python 3.12 makes."""
        return [one for one in self._own(scope) if isinstance(one, griffe.TypeAlias)]

    def exports(self, module: griffe.Module) -> list[griffe.Alias]:
        """Names of other modules that a module lists in its `__all__`, by name."""
        named = _exported(module) or frozenset()
        found = (one for one in module.members.values() if isinstance(one, griffe.Alias))
        return sorted((one for one in found if one.name in named), key=lambda one: one.name)

    def inherited(self, class_: griffe.Class) -> Iterator[tuple[griffe.Class, list[str]]]:
        """Members that a class has from each of its documented bases, the nearest first."""
        seen = set(class_.members)
        for base in bases_of(class_) if self.options.inherited else ():
            names = [one.name for one in self._own(base) if one.name not in seen]
            seen.update(names)
            if names:
                yield base, names

    def _own(self, scope: Scope) -> list[griffe.Object]:
        if scope not in self._chosen:
            self._chosen[scope] = self._choose(scope)
        return self._chosen[scope]

    def _choose(self, scope: Scope) -> list[griffe.Object]:
        exported = _exported(scope) if isinstance(scope, griffe.Module) else None
        shown = [
            one
            for name, one in scope.members.items()
            if isinstance(one, griffe.Class | griffe.Function | griffe.Attribute | griffe.TypeAlias)
            and self._shows(name, one, exported)
        ]
        if self.options.order == "alphabetical":
            return sorted(shown, key=lambda one: (one.name.lower(), one.name))
        return sorted(shown, key=lambda one: (one.lineno or 0, one.name))

    def _shows_module(self, module: griffe.Module) -> bool:
        if is_excluded(module.path, self.options.exclude):
            return False
        return self.options.members == "all" or not module.name.startswith("_")

    def _shows(self, name: str, member: griffe.Object, exported: Set[str] | None) -> bool:
        """A special method is shown if it is documented; the constructor is part of its class."""
        if name.startswith("__") and name.endswith("__"):
            return name != "__init__" and not member.is_attribute and member.has_docstring
        if self.options.members == "all":
            return True
        return not name.startswith("_") if exported is None else name in exported


def _exported(module: griffe.Module) -> frozenset[str] | None:
    """The names in `__all__`; None if a module does not have it."""
    names = module.exports
    return frozenset(one if isinstance(one, str) else one.name for one in names) if names else None


def bases_of(class_: griffe.Class) -> list[griffe.Class]:
    """The bases of a class that are read, the nearest first."""
    try:
        return class_.mro()
    except ValueError:  # no order satisfies all bases
        return []


def target_of(alias: griffe.Alias) -> griffe.Object | None:
    """What an imported name means; None if its module is not read."""
    try:
        return alias.final_target
    except (griffe.AliasResolutionError, griffe.CyclicAliasError):
        return None


def is_enum(class_: griffe.Class) -> bool:
    """Whether a class is an enumeration of the standard library's kinds."""
    names = (str(base).rpartition(".") for base in class_.bases)
    return any(name in _ENUMS and above in ("", "enum") for above, _, name in names)


def constructor(class_: griffe.Class) -> griffe.Function | None:
    """The `__init__` that is written in the source: griffe adds one to data classes."""
    begin = class_.members.get("__init__")
    return begin if isinstance(begin, griffe.Function) and begin.lineno else None
