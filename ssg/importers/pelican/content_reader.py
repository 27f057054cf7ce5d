"""Reads the articles, pages and files of a site of Pelican."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field, replace
from html import unescape
from typing import Any

from ssg.content.source.pelican_header import split_header
from ssg.importers.front_matter.fields import FrontMatterFields, drop_empty
from ssg.importers.front_matter.files import SourceFile, read_source_file
from ssg.importers.imported_page import ImportedPage, address_path
from ssg.importers.imported_site import CopiedFile, ImportNotes, Topic
from ssg.importers.limits import TimeLimitError, time_limit
from ssg.importers.pelican.permalinks import PelicanPermalinkInput, PelicanPermalinks, slugify
from ssg.importers.pelican.settings import PelicanSettings
from ssg.importers.source_tree import SourceTree

_MARKDOWN = (".md", ".markdown", ".mkd", ".mdown")
_OTHER_FORMATS = (".rst", ".adoc", ".asciidoc", ".ipynb", ".org", ".textile")
_DATED_NAME = re.compile(r"(?P<date>\d{4}-\d{2}-\d{2}).*")
_KEY = re.compile(r"[ ]{0,3}([A-Za-z0-9_-]+):[ \t]*(.*)")
_PATTERN_SECONDS = 0.5
_META = re.compile(r"<meta\s+name=[\"']([\w-]+)[\"']\s+content(?:s)?=[\"'](.*?)[\"']", re.I | re.S)
_TITLE = re.compile(r"<title>(.*?)</title>", re.I | re.S)
_BODY = re.compile(r"<body[^>]*>(.*?)</body>", re.I | re.S)


@dataclass(slots=True)
class PelicanContent:
    """The content of a site."""

    pages: list[ImportedPage] = field(default_factory=list)
    files: list[CopiedFile] = field(default_factory=list)
    urls: dict[str, str] = field(default_factory=dict)
    """The addresses of files, by their paths in the old site."""


class PelicanContentReader:
    """Reads the pages and files of one site."""

    def __init__(self, tree: SourceTree, config: PelicanSettings, notes: ImportNotes) -> None:
        self._tree = tree
        self._config = config
        self._notes = notes
        self._permalinks = PelicanPermalinks(config)
        self._root = config.content
        self._pages = [one.strip("./") for one in config.listed("PAGE_PATHS", ["pages"])]
        self._articles = [one.strip("./") for one in config.listed("ARTICLE_PATHS", [""])]
        self._static = [one.strip("./") for one in config.listed("STATIC_PATHS", ["images"])]
        pattern = config.text("FILENAME_METADATA")
        self._named = _compiled(pattern) or _DATED_NAME
        self._path_pattern = _compiled(config.text("PATH_METADATA"))
        self._content = PelicanContent()

    def read(self) -> PelicanContent:
        for name in self._tree.below(self._root):
            path = name[len(self._root) + 1 :]
            if _is_below(path, self._pages):
                self._read_text(name, path, is_page=True)
            elif _is_below(path, self._static) and path.rpartition(".")[2] not in {"md", "rst"}:
                self._copy_file(name, path)
            elif _is_below(path, self._articles):
                self._read_text(name, path, is_page=False)
            else:
                self._copy_file(name, path)
        self._content.pages = [self._translated(one) for one in self._content.pages]
        return self._content

    def _translated(self, page: ImportedPage) -> ImportedPage:
        """Give a translation that has the slug of its original the address of translations."""
        lang = str(page.values.get("extra", {}).get("lang") or "")
        if lang in {"", self._config.text("DEFAULT_LANG", "en")}:
            return page
        others = (one for one in self._content.pages if one is not page)
        if not any(one.address == page.address for one in others):
            return page
        self._notes.add(Topic.LANGUAGE, f"a translation into {lang} became a page of its own",
                        page.origin)  # fmt: skip
        address = self._permalinks.translation(str(page.values["slug"]), lang)
        return replace(page, address=address)

    def _copy_file(self, name: str, path: str) -> None:
        """A file to copy, to the path that its metadata names."""
        table = self._config.values.get("EXTRA_PATH_METADATA")
        metadata = table.get(path) if isinstance(table, dict) else None
        new = metadata.get("path", path) if isinstance(metadata, dict) else path
        self._content.files.append(CopiedFile(f"static/{new}", name))
        self._content.urls[name] = f"/{new}"

    def _read_text(self, name: str, path: str, *, is_page: bool) -> None:
        low = name.lower()
        if low.endswith(_OTHER_FORMATS):
            self._notes.unknown_format(name)
        elif low.endswith(_MARKDOWN):
            if source := self._read_header(name):
                self._add_page(name, path, source, is_page=is_page)
        elif low.endswith((".html", ".htm")):
            self._add_page(name, path, _read_html(self._tree.text(name)), is_page=is_page)
        else:
            self._copy_file(name, path)

    def _read_header(self, name: str) -> SourceFile | None:
        """Read front matter and text. Pelican's own header may begin with any key."""
        source = read_source_file(self._tree, name, self._notes)
        if source is None or source.has_front_matter:
            return source
        text = self._tree.text(name).lstrip("\n")
        found = _KEY.match(text)
        if not found or split_header(text) is not None:
            return source
        values: dict[str, Any] = {}
        lines = text.split("\n")
        count = 0
        while count < len(lines) and (match := _KEY.fullmatch(lines[count])):
            values[match[1].lower()] = match[2].strip()
            count += 1
        return SourceFile(values, "\n".join(lines[count:]), count + 1, True)

    def _add_page(self, name: str, path: str, source: SourceFile, *, is_page: bool) -> None:
        folder, file = posixpath.split(path)
        stem = posixpath.splitext(file)[0]
        named = self._from_name(stem, path)
        default = self._config.values.get("DEFAULT_METADATA")
        values = {**(default if isinstance(default, dict) else {}), **named,
                  **{str(key).lower(): value for key, value in source.values.items()}}  # fmt: skip
        if str(values.get("status", "")).lower() == "skip":
            return
        front = FrontMatterFields(values, name, self._notes)
        front.take("translation")
        front_matter, address = self._convert_values(front, folder, stem, is_page=is_page)
        place = posixpath.join(folder, f"{stem}.md")
        page = ImportedPage(name, place, front_matter, source.text, source.line, address)
        self._content.pages.append(page)

    def _from_name(self, stem: str, path: str) -> dict[str, Any]:
        """The metadata in the name of a file (`FILENAME_METADATA`, `PATH_METADATA`)."""
        found: dict[str, Any] = {}
        try:
            with time_limit(_PATTERN_SECONDS):
                for pattern, text in ((self._named, stem), (self._path_pattern, path)):
                    if pattern and (match := pattern.match(text)):
                        found |= match.groupdict()
        except TimeLimitError:
            what = "FILENAME_METADATA and PATH_METADATA, which take too long,"
            self._notes.not_imported(Topic.SETTING, what, self._config.origin)
            self._named, self._path_pattern = _DATED_NAME, None
        return {key: value for key, value in found.items() if value}

    def _convert_values(
        self, front: FrontMatterFields, folder: str, stem: str, *, is_page: bool
    ) -> tuple[dict[str, Any], str]:
        """The new front matter, and the address."""
        named = (front.text("url"), front.text("save_as"))
        if template := front.text("template"):
            self._notes.not_imported(Topic.TEMPLATE, f'template "{template}"', front.origin)
        status, lang = front.text("status").lower(), front.text("lang")
        date = front.date("date")
        category = front.text("category") or self._category(folder, is_page=is_page)
        title = front.text("title")
        slug = self._slug(front, title, stem)
        separator = ";" if ";" in str(front.peek("authors") or "") else ","
        authors = front.texts("authors", "author", separator=separator)
        author = authors[0] if authors else self._config.text("AUTHOR")
        facts = PelicanPermalinkInput(slug, date, category, author, lang, front.rest())
        expanded = self._permalinks.page(facts) if is_page else self._permalinks.article(facts)
        own = next((one for one in named if one and "://" not in one), "")
        values: dict[str, Any] = {
            "title": title,
            "description": front.text("description"),
            "summary": _without_tags(front.text("summary")),
            "date": date,
            "updated": front.date("modified"),
            "draft": True if status in {"draft", "hidden"} else None,
            "slug": slug,
            "keywords": front.texts("keywords"),
            "authors": authors,
            "categories": [category] if category else [],
            "tags": front.texts("tags"),
            "aliases": front.texts("aliases"),
        }
        if status == "hidden":
            front.note("the page was hidden, and is a draft now")
        values["extra"] = {**front.rest(), **({"lang": lang} if lang else {})}
        return drop_empty(values), address_path(own) if own else expanded

    def _slug(self, front: FrontMatterFields, title: str, stem: str) -> str:
        if slug := front.text("slug"):
            return slug
        is_of_file = self._config.text("SLUGIFY_SOURCE") == "basename"
        return slugify(stem if is_of_file or not title else title)

    def _category(self, folder: str, *, is_page: bool) -> str:
        if is_page:
            return ""
        last = posixpath.basename(folder)
        if self._config.values.get("USE_FOLDER_AS_CATEGORY", True) and last:
            return last
        return self._config.text("DEFAULT_CATEGORY", "misc")


def _is_below(path: str, folders: list[str]) -> bool:
    return any(not one or path == one or path.startswith(f"{one}/") for one in folders)


def _compiled(pattern: str) -> re.Pattern[str] | None:
    try:
        return re.compile(pattern) if pattern else None
    except re.error:
        return None


def _read_html(text: str) -> SourceFile:
    """A text in HTML, whose metadata are `<meta>` elements."""
    values: dict[str, Any] = {
        match[1].lower(): unescape(match[2]) for match in _META.finditer(text)
    }
    if title := _TITLE.search(text):
        values["title"] = unescape(title[1].strip())
    body = _BODY.search(text)
    line = text.count("\n", 0, body.start(1)) + 1 if body else 1
    return SourceFile(values, body[1] if body else text, line, bool(values))


def _without_tags(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)
