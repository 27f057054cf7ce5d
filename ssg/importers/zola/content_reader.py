"""Reads the content files of a site of Zola."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

from ssg.importers.front_matter.fields import FrontMatterFields, drop_empty
from ssg.importers.front_matter.files import read_source_file
from ssg.importers.imported_page import ImportedPage, address_path
from ssg.importers.imported_site import CopiedFile, ImportedRedirect, ImportNotes, Topic
from ssg.importers.markup.transliterate import is_latin, to_ascii
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.source_tree import SourceTree
from ssg.importers.zola.config import ZolaConfig

ROOT = "content"

_DATED_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})(?:T[^-_]*)?[-_](.+)")
_SORT_ORDERS = {
    "date": "date", "update_date": "date", "title": "title", "title_bytes": "title",
    "weight": "weight", "slug": "slug",
}  # fmt: skip


def slugify(text: str) -> str:
    """The slug in Zola: ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", to_ascii(text).lower()).strip("-")


@dataclass(slots=True)
class ZolaContent:
    """The content of a site."""

    pages: list[ImportedPage] = field(default_factory=list)
    files: list[CopiedFile] = field(default_factory=list)
    redirects: list[ImportedRedirect] = field(default_factory=list)


class ZolaContentReader:
    """Reads the pages and files of one site."""

    def __init__(
        self, tree: SourceTree, config: ZolaConfig, names: LanguageSuffixes, notes: ImportNotes
    ) -> None:
        self._tree = tree
        self._config = config
        self._languages = names
        self._notes = notes
        paths = str(config.table("slugify").get("paths") or "on")
        self._slug = slugify if paths == "on" else str.strip
        self._content = ZolaContent()

    def read(self) -> ZolaContent:
        ignored = self._config.values.get("ignored_content")
        globs = [str(one) for one in ignored] if isinstance(ignored, list) else []
        for name in self._tree.below(ROOT):
            path = name[len(ROOT) + 1 :]
            if any(fnmatchcase(path, glob) or fnmatchcase(name, glob) for glob in globs):
                continue
            if name.endswith(".md"):
                self._read_page(name, path)
            else:
                self._content.files.append(CopiedFile(name, name))
        return self._content

    def _read_page(self, name: str, path: str) -> None:
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return
        if not source.has_front_matter:
            self._notes.add(
                Topic.FILE, "left out, it has no front matter: Zola ignores such files", name
            )
            return
        language, bare = self._languages.split(path)
        is_section = posixpath.basename(bare) == "_index.md"
        front = FrontMatterFields(source.values, name, self._notes)
        if source.values.get("render") is False and not is_section:
            self._notes.add(Topic.FILE, "left out, Zola does not render it", name)
            return
        values, own_path = self._convert_values(front, name, is_section=is_section)
        address = self._address(bare, values.get("slug", ""), own_path, language)
        place = self._languages.with_suffix(language, bare)
        page = ImportedPage(name, place, values, source.text, source.line, address)
        self._content.pages.append(page)

    def _address(self, bare: str, slug: str, own_path: str, language: str) -> str:
        if own_path:
            return address_path(f"{own_path.strip('/')}/")
        folder, file = posixpath.split(bare)
        stem = posixpath.splitext(file)[0]
        parts = [part for part in folder.split("/") if part]
        if stem == "index" and parts:
            stem = parts.pop()
        dated = _DATED_NAME.fullmatch(stem)
        last = slug or self._slug(dated[2] if dated else stem)
        path = [self._slug(part) for part in parts] + ([] if stem == "_index" else [last])
        if self._slug is slugify and not (slug or is_latin(f"{folder}{stem}")):
            what = "its old address is not known: Zola transliterates it"
            self._notes.add(Topic.ADDRESS, what, f"{ROOT}/{bare}")
            return ""
        return self._languages.with_folder(language, address_path("/".join(path) + "/"))

    def _convert_values(
        self, front: FrontMatterFields, name: str, *, is_section: bool
    ) -> tuple[dict[str, Any], str]:
        own_path = front.text("path")
        taxonomies: Mapping[str, Any] = front.table("taxonomies")
        extra = front.table("extra")
        for key in ("template", "page_template"):
            if template := front.text(key):
                self._notes.not_imported(Topic.TEMPLATE, f'{key} "{template}"', name)
        values: dict[str, Any] = {
            "title": front.text("title"),
            "description": front.text("description"),
            "date": front.date("date"),
            "updated": front.date("updated"),
            "draft": front.flag("draft") or None,
            "weight": front.whole("weight") or None,
            "slug": front.text("slug"),
            "authors": front.texts("authors"),
            "aliases": front.texts("aliases", separator="\0"),
            **{key: taxonomies[key] for key in taxonomies if key in self._config.taxonomies},
        }
        if is_section:
            values |= self._section_values(front, name)
        for key in ("in_search_index", "insert_anchor_links", "render", "paginate_reversed"):
            front.take(key)
        rest = front.rest()
        for key in rest:
            self._notes.add(Topic.FRONT_MATTER, f'the key "{key}" is in extra now', name)
        values["extra"] = {**rest, **extra}
        return drop_empty(values), own_path

    def _section_values(self, front: FrontMatterFields, name: str) -> dict[str, Any]:
        order = front.text("sort_by") or "none"
        if front.peek("render") is False and not front.peek("redirect_to"):
            self._notes.add(
                Topic.ADDRESS, "the section has a page now: Zola did not render it", name
            )
        if front.peek("paginate_reversed") is True:
            self._notes.not_imported(Topic.FRONT_MATTER, "paginate_reversed", name)
        return {
            "sort_by": _SORT_ORDERS.get(order, "" if order != "none" else "slug"),
            "paginate_by": front.whole("paginate_by") or None,
            "paginate_path": front.text("paginate_path"),
            "transparent": front.flag("transparent") or None,
            "redirect_to": _target(front.text("redirect_to")),
            "generate_feeds": front.flag("generate_feeds", "generate_feed") or None,
        }


def _target(text: str) -> str:
    """The target of a section that redirects: paths in ssg begin with a slash."""
    if not text or text.startswith(("/", "@/", "http://", "https://")):
        return text
    return f"/{text}"
