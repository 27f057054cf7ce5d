"""Reads the content files of a site of Hugo."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ssg.importers.front_matter.fields import FrontMatterFields, drop_empty
from ssg.importers.front_matter.files import SourceFile, read_source_file
from ssg.importers.hugo.config import HugoConfig
from ssg.importers.hugo.menus import entry_names, page_menus
from ssg.importers.hugo.permalinks import HugoPermalinkInput, HugoPermalinks
from ssg.importers.hugo.settings import taxonomies
from ssg.importers.imported_page import ImportedPage, Pages, address_path
from ssg.importers.imported_site import CopiedFile, ImportedFile, ImportNotes, Topic
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.site_data.toml_yaml_json import lower_keys
from ssg.importers.source_tree import SourceTree

_TEXTS = (".md", ".markdown", ".mdown", ".html", ".htm")
_OTHER_FORMATS = (".org", ".rst", ".adoc", ".asciidoc", ".ad", ".pandoc", ".pdc")
_KINDS = ("page", "section")
_BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class HugoContent:
    """What the content folder contains. `hidden` are pages that only other pages include."""

    pages: list[ImportedPage]
    hidden: list[ImportedPage]
    files: list[ImportedFile]


@dataclass(frozen=True, slots=True)
class _ContentFolder:
    """A content folder. `language` is '' for the default one, or for all."""

    folder: str
    language: str

    def below(self, name: str) -> str:
        return name[len(self.folder) + 1 :]


class HugoContentReader:
    """Reads the pages and files of one site."""

    def __init__(
        self, tree: SourceTree, config: HugoConfig, names: LanguageSuffixes, notes: ImportNotes
    ) -> None:
        self._tree = tree
        self._config = config
        self._languages = names
        self._notes = notes
        self._roots = config.content_folders
        self._permalinks = HugoPermalinks(config)
        self._taxonomies = taxonomies(config)
        self._menu_names = entry_names(config)
        self._cascades: dict[str, Mapping[str, Any]] = {}

    def read(self) -> HugoContent:
        """Read all content folders, sections first, since they cascade."""
        content = HugoContent([], [], [])
        for root, language in self._roots.items():
            self._read_folder(_ContentFolder(root, language), content)
        return content

    def _read_folder(self, root: _ContentFolder, content: HugoContent) -> None:
        names = self._tree.below(root.folder)
        bundles = {posixpath.dirname(n) for n in names if _is_bundle(n, root.folder)}
        texts = [name for name in names if name.lower().endswith(_TEXTS)]
        for name in sorted(texts, key=lambda n: (not _stem(n).startswith("_index"), n)):
            inside = any(name.startswith(f"{bundle}/") for bundle in bundles)
            if inside and not _is_bundle(name, root.folder):
                self._notes.add(Topic.FILE, "left out, a text inside a page bundle", name)
                continue
            self._read_page(name, root, content)
        for name in names:
            if name.lower().endswith(_OTHER_FORMATS):
                self._notes.unknown_format(name)
            elif name not in texts:
                content.files.append(CopiedFile(self._copied_path(name, root), name))

    def _copied_path(self, name: str, root: _ContentFolder) -> str:
        prefix = f"{root.language}/" if root.language else ""
        return f"content/{prefix}{root.below(name)}"

    def _read_page(self, name: str, root: _ContentFolder, content: HugoContent) -> None:
        source = read_source_file(self._tree, name, self._notes)
        if source is None:
            return
        if name.lower().endswith((".html", ".htm")) and not source.has_front_matter:
            content.files.append(CopiedFile(self._copied_path(name, root), name))
            return
        language, bare = self._languages.split(root.below(name))
        page = self._make_page(name, bare, root.language or language, source)
        if root.language:
            bare = f"{root.language}/{posixpath.splitext(bare)[0]}.md"
            page = replace(page, content_path=bare)
        if self._is_hidden(source.values, bare):
            content.hidden.append(page)
        else:
            content.pages.append(page)

    def _make_page(self, name: str, bare: str, language: str, source: SourceFile) -> ImportedPage:
        place = posixpath.splitext(bare)[0] + ".md"
        front = FrontMatterFields(source.values, name, self._notes)
        is_section = _stem(place) == "_index"
        values, url = self._convert_values(front, is_section, place)
        folders = tuple(part for part in posixpath.dirname(place).split("/") if part)
        own = _stem(place)
        if own == "index" and folders:
            *above, own = folders
            folders = tuple(above)
        subject = HugoPermalinkInput(
            folders, own, values.get("title", ""), values.get("slug", ""), url,
            values.get("date"), is_section or place == "index.md",
        )  # fmt: skip
        address = self._languages.with_folder(language, self._permalinks.path(subject))
        aliases = [_alias(one, address) for one in values.get("aliases", ())]
        return ImportedPage(
            name, self._languages.with_suffix(language, place), {**values, "aliases": aliases},
            source.text, source.line, address,
        )  # fmt: skip

    def _convert_values(
        self, front: FrontMatterFields, is_section: bool, place: str
    ) -> tuple[dict[str, Any], str]:
        """The new front matter, and `url`."""
        url = front.text("url")
        values: dict[str, Any] = {
            "title": front.text("title"),
            "description": front.text("description"),
            "summary": front.text("summary"),
            "date": front.date("date"),
            "updated": front.date("lastmod", "modified"),
            "publish_date": front.date("publishdate", "pubdate", "published"),
            "expiry_date": front.date("expirydate", "unpublishdate"),
            "draft": front.flag("draft") or None,
            "weight": front.whole("weight") or None,
            "slug": front.text("slug").strip("/"),
            "keywords": front.texts("keywords"),
            "authors": front.texts("authors", "author"),
            "aliases": front.texts("aliases"),
            "menus": page_menus(front.take("menus", "menu"), self._menu_names),
            **{name: front.texts(name) for name in self._taxonomies},
        }
        for key in ("layout", "type"):
            if name := front.text(key):
                self._notes.not_imported(Topic.TEMPLATE, f'{key} "{name}"', front.origin)
        if is_section:
            self._cascades[posixpath.dirname(place)] = lower_keys(_plain_cascade(front))
            cascade = front.take("cascade")
            values["cascade"] = cascades(cascade, self._taxonomies)
        for key in ("build", "_build", "headless", "outputs", "sitemap", "markup"):
            front.take(key)
        params = front.table("params")
        values["extra"] = {**front.rest(), **params}
        return drop_empty(values), url

    def _is_hidden(self, values: Mapping[str, Any], place: str) -> bool:
        """Whether Hugo renders no page of a file, by its own front matter or a cascade above it."""
        low = lower_keys(values)
        if low.get("headless") is True:
            return True
        build = low.get("build", low.get("_build"))
        folder = posixpath.dirname(place)
        while build is None and folder:
            cascade = self._cascades.get(folder, {})
            build = cascade.get("build", cascade.get("_build"))
            folder = posixpath.dirname(folder)
        return isinstance(build, dict) and str(lower_keys(build).get("render")).lower() in {
            "never", "false",
        }  # fmt: skip


def _plain_cascade(front: FrontMatterFields) -> dict[str, Any]:
    value = front.peek("cascade")
    tables = value if isinstance(value, list) else [value]
    found: dict[str, Any] = {}
    for table in tables:
        if isinstance(table, dict) and not {"target", "_target"} & lower_keys(table).keys():
            found |= table
    return found


def cascades(value: Any, own: Sequence[str]) -> list[dict[str, Any]]:
    """`cascade` tables, with their targets in our form."""
    tables = value if isinstance(value, list) else [value] if isinstance(value, dict) else []
    return [made for table in tables if isinstance(table, dict) for made in _cascade(table, own)]


def _cascade(table: Mapping[str, Any], own: Sequence[str]) -> Iterator[dict[str, Any]]:
    low = lower_keys(table)
    target = low.pop("target", low.pop("_target", None))
    target = lower_keys(target) if isinstance(target, dict) else {}
    for key in ("build", "_build", "target", "_target", "outputs", "type", "layout", "cascade"):
        low.pop(key, None)
    params = low.pop("params", None)
    known = {"draft", "weight", "keywords", "menus", "date", *own}
    kept = {key: low[key] for key in low if key in known}
    extra = {key: value for key, value in table.items() if key.lower() in low.keys() - known}
    extra |= params if isinstance(params, dict) else {}
    values = drop_empty({**kept, "extra": extra})
    kinds = [k for k in _braced(str(target.get("kind", ""))) if k in _KINDS]
    if not values or (target.get("kind") and not kinds) or target.get("lang"):
        return
    for kind in kinds or [""]:
        for path in _braced(str(target.get("path", ""))):
            yield {
                **({"match": path.strip("/")} if path else {}),
                **({"kind": kind} if kind else {}),
                **values,
            }


def _braced(text: str) -> list[str]:
    """Expand braces: `x{a,b}` -> `xa`, `xb`."""
    match = _BRACES.search(text)
    if match is None:
        return [text]
    return [
        one
        for part in match[1].split(",")
        for one in _braced(text[: match.start()] + part.strip() + text[match.end() :])
    ]


def _stem(name: str) -> str:
    return posixpath.splitext(posixpath.basename(name))[0]


def _is_bundle(name: str, root: str) -> bool:
    """Whether a file is the `index.md` of a page bundle."""
    stem = _stem(name).partition(".")[0]
    return stem == "index" and posixpath.dirname(name) != root and name.endswith(_TEXTS)


def _alias(alias: str, address: str) -> str:
    """An alias without a leading slash is relative to the folder of its page."""
    if alias.startswith("/"):
        return address_path(alias)
    above = posixpath.dirname(address.rstrip("/"))
    return address_path(posixpath.normpath(posixpath.join(above, alias)) + "/")


def with_sort_orders(pages: Pages) -> list[ImportedPage]:
    """Sort sections by weight if their pages have weights, by title if none has a date."""
    wanted: dict[str, str] = {}
    for folder in {page.folder for page in pages}:
        inside = [d for d in pages if d.folder == folder and not d.is_section]
        inside += [d for d in pages if d.content_path.endswith("/index.md")
                   and posixpath.dirname(d.folder) == folder]  # fmt: skip
        if any("weight" in one.values for one in inside):
            wanted[folder] = "weight"
        elif folder and inside and not any("date" in one.values for one in inside):
            wanted[folder] = "title"
    found = []
    for page in pages:
        order = wanted.pop(page.folder, "") if page.is_section else ""
        found.append(page.with_values(sort_by=order) if order else page)
    tops = [f for f, order in wanted.items() if "/" not in f and order]
    return [*found, *(ImportedPage("", f"{f}/_index.md".lstrip("/"), {"sort_by": wanted[f]})
                      for f in sorted(tops))]  # fmt: skip
