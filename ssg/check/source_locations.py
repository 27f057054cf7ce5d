"""Finds the line in a text, a template or the configuration that a piece of HTML comes from.

Rendering does not record where HTML comes from, so this searches for the words: if few pages are
concerned, first in the text of a page; if many are, first in the templates.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote

from ssg.build.inspect.dry_run import CompiledSite
from ssg.model.errors import Location
from ssg.model.page import Page
from ssg.model.urls import base_path

_FEW_PAGES = 3
_BEFORE, _AFTER = "(<\"' =\n,:", ")>\"' \n,#?"
"""The characters around an address in Markdown, HTML, TOML and YAML."""


class SourceLocations:
    """Finds where addresses and ids are written in one site."""

    def __init__(self, compiled: CompiledSite) -> None:
        self._site = compiled.site
        self._base = base_path(compiled.site.settings.base_url)
        self._settings = compiled.project.config_path
        self._root = compiled.project.root

    def of_address(self, url: str, path: str, pages: Sequence[str]) -> Location | None:
        """Where an address on some pages is written. `path` is the resolved address."""
        return self._find(list(self._forms(url, path, pages)), pages, bare=False)

    def in_templates(self, url: str) -> Location | None:
        """Where a template or the configuration contains an address, as it is written."""
        forms = list(dict.fromkeys((url, unquote(url))))
        found = (search(text, origin, forms) for origin, text in self._templates)
        return next(filter(None, found), None)

    def of_id(self, name: str, pages: Sequence[str]) -> Location | None:
        """Where an id is written."""
        forms = [f'id="{name}"', f"id='{name}'", f"id={name}", f"#{name}"]
        return self._find(forms, pages, bare=True)

    def _find(self, forms: Sequence[str], pages: Sequence[str], *, bare: bool) -> Location | None:
        texts = [self._in_text(pages[0], forms, bare)] if pages else []
        below = (search(text, origin, forms, bare=bare) for origin, text in self._templates)
        few = len(pages) <= _FEW_PAGES
        first = next(filter(None, texts), None) if few else None
        return first or next(filter(None, below), None) or next(filter(None, texts), None)

    def _in_text(self, path: str, forms: Sequence[str], bare: bool) -> Location | None:
        page = self._site.page_at(path)
        if page is None or page.source is None:
            return None
        body = self._site.body(page.id)
        found = search(body.text, f"content/{page.source}", forms, bare=bare)
        if found is not None and found.line is not None:
            return Location(found.path, found.line + body.line - 1)
        return self._in_front_matter(page, forms, bare)

    def _in_front_matter(self, page: Page, forms: Sequence[str], bare: bool) -> Location | None:
        file = self._root / "content" / str(page.source)
        return search(_read(file), f"content/{page.source}", forms, bare=bare)

    @cached_property
    def _templates(self) -> list[tuple[str, str]]:
        """The texts that many pages contain, with their names: templates, and the configuration."""
        found = [(template.origin, template.text) for template in self._site.templates()]
        if self._settings is not None:
            name = posixpath.relpath(self._settings, self._root)
            found.append((name, _read(self._settings)))
        return found

    def _forms(self, url: str, path: str, pages: Sequence[str]) -> Iterator[str]:
        """The forms in which an address may be written, the longest and most specific first."""
        bare = url.removeprefix(self._base) if self._base else url
        folder = (pages[0] if pages else "/").rpartition("/")[0] + "/"
        relative = path.removeprefix(folder)
        above = posixpath.relpath(path.partition("#")[0], folder) if path.startswith("/") else ""
        for form in dict.fromkeys((url, bare, path, path.rstrip("/"), relative, above)):
            if form.strip("./"):
                yield from dict.fromkeys((form, unquote(form)))


def search(text: str, name: str, forms: Sequence[str], *, bare: bool = False) -> Location | None:
    """Where the first form occurs, or else the next one. `bare`: with anything around it."""
    for form in forms:
        place = text.find(form)
        while place >= 0:
            if bare or _stands_alone(text, place, place + len(form)):
                return Location(name, text.count("\n", 0, place) + 1)
            place = text.find(form, place + 1)
    return None


def _stands_alone(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return (not before or before in _BEFORE) and (not after or after in _AFTER)


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig", "replace")
    except OSError:
        return ""
