"""Renders the Liquid in texts once, so that the result is the text of the new site.

Jekyll renders Liquid before Markdown, so what Liquid writes is Markdown, and can be kept as such.
A text is parsed by python-liquid with Jekyll's filters (`liquid_filters`) and tags
(`liquid_tags`). The variables are those that Jekyll gives to a page: `site`, made of the imported
pages by `jekyll/convert.py`, and `page`, the front matter of the old page.

Tags need more than variables: the pages and files of the site, and the page that they are on. They
find a `TagResolver` for that page in the render context, under `RESOLVER_KEY`, whose NUL keeps it
from any name that a text can write.

No plugin runs. A tag that is not known makes the parser fail with its name; a tag of that name that
writes nothing is then added, and the text is parsed again. What cannot be rendered stays as it is.
Each of these cases adds a finding, since a loop over posts, for example, no longer changes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from typing import Any

from liquid.exceptions import LiquidError
from liquid.token import Token

from ssg.importers.front_matter.files import read_source_file
from ssg.importers.imported_page import ImportedPage, Pages
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.jekyll.config import JekyllConfig
from ssg.importers.jekyll.liquid_filters import make_filters
from ssg.importers.jekyll.liquid_limits import LiquidEnvironment
from ssg.importers.jekyll.liquid_tags import RESOLVER_KEY, add_tags, unknown_tag
from ssg.importers.limits import TimeLimitError, seconds_for_text, time_limit
from ssg.importers.markup.outside_code import line_at
from ssg.importers.source_tree import SourceTree
from ssg.model.urls import quote_path

_MARK = re.compile(r"\{[{%]")
_LOGIC = re.compile(r"\{%-?\s*(for|if|unless|case|assign|capture|tablerow|cycle)\b")
RAW_BLOCK = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_CALL = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.S)
_FILTER = re.compile(r"\|\s*([a-z_]\w*)", re.I)
_UNEXPECTED = re.compile(r"unexpected tag '(\w+)'")
_MAX_UNKNOWN_TAGS = 30


class LiquidRenderer:
    """Renders the Liquid of one site's texts."""

    def __init__(
        self,
        tree: SourceTree,
        config: JekyllConfig,
        pages: Pages,
        site: Mapping[str, Any],
        base: str,
        notes: ImportNotes,
    ) -> None:
        self.tree, self.config, self.notes, self.base = tree, config, notes, base
        self.pages = {page.origin: page for page in pages if page.origin}
        self._site = site
        self._environment = LiquidEnvironment()
        add_tags(self._environment)
        url = str(config.values.get("url") or "").rstrip("/")
        for name, filter_ in make_filters(base, url).items():
            self._environment.add_filter(name, filter_)
        self._environment.limit_filters()

    def render(self, page: ImportedPage, front_matter: Mapping[str, Any]) -> str:
        """Render the text of a page. If that fails, it stays as it is, with a finding."""
        if not _MARK.search(page.text):
            return page.text
        resolver = _PageResolver(self, page)
        if not self._add_findings(page):
            return page.text
        own = {**front_matter, "url": page.address, "path": page.origin, "content": page.text,
               "title": page.values.get("title"), "date": page.values.get("date")}  # fmt: skip
        variables = {"site": self._site, "page": own, "jekyll": _JEKYLL, "layout": {},
                     RESOLVER_KEY: resolver}  # fmt: skip
        self._environment.work_limits.start()
        try:
            with time_limit(seconds_for_text(len(page.text))):
                return str(self._parsed(page.text).render(**variables))
        except (
            LiquidError, RecursionError, TypeError, ValueError, ArithmeticError, MemoryError,
            TimeLimitError,
        ) as error:  # fmt: skip
            what = f"Liquid that cannot be rendered stays as it is: {_message(error)}"
            self.notes.add(Topic.CODE, what, page.origin, _line(error, page))
            return page.text

    def _parsed(self, text: str) -> Any:
        """Parse a template. Tags that are not known are added as tags that write nothing."""
        for _ in range(_MAX_UNKNOWN_TAGS):
            try:
                return self._environment.from_string(text)
            except LiquidError as error:
                match = _UNEXPECTED.search(str(error.message))
                if match is None or match[1].startswith(("end", "else", "elsif", "when")):
                    raise
                self._environment.add_tag(unknown_tag(match[1]))
        return self._environment.from_string(text)

    def source(self, path: str) -> str | None:
        """The text of a file to include, parsed once so that its unknown tags are added."""
        if path not in self.tree:
            return None
        file = read_source_file(self.tree, path, self.notes)
        text = file.text if file else ""
        self._parsed(text)
        return text

    def _add_findings(self, page: ImportedPage) -> bool:
        """Add findings about the code of a page; False if it is too much to look through."""
        try:
            with time_limit(seconds_for_text(len(page.text))):
                self._find_code(page)
        except TimeLimitError:
            what = "Liquid stays as it is: it takes too long to read"
            self.notes.add(Topic.CODE, what, page.origin, page.line)
            return False
        return True

    def _find_code(self, page: ImportedPage) -> None:
        bare = RAW_BLOCK.sub(lambda match: "\n" * match[0].count("\n"), page.text)
        if match := _LOGIC.search(bare):
            what = "Liquid was rendered once: its result is fixed text now"
            line = line_at(bare, match.start(), page.line)
            self.notes.add(Topic.CODE, what, page.origin, line)
        for call in _CALL.finditer(bare):
            for match in _FILTER.finditer(call[0]):
                if match[1] not in self._environment.filters:
                    line = line_at(bare, call.start(), page.line)
                    what = f"the filter {match[1]} is not known, and did nothing"
                    self.notes.add(Topic.CODE, what, page.origin, line)


_JEKYLL = {"version": "4", "environment": "production"}


class _PageResolver:
    """Resolves what the tags on one page name."""

    def __init__(self, liquid: LiquidRenderer, page: ImportedPage) -> None:
        self._liquid = liquid
        self._page = page

    def link(self, path: str, token: Token) -> str:
        bare, hash_, part = path.strip("\"' ").partition("#")
        name = self._liquid.config.root + bare.lstrip("/")
        if found := self._liquid.pages.get(name):
            return self._url(found) + hash_ + part
        if name in self._liquid.tree:
            return f"{self._liquid.base}/{bare.lstrip('/')}{hash_}{part}"
        self._note(Topic.LINK, f"leads to no file: {path}", token)
        return "#"

    def post_url(self, name: str, token: Token) -> str:
        wanted = name.strip("\"' ").lstrip("/")
        for origin, page in self._liquid.pages.items():
            stem = posixpath.splitext(origin.replace("_posts/", ""))[0]
            if stem == wanted or posixpath.basename(stem) == posixpath.splitext(wanted)[0]:
                return self._url(page)
        self._note(Topic.LINK, f"leads to no post: {name}", token)
        return "#"

    def _url(self, page: ImportedPage) -> str:
        return self._liquid.base + quote_path(page.address)

    def include(self, name: str, token: Token, *, is_relative: bool) -> str | None:
        root = self._liquid.config.root
        folder = root + (self._liquid.config.text("includes_dir").strip("/") or "_includes")
        base = posixpath.dirname(self._page.origin) if is_relative else folder
        source = self._liquid.source(posixpath.normpath(posixpath.join(base, name)))
        if source is None:
            self._note(Topic.CODE, f"there is no file to include: {name}", token)
        else:
            self._note(
                Topic.CODE, f"include {name} was rendered once: its result is fixed text", token
            )
        return source

    def unknown(self, tag: str, token: Token) -> None:
        self._note(Topic.CODE, f"the tag {tag} wrote nothing: the import runs no plugins", token)

    def _note(self, kind: Topic, what: str, token: Token) -> None:
        is_own = token.source == self._page.text
        line = line_at(token.source, token.start_index, self._page.line) if is_own else None
        self._liquid.notes.add(kind, what, self._page.origin, line)


def _message(error: BaseException) -> str:
    if isinstance(error, TimeLimitError):
        return "it takes too long"
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    text = str(error.message) if isinstance(error, LiquidError) else str(error)
    return text.strip().split("\n")[0]


def _line(error: BaseException, page: ImportedPage) -> int:
    token = getattr(error, "token", None)
    if token is None or token.start_index < 0 or token.source != page.text:
        return page.line
    return line_at(page.text, token.start_index, page.line)
