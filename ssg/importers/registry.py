"""The generators whose sites can be imported."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Protocol, cast

from ssg.importers.facts.deferral import Deferral
from ssg.importers.finish import Carried, finish
from ssg.importers.imported import ImportedSite, Notes
from ssg.importers.tree import Tree
from ssg.model.errors import OldSiteError, Problem

GENERATORS: Mapping[str, str] = {
    "hugo": "Hugo",
    "jekyll": "Jekyll",
    "zola": "Zola",
    "pelican": "Pelican",
    "mkdocs": "MkDocs",
}
_NEEDED: Mapping[str, tuple[str, str]] = {"liquid": ("python-liquid", "jekyll")}
"""A module that not everybody has: its package, and the extra of ours that brings it."""


class Importer(Protocol):
    """`ssg.importers.NAME.convert.convert`: reads a site, notes what it cannot carry."""

    def __call__(self, tree: Tree, notes: Notes) -> Carried: ...


def import_site(name: str, tree: Tree, deferral: Deferral | None = None) -> ImportedSite:
    """A site of a generator as a site of ours. Nothing is written."""
    notes = Notes()
    return finish(_importer(name)(tree, notes), tree, notes, deferral)


def _importer(name: str) -> Importer:
    """By name: each importer loads what it needs, and nobody else does."""
    try:
        module = importlib.import_module(f"ssg.importers.{name}.convert")
    except ModuleNotFoundError as error:
        package, extra = _NEEDED.get((error.name or "").partition(".")[0], ("", ""))
        if not package:
            raise
        hint = f'Run pip install "ssg[{extra}]"'
        message = f"importing from {GENERATORS[name]} needs the package {package}"
        raise OldSiteError(Problem(message, None, hint)) from error
    return cast(Importer, module.convert)
