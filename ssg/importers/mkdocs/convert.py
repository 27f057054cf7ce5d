"""Converts a site of MkDocs."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, Pages, content_paths
from ssg.importers.imported_site import ImportNotes, Topic
from ssg.importers.limits import MAX_INCLUDED_CHARACTERS
from ssg.importers.markup import python_markdown
from ssg.importers.markup.heading_ids import python_markdown_id
from ssg.importers.markup.link_targets import LinkTargets
from ssg.importers.markup.outside_code import (
    LineFinder,
    line_at,
    map_outside_blocks,
    map_outside_code,
)
from ssg.importers.markup.shortcode_calls import escape_calls
from ssg.importers.mkdocs.config import MkDocsConfig, read_config, ssg_settings
from ssg.importers.mkdocs.content_reader import (
    MkDocsContentReader,
    has_title,
    page_address,
    sibling,
)
from ssg.importers.mkdocs.navigation import folder_titles, main_menu, read_nav, titles, weights
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.source_tree import SourceTree

_SNIPPET = re.compile(r"^(?P<indent>[ \t]*)-+8<-+[ \t]+\"(?P<path>[^\"\n]+)\"[ \t]*$", re.M)
_REFERENCE = re.compile(r"^:::[ \t]+(?P<name>[\w.:-]+)[^\n]*\n(?:(?:[ \t]+[^\n]*)?\n)*", re.M)
_MAX_DEPTH = 10


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Convert all but the theme. Raises OldSiteError if the folder is not a site of MkDocs."""
    config = read_config(tree)
    settings = ssg_settings(config, notes)
    pages, files = MkDocsContentReader(tree, config, notes).read()
    nav = read_nav(config.values.get("nav"))
    names = LanguageSuffixes(config.language_folders)
    own = [page for page in pages if names.split(page.content_path)[0] == names.default]
    docs = config.docs
    if config.has_language_folders:
        docs = f"{docs}/{names.default}"
    order = weights(nav, [page.origin for page in own], docs)
    by_place = {page.content_path: order[page.origin] for page in own}
    named = titles(nav, docs)
    originals = [names.split(page.content_path)[1] for page in pages]
    pages = [_in_order(page, by_place[original], named) if original in by_place else page
             for page, original in zip(pages, originals, strict=True)]  # fmt: skip
    pages += _sections(own, by_place, folder_titles(nav))
    places = {page.origin: page.content_path for page in own}
    settings["menus"] = {"main": main_menu(nav, places, docs)}
    pages = _with_aliases(pages, config, notes)

    return ConvertedSite(
        config=settings,
        pages=pages,
        make_rewriter=partial(_rewriter, tree, config, notes),
        make_id=python_markdown_id,
        id_joiner="_",
        files=files,
        languages=config.language_folders,
    )


# -- order -----------------------------------------------------------------------------------------


def _in_order(page: ImportedPage, weight: int, named: dict[str, str]) -> ImportedPage:
    values: dict[str, Any] = {"weight": weight} if page.folder or not page.is_section else {}
    if page.is_section:
        values["sort_by"] = "weight"
    if page.origin in named and not has_title(page.text) and "title" not in page.values:
        values["title"] = named[page.origin]
    return page.with_values(**values)


def _sections(pages: Pages, order: Mapping[str, int], named: dict[str, str]) -> list[ImportedPage]:
    """An `_index.md` for each folder without one: it sorts by weight, in the order of `nav`."""
    places = {page.content_path for page in pages}
    folders = {""} | {page.folder for page in pages}
    sections = []
    for folder in sorted(folders):
        place = f"{folder}/_index.md".lstrip("/")
        if place in places:
            continue
        inside = [order[d.content_path] for d in pages if f"{d.folder}/".startswith(f"{folder}/")]
        values: dict[str, Any] = {"sort_by": "weight"}
        if folder:
            title = named.get(folder) or posixpath.basename(folder).replace("-", " ").capitalize()
            values |= {"title": title, "weight": min(inside, default=1)}
        sections.append(ImportedPage("", place, values, address="" if folder else "/"))
    return sections


def _with_aliases(pages: Pages, config: MkDocsConfig, notes: ImportNotes) -> list[ImportedPage]:
    """Convert `redirect_maps` of the plugin redirects: old files become aliases of new ones."""
    plugin = config.options("plugins").get("redirects", {})
    maps = plugin.get("redirect_maps")
    found: dict[str, list[str]] = {}
    origins = {page.origin for page in pages}
    for old, new in (maps if isinstance(maps, dict) else {}).items():
        target = posixpath.normpath(f"{config.docs}/{str(new).partition('#')[0]}")
        folder, file = posixpath.split(posixpath.splitext(str(old))[0])
        stem = "" if file in {"index", "README"} else file
        if target in origins:
            alias = page_address(folder, stem, is_pretty=config.is_pretty)
            found.setdefault(target, []).append(alias)
        else:
            notes.add(Topic.ADDRESS, f"the redirect {old} leads to no page: {new}", config.origin)
    return [d.with_values(aliases=found[d.origin]) if d.origin in found else d for d in pages]


# -- texts -----------------------------------------------------------------------------------------


def _rewriter(
    tree: SourceTree, config: MkDocsConfig, notes: ImportNotes, pages: Pages, base: str
) -> RewriteText:
    paths = content_paths(pages)
    docs = config.docs
    files = {name: f"/{name[len(docs) + 1 :]}" for name in tree.below(docs)
             if "/" not in name[len(docs) + 1 :]}  # fmt: skip
    for origin, place in list(paths.items()):
        if place.endswith("_index.md"):
            paths.setdefault(sibling(origin, "index.md"), place)
            paths.setdefault(sibling(origin, "README.md"), place)
            paths.setdefault(posixpath.dirname(origin), place)
    targets = LinkTargets(paths, files, base, docs)
    snippets = _Snippets(tree, config, notes)

    def rewrite(page: ImportedPage) -> str:
        text = snippets.expand(targets.rewrite(page.text, page, notes), page)
        text = map_outside_code(text, page.line, lambda words, _: escape_calls(words))
        text = map_outside_blocks(
            text, page.line, lambda prose, at: _drop_reference(prose, at, page, notes)
        )
        return python_markdown.convert(text, page.origin, LineFinder(page.text, page.line), notes)

    return rewrite


def _drop_reference(prose: str, line: int, page: ImportedPage, notes: ImportNotes) -> str:
    """Replace `::: module`, for which a plugin documents the module, by its name."""

    def inner(match: re.Match[str]) -> str:
        what = "a reference generated from code"
        notes.not_imported(Topic.PLUGIN, what, page.origin, line_at(prose, match.start(), line))
        return f"`{match['name']}`\n\n"

    return _REFERENCE.sub(inner, prose)


class _Snippets:
    """Expands included files (PyMdown Extensions, "Snippets")."""

    def __init__(self, tree: SourceTree, config: MkDocsConfig, notes: ImportNotes) -> None:
        self._tree = tree
        self._notes = notes
        options = config.options("markdown_extensions").get("pymdownx.snippets", {})
        bases = options.get("base_path") or ["."]
        self._included_characters = 0
        self._bases = [str(one) for one in (bases if isinstance(bases, list) else [bases])]

    def expand(self, text: str, page: ImportedPage, depth: int = 0) -> str:
        if depth == 0:
            self._included_characters = 0
        if "8<" not in text or depth > _MAX_DEPTH:
            return text

        def inner(match: re.Match[str]) -> str:
            found = self._text(match["path"])
            if found is None:
                line = line_at(text, match.start(), page.line)
                what = f"there is no file to include: {match['path']}"
                self._notes.add(Topic.CODE, what, page.origin, line)
                return ""
            self._included_characters += 100 + len(found)
            if self._included_characters > MAX_INCLUDED_CHARACTERS:
                line = line_at(text, match.start(), page.line)
                what = "left out, the page includes too much text"
                self._notes.add(Topic.CODE, what, page.origin, line)
                return ""
            lines = self.expand(found, page, depth + 1).rstrip("\n").split("\n")
            return "\n".join(match["indent"] + line if line else line for line in lines)

        return _SNIPPET.sub(inner, text)

    def _text(self, path: str) -> str | None:
        for base in self._bases:
            name = posixpath.normpath(posixpath.join(base, path))
            if name in self._tree:
                return self._tree.text_if_readable(name)
        return None
