"""Language codes in the names of files: `about.fr.md`."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageSuffixes:
    """The languages of a site. `page.fr.md` is in French if `fr` is one of them."""

    folders: Mapping[str, str]
    """The folder in addresses of each language, by its code. The default language comes first."""

    @property
    def default(self) -> str:
        return next(iter(self.folders), "")

    def split(self, path: str) -> tuple[str, str]:
        """The language of a file, and its path without the code."""
        stem, suffix = posixpath.splitext(path)
        bare, dot, language = stem.rpartition(".")
        if dot and language in self.folders and posixpath.basename(bare):
            return language, bare + suffix
        return self.default, path

    def with_suffix(self, language: str, path: str) -> str:
        """The new file: `about.md` in French is `about.fr.md`."""
        if language == self.default:
            return path
        return f"{path.removesuffix('.md')}.{language}.md"

    def with_folder(self, language: str, address: str) -> str:
        """The address, below the folder of its language."""
        folder = self.folders.get(language, "")
        return f"/{folder}{address}" if folder else address
