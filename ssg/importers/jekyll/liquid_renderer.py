"""Texts with Liquid in them, run once: what comes out is the text from then on."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import Any

from liquid import Environment
from liquid.exceptions import LiquidError
from liquid.token import Token

from ssg.importers.front_matter.files import read_source_file
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, ImportTopic
from ssg.importers.jekyll.config import JekyllConfig
from ssg.importers.jekyll.liquid_filters import make_filters
from ssg.importers.jekyll.liquid_tags import RESOLVER_KEY, add_tags, unknown_tag
from ssg.importers.markup.outside_code import line_at
from ssg.importers.source_tree import SourceTree
from ssg.model.urls import quote_path

_MARK = re.compile(r"\{[{%]")
_PROGRAM = re.compile(r"\{%-?\s*(for|if|unless|case|assign|capture|tablerow|cycle)\b")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_FILTER = re.compile(r"\|\s*([a-z_]\w*)", re.I)
_UNEXPECTED = re.compile(r"unexpected tag '(\w+)'")
_MOST_UNKNOWN = 30


class LiquidRenderer:
    """Runs the Liquid of one site's texts."""

    def __init__(
        self,
        tree: SourceTree,
        config: JekyllConfig,
        pages: Sequence[ImportedPage],
        site: Mapping[str, Any],
        base: str,
        notes: ImportNotes,
    ) -> None:
        self.tree, self.config, self.notes, self.base = tree, config, notes, base
        self.places = {page.origin: page for page in pages if page.origin}
        self._site = site
        self._environment = Environment(strict_filters=False)
        add_tags(self._environment)
        url = str(config.values.get("url") or "").rstrip("/")
        for name, filter_ in make_filters(base, url).items():
            self._environment.add_filter(name, filter_)

    def run(self, page: ImportedPage, seen: Mapping[str, Any]) -> str:
        """A page's text. One that cannot be run stays as it is, which is noted."""
        if not _MARK.search(page.text):
            return page.text
        asked = _Page(self, page)
        self._note_what_is_run(page)
        own = {**seen, "url": page.address, "path": page.origin, "content": page.text,
               "title": page.values.get("title"), "date": page.values.get("date")}  # fmt: skip
        variables = {"site": self._site, "page": own, "jekyll": _JEKYLL, "layout": {},
                     RESOLVER_KEY: asked}  # fmt: skip
        try:
            return str(self._parsed(page.text).render(**variables))
        except (LiquidError, RecursionError, TypeError, ValueError, ArithmeticError) as error:
            what = f"Liquid that cannot be run stays as it is: {_message(error)}"
            self.notes.add(ImportTopic.CODE, what, page.origin, _line(error, page))
            return page.text

    def _parsed(self, text: str) -> Any:
        """A template. Tags of plugins get known on the way."""
        for _ in range(_MOST_UNKNOWN):
            try:
                return self._environment.from_string(text)
            except LiquidError as error:
                match = _UNEXPECTED.search(str(error.message))
                if match is None or match[1].startswith(("end", "else", "elsif", "when")):
                    raise
                self._environment.add_tag(unknown_tag(match[1]))
        return self._environment.from_string(text)

    def source(self, path: str) -> str | None:
        """The text of a file to be included, with its unknown tags made known."""
        if path not in self.tree:
            return None
        header = read_source_file(self.tree, path, self.notes)
        text = header.text if header else ""
        self._parsed(text)
        return text

    def _note_what_is_run(self, page: ImportedPage) -> None:
        bare = _RAW.sub(lambda match: "\n" * match[0].count("\n"), page.text)
        if match := _PROGRAM.search(bare):
            what = "Liquid was run once: its result is fixed text now"
            line = line_at(bare, match.start(), page.line)
            self.notes.add(ImportTopic.CODE, what, page.origin, line)
        for call in _CALL.finditer(bare):
            for match in _FILTER.finditer(call[0]):
                if match[1] not in self._environment.filters:
                    line = line_at(bare, call.start(), page.line)
                    what = f"the filter {match[1]} did nothing"
                    self.notes.add(ImportTopic.CODE, what, page.origin, line)


_JEKYLL = {"version": "4", "environment": "production"}


class _Page:
    """Answers the tags of one page."""

    def __init__(self, liquid: LiquidRenderer, page: ImportedPage) -> None:
        self._liquid = liquid
        self._draft = page

    def link(self, path: str, token: Token) -> str:
        bare, hash_, part = path.strip("\"' ").partition("#")
        name = self._liquid.config.root + bare.lstrip("/")
        if found := self._liquid.places.get(name):
            return self._url(found) + hash_ + part
        if name in self._liquid.tree:
            return f"{self._liquid.base}/{bare.lstrip('/')}{hash_}{part}"
        self._note(ImportTopic.LINK, f"leads to no file: {path}", token)
        return "#"

    def post_url(self, name: str, token: Token) -> str:
        wanted = name.strip("\"' ").lstrip("/")
        for origin, page in self._liquid.places.items():
            stem = posixpath.splitext(origin.replace("_posts/", ""))[0]
            if stem == wanted or posixpath.basename(stem) == posixpath.splitext(wanted)[0]:
                return self._url(page)
        self._note(ImportTopic.LINK, f"leads to no post: {name}", token)
        return "#"

    def _url(self, page: ImportedPage) -> str:
        return self._liquid.base + quote_path(page.address)

    def include(self, name: str, token: Token, *, is_relative: bool) -> str | None:
        root = self._liquid.config.root
        folder = root + (self._liquid.config.text("includes_dir").strip("/") or "_includes")
        base = posixpath.dirname(self._draft.origin) if is_relative else folder
        source = self._liquid.source(posixpath.normpath(posixpath.join(base, name)))
        if source is None:
            self._note(ImportTopic.CODE, f"there is no file to include: {name}", token)
        else:
            self._note(
                ImportTopic.CODE,
                f"include {name} was run once: its result is fixed text",
                token,
            )
        return source

    def unknown(self, tag: str, token: Token) -> None:
        self._note(ImportTopic.CODE, f"the tag {tag} wrote nothing: no plugin is run", token)

    def _note(self, kind: ImportTopic, what: str, token: Token) -> None:
        is_own = token.source == self._draft.text
        line = line_at(token.source, token.start_index, self._draft.line) if is_own else None
        self._liquid.notes.add(kind, what, self._draft.origin, line)


def _message(error: Exception) -> str:
    text = str(error.message) if isinstance(error, LiquidError) else str(error)
    return text.strip().split("\n")[0]


def _line(error: Exception, page: ImportedPage) -> int:
    token = getattr(error, "token", None)
    if token is None or token.start_index < 0 or token.source != page.text:
        return page.line
    return line_at(page.text, token.start_index, page.line)
