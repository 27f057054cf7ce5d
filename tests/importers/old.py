"""Imports small sites from a temporary folder."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ssg.importers.imported_site import ImportedSite, TextFile
from ssg.importers.registry import import_site
from ssg.importers.site_data.deferred_rules import DeferSuggestion
from ssg.importers.source_tree import SourceTree
from tests.conftest import Files, write

BARE: Mapping[str, Files] = {
    "hugo": {"hugo.toml": 'title = "Old"\nbaseURL = "https://old.example.com/"\n'},
    "jekyll": {"_config.yml": "title: Old\nurl: https://old.example.com\n"},
    "zola": {"config.toml": 'title = "Old"\nbase_url = "https://old.example.com"\n'},
    "pelican": {"pelicanconf.py": 'SITENAME = "Old"\nSITEURL = "https://old.example.com"\n'},
    "mkdocs": {"mkdocs.yml": "site_name: Old\nsite_url: https://old.example.com/\n"},
}
"""The minimal site of each generator."""


class Imported:
    """An imported site, with access to its files and findings."""

    def __init__(self, site: ImportedSite) -> None:
        self.site = site
        self.config = site.config
        self.texts = {file.path: file.text for file in site.files if isinstance(file, TextFile)}
        self.paths = [file.path for file in site.files]

    def page(self, place: str) -> str:
        return self.texts[f"content/{place}"]

    def body(self, place: str) -> str:
        """The text of a page, without its front matter."""
        return self.page(place).split("---\n", 2)[2].strip("\n")

    @property
    def findings(self) -> list[str]:
        """Each as `place: what`, in their order."""
        return [f"{one.where}: {one.what}" if one.where else one.what
                for one in self.site.findings]  # fmt: skip


@pytest.fixture
def old(tmp_path: Path) -> Callable[..., Imported]:
    """Import files over a bare site: `old("hugo", {"content/a.md": "A"})`."""

    def make(generator: str, files: Files, deferral: DeferSuggestion | None = None) -> Imported:
        write(tmp_path, {**BARE[generator], **files})
        return Imported(import_site(generator, SourceTree(tmp_path), deferral))

    return make
