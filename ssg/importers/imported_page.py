"""A page on its way from the old site to the new one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from ssg.model.urls import INDEX_FILE, canonical_path

LanguageFolders = Mapping[str, str]
"""The folder in addresses of each language, by its code. The default language comes first."""
ONE_LANGUAGE: LanguageFolders = MappingProxyType({})
"""A site in one language."""


@dataclass(frozen=True, slots=True)
class ImportedPage:
    """A page: its file in the old site, its file in the new one, and its content.

    `origin` is the file in the old site, '' for a page that the import adds; `line` is the line
    on which `text` begins there. `content_path` is the new file below `content/`, `values` its
    front matter, and `address` the path that visitors know, '' if the page had none.
    """

    origin: str
    content_path: str
    values: Mapping[str, Any]
    text: str = ""
    line: int = 1
    address: str = ""

    @property
    def folder(self) -> str:
        return self.content_path.rpartition("/")[0]

    @property
    def is_section(self) -> bool:
        return self.content_path.rpartition("/")[2].startswith("_index.")

    @property
    def is_html(self) -> bool:
        """Whether the text is HTML without any Markdown."""
        return self.origin.lower().endswith((".html", ".htm"))

    def with_values(self, **values: Any) -> ImportedPage:
        """A copy with more front matter."""
        return replace(self, values={**self.values, **values})


Pages = Sequence[ImportedPage]


def content_paths(pages: Iterable[ImportedPage]) -> dict[str, str]:
    """The new file of each page by its old one."""
    return {page.origin: page.content_path for page in pages if page.origin}


def address_path(address: str) -> str:
    """An address of the old site as a canonical path: `blog/index.html` -> `/blog/`."""
    path = canonical_path(address)
    return path.removesuffix(INDEX_FILE) if path.endswith("/" + INDEX_FILE) else path
