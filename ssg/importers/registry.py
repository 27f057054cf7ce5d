"""The generators whose sites can be imported."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Protocol, cast

from ssg.importers.assemble import ConvertedSite, assemble
from ssg.importers.imported_site import ImportedSite, ImportNotes
from ssg.importers.limits import TimeLimitError, seconds_for_site, time_limit
from ssg.importers.site_data.deferred_rules import DeferSuggestion
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import Location, OldSiteError, Problem

GENERATORS: Mapping[str, str] = {
    "hugo": "Hugo",
    "jekyll": "Jekyll",
    "zola": "Zola",
    "pelican": "Pelican",
    "mkdocs": "MkDocs",
}
_OPTIONAL: Mapping[str, tuple[str, str]] = {"liquid": ("python-liquid", "jekyll")}
"""Modules of optional packages: the package, and the extra of ssg that installs it."""


class ConvertSite(Protocol):
    """`ssg.importers.NAME.convert.convert`: reads a site, and adds findings to `notes`."""

    def __call__(self, tree: SourceTree, notes: ImportNotes) -> ConvertedSite: ...


def import_site(
    name: str, tree: SourceTree, deferral: DeferSuggestion | None = None
) -> ImportedSite:
    """Convert the site of a generator. Writes nothing."""
    notes = ImportNotes()
    convert = _importer(name)
    try:
        with time_limit(seconds_for_site(len(tree.files), tree.text_size())):
            return assemble(convert(tree, notes), tree, notes, deferral)
    except TimeLimitError:
        where = Location(tree.last_read) if tree.last_read else None
        hint = "The last file that was read may be the cause"
        raise OldSiteError(Problem("the import takes too long", where, hint)) from None
    except (RecursionError, MemoryError) as error:
        where = Location(tree.last_read) if tree.last_read else None
        raise OldSiteError(Problem("something is nested too deeply", where)) from error


def _importer(name: str) -> ConvertSite:
    """Load an importer by name, so that its dependencies are loaded only for it."""
    try:
        module = importlib.import_module(f"ssg.importers.{name}.convert")
    except ModuleNotFoundError as error:
        package, extra = _OPTIONAL.get((error.name or "").partition(".")[0], ("", ""))
        if not package:
            raise
        hint = f'Run pip install "ssg[{extra}]"'
        message = f"importing from {GENERATORS[name]} needs the package {package}"
        raise OldSiteError(Problem(message, None, hint)) from error
    return cast(ConvertSite, module.convert)
