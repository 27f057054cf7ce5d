"""From a name to the page of what it means, as the code around it understands the name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import griffe

from ssg.plugins.python_reference.addresses import Place
from ssg.plugins.python_reference.members import bases_of, target_of

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_CONTENT = re.compile(r"content/([\w/.-]+\.md)")


@dataclass(frozen=True, slots=True)
class Links:
    """Finds pages by names. Answers are kept: many texts of a scope use the same names."""

    places: Mapping[str, Place]
    """Each place by the full name of what it shows."""
    collection: griffe.ModulesCollection
    content: Path
    """The folder of the site's own pages, to which docstrings may refer."""
    _found: dict[tuple[griffe.Object, str], Place | None] = field(default_factory=dict)

    def find(self, name: str, scope: griffe.Object) -> Place | None:
        """The place that `name` leads to where it is written in `scope`: a name of its own, one
        that it imports, one of a scope around it, or a full name."""
        key = (scope, name)
        if key not in self._found:
            self._found[key] = self._find(name, scope) if _NAME.fullmatch(name) else None
        return self._found[key]

    def _find(self, name: str, scope: griffe.Object) -> Place | None:
        first, dot, rest = name.partition(".")
        try:
            resolved = self._place(f"{scope.resolve(first)}{dot}{rest}")
        except griffe.NameResolutionError:
            resolved = None
        return resolved or self._place(name)

    def _place(self, path: str) -> Place | None:
        if path in self.places:
            return self.places[path]
        if (found := self._member(path)) is not None:
            return self.places.get(found.path)
        above, _, name = path.rpartition(".")
        owner = self._member(above) if above else None
        bases = bases_of(owner) if isinstance(owner, griffe.Class) else []
        inherited = (self.places.get(f"{base.path}.{name}") for base in bases)
        return next(filter(None, inherited), None)

    def _member(self, path: str) -> griffe.Object | None:
        """What a full name means, also where a module only imports it."""
        try:
            found = self.collection.get_member(path)
        except (KeyError, ValueError, griffe.AliasResolutionError, griffe.CyclicAliasError):
            return None
        return target_of(found) if isinstance(found, griffe.Alias) else found

    def content_page(self, words: str) -> str | None:
        """The source of one of the site's own pages that a docstring names by its file."""
        match = _CONTENT.fullmatch(words)
        return match[1] if match and (self.content / match[1]).is_file() else None


@dataclass(frozen=True, slots=True)
class Context:
    """Where something is written: the page, and the scope whose names count there."""

    links: Links
    scope: griffe.Object
    here: Place

    def find(self, name: str) -> Place | None:
        """The place that a name leads to, if that is not where it is written."""
        place = self.links.find(name, self.scope)
        if place and place.source == self.here.source and place.part in ("", self.here.part):
            return None
        return place

    def within(self, scope: griffe.Object, part: str) -> Context:
        """The context of a part of the page."""
        return Context(self.links, scope, Place(self.here.source, part))

    def url(self, place: Place) -> str:
        """A relative address, for HTML."""
        way = posixpath.relpath(place.folder, self.here.folder)
        page = "" if way == "." else f"{way}/"
        return (page + (f"#{place.part}" if place.part else "")) or "./"


def markdown_link(text: str, place: Place) -> str:
    """A link by the source of its target, which a build checks."""
    part = f"#{place.part}" if place.part else ""
    return f"[{text}](@/{place.source}{part})"
