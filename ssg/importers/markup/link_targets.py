"""Rewrites the targets of links."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin

from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.markup.outside_code import line_at, map_outside_blocks, map_outside_code

_INLINE = re.compile(r"(\]\(\s*)(<[^>\n]*>|[^\s()<>]*(?:\([^\s()<>]*\)[^\s()<>]*)*)(?=[\s)])")
_DEFINITION = re.compile(r"^( {0,3}\[(?!\^)[^\]\n]+\]:[ \t]*)(<[^>\n]*>|\S+)", re.M)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:|//|#")
_PAGE_SUFFIXES = (".md", ".markdown", ".mkd", ".mdown")

ChangeTarget = Callable[[str, int], str]


def map_targets(text: str, line: int, change: ChangeTarget) -> str:
    """Change the target of every link and image outside code."""

    def replaced(words: str, start: int, pattern: re.Pattern[str]) -> str:
        def inner(match: re.Match[str]) -> str:
            bare = match[2].removeprefix("<").removesuffix(">")
            if not bare:
                return match[0]
            changed = change(bare, line_at(words, match.start(), start))
            return match[1] + (f"<{changed}>" if re.search(r"[\s()]", changed) else changed)

        return pattern.sub(inner, words)

    text = map_outside_code(text, line, lambda words, start: replaced(words, start, _INLINE))
    return map_outside_blocks(text, line, lambda prose, start: replaced(prose, start, _DEFINITION))


@dataclass(frozen=True, slots=True)
class LinkTargets:
    """Resolves the targets of links between pages and files of the old site."""

    pages: Mapping[str, str]
    """The new file of each page, by its file in the old site."""
    files: Mapping[str, str] = field(default_factory=dict)
    """The URL of each copied file, by its path in the old site."""
    base: str = ""
    """The path of the site's URL, without a slash at its end."""
    root: str = ""
    """The folder of the old site at which absolute links to files begin."""

    def rewrite(self, text: str, page: ImportedPage, notes: ImportNotes) -> str:
        """Rewrite all targets in the text of a page."""
        return map_targets(text, page.line, lambda old, at: self.change(old, page, at, notes))

    def change(self, target: str, page: ImportedPage, line: int, notes: ImportNotes) -> str:
        """The new target of a link in the text of `page`."""
        if _SCHEME.match(target) or target.startswith("@/") or "{" in target:
            return target
        path, rest = split_target(target)
        if path.startswith("/"):
            return self._absolute(path, rest)
        origin = posixpath.normpath(posixpath.join(posixpath.dirname(page.origin), unquote(path)))
        if place := self.pages.get(origin):
            return f"@/{place}{rest}"
        if url := self.files.get(origin):
            return url + rest
        if path.endswith(_PAGE_SUFFIXES):
            notes.add(Topic.LINK, f"leads to no page: {target}", page.origin, line)
            return urljoin(page.address or "/", path.removesuffix(".md") + "/") + rest
        return target

    def _absolute(self, path: str, rest: str) -> str:
        """A path from the root of the host. In ssg, it begins after the path of the site's URL."""
        if self.base and (path + "/").startswith(self.base + "/"):
            path = path[len(self.base) :] or "/"
        if path.endswith(_PAGE_SUFFIXES):
            origin = posixpath.normpath(f"{self.root}/{path}").lstrip("/")
            if place := self.pages.get(origin):
                return f"@/{place}{rest}"
        return path + rest


def split_target(target: str) -> tuple[str, str]:
    """The path of a target, and its query and fragment: `a.md#part` -> `a.md`, `#part`."""
    match = re.match(r"([^?#]*)(.*)", target, re.S)
    return (match[1], match[2]) if match else (target, "")
