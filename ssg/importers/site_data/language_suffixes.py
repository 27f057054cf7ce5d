"""Which language a file of the old site is in, and where it goes."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LanguageSuffixes:
    """The languages of a site. `page.fr.md` is in French if French is one of them.

    `folders` are those of our addresses, by codes; the default language comes first.
    """

    folders: Mapping[str, str]

    @property
    def default(self) -> str:
        return next(iter(self.folders), "")

    def split(self, path: str) -> tuple[str, str]:
        """Language of a file, and its path without it."""
        stem, suffix = posixpath.splitext(path)
        bare, dot, language = stem.rpartition(".")
        if dot and language in self.folders and posixpath.basename(bare):
            return language, bare + suffix
        return self.default, path

    def with_suffix(self, language: str, path: str) -> str:
        """The file of ours: `about.md` in French is `about.fr.md`."""
        if language == self.default:
            return path
        return f"{path.removesuffix('.md')}.{language}.md"

    def prefixed(self, language: str, address: str) -> str:
        """The address, below its language's folder."""
        folder = self.folders.get(language, "")
        return f"/{folder}{address}" if folder else address
