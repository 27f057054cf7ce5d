"""Reads the pages and files of a site of Jekyll."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ssg.importers.front_matter.fields import FrontMatterFields, drop_empty
from ssg.importers.front_matter.files import SourceFile, read_source_file
from ssg.importers.imported_page import ImportedPage, address_path
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedFile,
    ImportedRedirect,
    ImportNotes,
    TextFile,
    Topic,
)
from ssg.importers.jekyll.config import JekyllConfig
from ssg.importers.jekyll.permalinks import JekyllDocument, JekyllPermalinks
from ssg.importers.source_tree import SourceTree

_MARKDOWN = (".md", ".markdown", ".mkdown", ".mkdn", ".mkd")
_PAGES = (*_MARKDOWN, ".html", ".htm")
_OTHER_FORMATS = (".textile", ".adoc", ".asciidoc", ".haml", ".slim", ".org", ".rst")
_STYLES = (".scss", ".sass", ".coffee", ".less")
_DATED = re.compile(r"(\d{2,4})-(\d{1,2})-(\d{1,2})-(.+)")
_GENERATED_BY_SSG = frozenset({"feed.xml", "atom.xml", "sitemap.xml", "rss.xml"})


@dataclass(slots=True)
class JekyllContent:
    """The content of a site. `front_matter` has the values of each page, as Liquid sees them."""

    pages: list[ImportedPage] = field(default_factory=list)
    files: list[ImportedFile] = field(default_factory=list)
    redirects: list[ImportedRedirect] = field(default_factory=list)
    front_matter: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    collections: dict[str, list[str]] = field(default_factory=dict)
    """The files of each collection, in order."""

    @property
    def posts(self) -> list[str]:
        return self.collections.get("posts", [])


class JekyllContentReader:
    """Reads the pages and files of one site."""

    def __init__(self, tree: SourceTree, config: JekyllConfig, notes: ImportNotes) -> None:
        self._tree = tree
        self._config = config
        self._notes = notes
        self._permalinks = JekyllPermalinks(
            config.text("permalink") or "date", config.text("timezone")
        )
        self._content = JekyllContent()

    def read(self) -> JekyllContent:
        root = self._config.root
        for name in self._tree.below(root):
            path = name[len(root) :]
            if self._config.excludes(path) or name == self._config.origin:
                continue
            if (found := self._collection_of(name)) is not None:
                self._read_document(name, *found)
            elif not path.startswith("_") and "/_" not in path:
                self._read_file(name, path)
        return self._content

    def _collection_of(self, name: str) -> tuple[str, str, bool] | None:
        """The collection of a file, its path there, and whether it is a draft."""
        path = name[len(self._config.root) :]
        for folder, is_draft in (("_posts", False), ("_drafts", True)):
            before, found, inside = f"/{path}".partition(f"/{folder}/")
            if found:
                return "posts", posixpath.join(before.strip("/"), inside), is_draft
        below = name[len(self._config.folder) :] if name.startswith(self._config.folder) else path
        first, slash, inside = below.partition("/")
        label = first[1:] if first.startswith("_") else ""
        return (label, inside, False) if slash and label in self._config.collections else None

    # -- pages of collections ------------------------------------------------------------------

    def _read_document(self, name: str, collection: str, inside: str, is_draft: bool) -> None:
        if not name.lower().endswith(_PAGES):
            self._read_other(name, f"{collection}/{inside}")
            return
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return
        if not source.has_front_matter and collection != "posts":
            self._content.files.append(CopiedFile(f"static/{collection}/{inside}", name))
            return
        values = {**self._config.defaults(name[len(self._config.root) :], collection),
                  **source.values}  # fmt: skip
        folder, file = posixpath.split(inside)
        stem = posixpath.splitext(file)[0]
        dated = _DATED.fullmatch(stem) if collection == "posts" else None
        day = _day(dated)
        if collection == "posts" and not is_draft and day is None and not values.get("date"):
            self._notes.add(
                Topic.FILE, "left out, its name has no date: Jekyll ignores such posts", name
            )
            return
        front = FrontMatterFields(values, name, self._notes)
        front_matter, link = self._convert_values(
            front, dated[4] if dated else stem, folder, collection
        )
        front_matter.setdefault("date", day) if day else None
        table = self._config.collections.get(collection, {})
        if is_draft or (collection != "posts" and table.get("output") is not True):
            front_matter["draft"] = True
        own = dated[4] if dated else stem
        post = JekyllDocument(
            collection, posixpath.join(folder, stem), own, front_matter.get("slug", ""),
            front_matter.get("date"), front_matter.get("categories", ()),
        )  # fmt: skip
        pattern = self._permalinks.pattern_of(collection, str(table.get("permalink") or ""))
        address = address_path(link) if link else self._permalinks.document_path(post, pattern)
        kept = {key: value for key, value in front_matter.items() if key != "slug" or value != own}
        place = posixpath.join(collection, folder, f"{stem}.md")
        self._add_page(name, _section_place(place, stem, collection), kept, source, address, values)
        self._content.collections.setdefault(collection, []).append(name)

    def _add_page(
        self, name: str, place: str, front_matter: Mapping[str, Any], source: SourceFile,
        address: str, old_values: Mapping[str, Any],
    ) -> None:  # fmt: skip
        if target := old_values.get("redirect_to"):
            new = target[0] if isinstance(target, list) and target else target
            self._content.redirects.append(ImportedRedirect(address, str(new)))
            return
        page = ImportedPage(name, place, front_matter, source.text, source.line, address)
        self._content.pages.append(page)
        self._content.front_matter[name] = old_values

    # -- other files ---------------------------------------------------------------------------

    def _read_file(self, name: str, path: str) -> None:
        """Read a page outside collections, or a file to copy."""
        if not self._begins_with_header(name):
            if path.lower().endswith(_OTHER_FORMATS):
                self._read_other(name, path)
            else:
                self._content.files.append(CopiedFile(f"static/{path}", name))
            return
        if path.lower().endswith(_PAGES):
            self._read_page(name, path)
        else:
            self._read_other(name, path)

    def _begins_with_header(self, name: str) -> bool:
        return self._tree.head(name, 4) in {b"---\n", b"---\r", b"--- "}

    def _read_page(self, name: str, path: str) -> None:
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return
        values = {**self._config.defaults(path, "pages"), **source.values}
        folder, file = posixpath.split(path)
        stem = posixpath.splitext(file)[0]
        front_matter, link = self._convert_values(
            FrontMatterFields(values, name, self._notes), stem, "", "pages"
        )
        address = address_path(link) if link else self._permalinks.page_path(path)
        if link and ":" in link:
            post = JekyllDocument(
                "pages", posixpath.join(folder, stem), stem, "", front_matter.get("date"), ()
            )
            address = self._permalinks.document_path(post, link)
        if address in {"/404.html", "/404/"}:
            self._notes.add(Topic.TEMPLATE, "left out, 404.html is a template in ssg", name)
            return
        self._add_page(
            name, self._content_path(address, folder, stem), front_matter, source, address, values
        )

    def _content_path(self, address: str, folder: str, stem: str) -> str:
        """The new file of a page: it follows from the address, where that ends with a slash."""
        if not address.endswith("/"):
            return posixpath.join(folder, f"{stem}.md")
        if stem == "index" or address.strip("/") in self._config.collections:
            return f"{address}_index.md".lstrip("/")
        return address.strip("/") + ".md" if address != "/" else "_index.md"

    def _read_other(self, name: str, path: str) -> None:
        """Read a file that Jekyll processes and ssg does not; copy it if it needs no processing."""
        base = posixpath.basename(path)
        if base in _GENERATED_BY_SSG:
            return
        if path.lower().endswith(_STYLES):
            self._notes.add(Topic.FILE, "left out, ssg does not compile style sheets", name)
            return
        if path.lower().endswith(_OTHER_FORMATS):
            self._notes.unknown_format(name)
            return
        if not self._begins_with_header(name):
            self._content.files.append(CopiedFile(f"static/{path}", name))
            return
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return
        if "{{" in source.text or "{%" in source.text:
            self._notes.add(Topic.CODE, "left out, Liquid generates this file", name)
            return
        place = str(source.values.get("permalink") or path).strip("/")
        self._content.files.append(TextFile(f"static/{place}", source.text))

    # -- front matter --------------------------------------------------------------------------

    def _convert_values(
        self, front: FrontMatterFields, stem: str, folder: str, kind: str
    ) -> tuple[dict[str, Any], str]:
        """The new front matter, and `permalink`."""
        link = front.text("permalink")
        above = [part for part in folder.split("/") if part] if kind == "posts" else []
        words = front.texts("categories", separator=None) + front.texts("category", separator="\0")
        layout = front.text("layout")
        if layout not in {"", "none", "null", "post", "page", "default", "home"}:
            self._notes.not_imported(Topic.TEMPLATE, f'layout "{layout}"', front.origin)
        published = front.flag("published")
        values: dict[str, Any] = {
            "title": front.text("title") or _titled(stem),
            "description": front.text("description"),
            "summary": front.text("excerpt", "summary"),
            "date": front.date("date"),
            "updated": front.date("last_modified_at", "updated", "modified", "modified_date"),
            "draft": True if published is False or front.flag("draft") else None,
            "slug": front.text("slug").strip("/"),
            "keywords": front.texts("keywords"),
            "authors": self._authors(front),
            "categories": list(dict.fromkeys([*above, *words])),
            "tags": front.texts("tags", separator=None) + front.texts("tag", separator="\0"),
            "aliases": front.texts("redirect_from", "aliases"),
        }
        for key in ("redirect_to", "sitemap", "excerpt_separator", "pagination", "published"):
            front.take(key)
        values["extra"] = front.rest()
        return drop_empty(values), link

    def _authors(self, front: FrontMatterFields) -> list[str]:
        """The names of the authors, also if `author` is a table."""
        value = front.peek("author")
        if isinstance(value, dict):
            front.take("author")
            return [str(value["name"])] if value.get("name") else []
        return front.texts("authors", "author")


def _titled(stem: str) -> str:
    """The title that Jekyll gives to a page without one: `new-pier` -> `New Pier`."""
    if stem == "index":
        return ""
    return " ".join(word.capitalize() for word in re.split(r"[-_\s]+", stem) if word)


def _section_place(place: str, stem: str, collection: str) -> str:
    """The new file of a document: the `index.md` of a collection becomes its section."""
    if stem == "index" and collection != "posts":
        return posixpath.join(posixpath.dirname(place), "_index.md")
    return place


def _day(dated: re.Match[str] | None) -> dt.date | None:
    try:
        return dt.date(int(dated[1]), int(dated[2]), int(dated[3])) if dated else None
    except ValueError:
        return None
