"""A site of MkDocs -> a site of ours."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import Any

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage
from ssg.importers.imported_site import ImportNotes, ImportTopic
from ssg.importers.markup import python_markdown
from ssg.importers.markup.heading_ids import python_markdown_id
from ssg.importers.markup.link_targets import LinkTargets, map_targets
from ssg.importers.markup.outside_code import (
    LineFinder,
    line_at,
    map_outside_blocks,
    map_outside_code,
)
from ssg.importers.markup.shortcode_calls import escape_calls
from ssg.importers.mkdocs.config import MkDocsConfig, read_config, settings
from ssg.importers.mkdocs.content_reader import MkDocsContentReader, address_of, beside, has_title
from ssg.importers.mkdocs.navigation import folder_titles, menu, read_nav, titles, weights
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError
from ssg.model.urls import base_path

_SNIPPET = re.compile(r"^(?P<indent>[ \t]*)-+8<-+[ \t]+\"(?P<path>[^\"\n]+)\"[ \t]*$", re.M)
_REFERENCE = re.compile(r"^:::[ \t]+(?P<name>[\w.:-]+)[^\n]*\n(?:(?:[ \t]+[^\n]*)?\n)*", re.M)
_DEEP = 10


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Everything but the theme. Raises OldSiteError if the folder is no site of MkDocs."""
    config = read_config(tree)
    ours = settings(config, notes)
    drafts, files = MkDocsContentReader(tree, config, notes).read()
    nav = read_nav(config.values.get("nav"))
    names = LanguageSuffixes(config.language_folders)
    own = [draft for draft in drafts if names.split(draft.place)[0] == names.default]
    docs = config.docs
    if config.has_language_folders:
        docs = f"{docs}/{names.default}"
    order = weights(nav, [draft.origin for draft in own], docs)
    by_place = {draft.place: order[draft.origin] for draft in own}
    named = titles(nav, docs)
    drafts = [_in_order(one, by_place[names.split(one.place)[1]], named)
              if names.split(one.place)[1] in by_place else one for one in drafts]  # fmt: skip
    drafts += _sections(own, by_place, folder_titles(nav))
    places = {draft.origin: draft.place for draft in own}
    ours["menus"] = {"main": menu(nav, places, docs)}
    drafts = _with_aliases(drafts, config, notes)

    def rewriting(settled: Sequence[ImportedPage]) -> RewriteText:
        return _rewriting(settled, tree, config, notes, str(ours["base_url"]))

    return ConvertedSite(
        config=ours,
        drafts=drafts,
        rewriting=rewriting,
        make_id=python_markdown_id,
        joiner="_",
        files=files,
        languages=config.language_folders,
    )


# -- order -----------------------------------------------------------------------------------------


def _in_order(draft: ImportedPage, weight: int, named: dict[str, str]) -> ImportedPage:
    values: dict[str, Any] = {"weight": weight} if draft.folder or not draft.is_section else {}
    if draft.is_section:
        values["sort_by"] = "weight"
    if draft.origin in named and not has_title(draft.text) and "title" not in draft.values:
        values["title"] = named[draft.origin]
    return draft.having(**values)


def _sections(
    drafts: Sequence[ImportedPage], order: Mapping[str, int], named: dict[str, str]
) -> list[ImportedPage]:
    """An `_index.md` for each folder that has none: it goes by weight, as `nav` does."""
    places = {draft.place for draft in drafts}
    folders = {""} | {draft.folder for draft in drafts}
    made = []
    for folder in sorted(folders):
        place = f"{folder}/_index.md".lstrip("/")
        if place in places:
            continue
        inside = [order[d.place] for d in drafts if f"{d.folder}/".startswith(f"{folder}/")]
        values: dict[str, Any] = {"sort_by": "weight"}
        if folder:
            title = named.get(folder) or posixpath.basename(folder).replace("-", " ").capitalize()
            values |= {"title": title, "weight": min(inside, default=1)}
        made.append(ImportedPage("", place, values, address="" if folder else "/"))
    return made


def _with_aliases(
    drafts: Sequence[ImportedPage], config: MkDocsConfig, notes: ImportNotes
) -> list[ImportedPage]:
    """`redirect_maps` of the plugin redirects: old files become aliases of new ones."""
    plugin = config.options("plugins").get("redirects", {})
    maps = plugin.get("redirect_maps")
    found: dict[str, list[str]] = {}
    origins = {draft.origin for draft in drafts}
    for old, new in (maps if isinstance(maps, dict) else {}).items():
        target = posixpath.normpath(f"{config.docs}/{str(new).partition('#')[0]}")
        folder, file = posixpath.split(posixpath.splitext(str(old))[0])
        stem = "" if file in {"index", "README"} else file
        if target in origins:
            alias = address_of(folder, stem, is_pretty=config.is_pretty)
            found.setdefault(target, []).append(alias)
        else:
            notes.add(
                ImportTopic.ADDRESS,
                f"the redirect {old} leads to no page: {new}",
                config.origin,
            )
    return [d.having(aliases=found[d.origin]) if d.origin in found else d for d in drafts]


# -- texts -----------------------------------------------------------------------------------------


def _rewriting(
    drafts: Sequence[ImportedPage],
    tree: SourceTree,
    config: MkDocsConfig,
    notes: ImportNotes,
    url: str,
) -> RewriteText:
    pages = {one.origin: one.place for one in drafts if one.origin}
    docs = config.docs
    files = {name: f"/{name[len(docs) + 1 :]}" for name in tree.below(docs)
             if "/" not in name[len(docs) + 1 :]}  # fmt: skip
    for origin, place in list(pages.items()):
        if place.endswith("_index.md"):
            pages.setdefault(beside(origin, "index.md"), place)
            pages.setdefault(beside(origin, "README.md"), place)
            pages.setdefault(posixpath.dirname(origin), place)
    targets = LinkTargets(pages, files, base_path(url), docs)
    snippets = _Snippets(tree, config, notes)

    def rewrite(draft: ImportedPage) -> str:
        def change(target: str, line: int) -> str:
            return targets.change(target, draft, line, notes)

        text = map_targets(draft.text, draft.line, change)
        text = snippets.expand(text, draft)
        text = map_outside_code(text, draft.line, lambda words, _: escape_calls(words))
        text = map_outside_blocks(
            text, draft.line, lambda prose, at: _reference(prose, at, draft, notes)
        )
        return python_markdown.convert(
            text, draft.origin, LineFinder(draft.text, draft.line), notes
        )

    return rewrite


def _reference(prose: str, line: int, draft: ImportedPage, notes: ImportNotes) -> str:
    """`::: module` asks a plugin to write about a module."""

    def inner(match: re.Match[str]) -> str:
        what = "a reference made from code was not carried"
        notes.add(ImportTopic.PLUGIN, what, draft.origin, line_at(prose, match.start(), line))
        return f"`{match['name']}`\n\n"

    return _REFERENCE.sub(inner, prose)


class _Snippets:
    """Files that texts include (PyMdown Extensions, "Snippets")."""

    def __init__(self, tree: SourceTree, config: MkDocsConfig, notes: ImportNotes) -> None:
        self._tree = tree
        self._notes = notes
        options = config.options("markdown_extensions").get("pymdownx.snippets", {})
        bases = options.get("base_path") or ["."]
        self._bases = [str(one) for one in (bases if isinstance(bases, list) else [bases])]

    def expand(self, text: str, draft: ImportedPage, depth: int = 0) -> str:
        if "8<" not in text or depth > _DEEP:
            return text

        def inner(match: re.Match[str]) -> str:
            found = self._text(match["path"])
            if found is None:
                line = line_at(text, match.start(), draft.line)
                what = f"there is no file to include: {match['path']}"
                self._notes.add(ImportTopic.CODE, what, draft.origin, line)
                return ""
            lines = self.expand(found, draft, depth + 1).rstrip("\n").split("\n")
            return "\n".join(match["indent"] + line if line else line for line in lines)

        return _SNIPPET.sub(inner, text)

    def _text(self, path: str) -> str | None:
        for base in self._bases:
            name = posixpath.normpath(posixpath.join(base, path))
            if name in self._tree:
                try:
                    return self._tree.text(name)
                except OldSiteError:
                    return None
        return None
