"""Converts a site of Hugo."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urljoin

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.hugo.config import HugoConfig, add_setting_findings, read_config
from ssg.importers.hugo.content_reader import HugoContentReader, cascades, with_sort_orders
from ssg.importers.hugo.menus import menus
from ssg.importers.hugo.permalinks import HugoPermalinks, candidates, urlize
from ssg.importers.hugo.settings import paging, ssg_settings, taxonomies
from ssg.importers.hugo.shortcodes import HugoShortcodes, page_finder
from ssg.importers.imported_page import ImportedPage, Pages, content_paths
from ssg.importers.imported_site import CopiedFile, ImportedFile, ImportNotes, Topic
from ssg.importers.markup.heading_ids import github_id, known_ids
from ssg.importers.markup.html_blocks import only_html
from ssg.importers.markup.link_targets import LinkTargets, map_targets, split_target
from ssg.importers.markup.outside_code import line_at, map_outside_blocks
from ssg.importers.markup.shortcode_calls import template_files
from ssg.importers.site_data.data_files import data_files, message_files
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.site_data.taxonomies import term_redirects
from ssg.importers.source_tree import SourceTree
from ssg.render.markdown.title import plain_title

_BLOCK_ATTRIBUTES = re.compile(r"^[ \t>]*\{[.#:][^{}\n]*\}[ \t]*\n", re.M)
_TERM = re.compile(r"(?<![^\n]\n)^(?P<term>[^\s<>#:|`*+\d-][^\n]*|`[^\n]*)\n(?=\n?:[ \t])", re.M)
_FOLDED_ALERT = re.compile(r"^([ \t>]*>[ \t]*\[!\w+\])[+-]", re.M)
_TEMPLATE_FOLDERS = ("layouts", "assets", "archetypes", "themes")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Convert all but the templates. Raises OldSiteError if there is no configuration."""
    config = read_config(tree)
    add_setting_findings(config, notes)
    names = LanguageSuffixes(config.language_folders)
    content = HugoContentReader(tree, config, names, notes).read()
    pages = _with_home(with_sort_orders(content.pages), config)
    sources = {one.origin: one for one in [*content.pages, *content.hidden]}
    find = page_finder(sources, config.content_folder)
    shortcodes = HugoShortcodes(tree, notes, find, config.table("params"))
    settings = ssg_settings(config, notes)
    settings["menus"] = menus(config, pages)
    _add_template_findings(tree, notes)

    return ConvertedSite(
        config=settings,
        pages=pages,
        make_rewriter=partial(_rewriter, config, shortcodes, notes),
        make_id=github_id,
        patterns={
            folder: found
            for folder, pattern in HugoPermalinks(config).patterns.items()
            if (found := candidates(pattern)) and folder
        },
        files=[*content.files, *_static_files(tree, config), *_data(tree, config, notes)],
        late_files=lambda: template_files(shortcodes.templates),
        redirects=list(term_redirects(pages, taxonomies(config), _term_address)),
        languages=config.language_folders,
    )


def _with_home(pages: Pages, config: HugoConfig) -> list[ImportedPage]:
    """The home page, with the feeds, pagers and `cascade` of the configuration as its `cascade`."""
    section: dict[str, Any] = {"kind": "section", "generate_feeds": True, **paging(config)}
    value = config.values.get("cascade")
    tables = [*cascades(value, taxonomies(config)), section]
    home = next((d for d in pages if d.content_path in {"_index.md", "index.md"}), None)
    if home is None:
        return [*pages, ImportedPage("", "_index.md", {"cascade": tables}, address="/")]
    own = [*(home.values.get("cascade") or []), *tables]
    changed = replace(home, content_path="_index.md", address="/").with_values(cascade=own)
    return [changed if one is home else one for one in pages]


def _rewriter(
    config: HugoConfig, shortcodes: HugoShortcodes, notes: ImportNotes, pages: Pages, base: str
) -> RewriteText:
    targets = LinkTargets(content_paths(pages), base=base, root=config.content_folder)
    addresses = {one.address.lower(): one.address for one in pages}
    has_term_ids = config.flag("markup", "goldmark", "parser", "autodefinitiontermid")

    def rewrite(page: ImportedPage) -> str:
        def change(target: str, line: int) -> str:
            changed = targets.change(target, page, line, notes)
            return _find_as_hugo(changed, page, addresses)

        text = shortcodes.convert(page.text, page, page.line)
        if page.is_html:
            return only_html(text)
        text = map_outside_blocks(
            text, page.line, lambda prose, line: _without_block_attributes(prose, line, page, notes)
        )
        if has_term_ids:
            taken = known_ids(text)
            text = map_outside_blocks(
                text, page.line, lambda prose, _: _with_term_ids(prose, taken)
            )
        return map_targets(text, page.line, change)

    return rewrite


def _find_as_hugo(target: str, page: ImportedPage, addresses: Mapping[str, str]) -> str:
    """Resolve a path as Hugo does: in any case, from the page's folder, then from the top.

    A page at the path that a browser would resolve goes first.
    """
    path, rest = split_target(target)
    if not path or path.startswith("@/") or ":" in path or "." in posixpath.basename(path):
        return target
    folder = posixpath.dirname(page.origin.partition("/")[2]) or "."
    places = (urljoin(page.address, path), f"/{folder}/{path}", f"/{path}")
    for number, place in enumerate(places):
        found = addresses.get(posixpath.normpath(place).lower().rstrip("/") + "/")
        if found:
            return (
                target if number == 0 and place.rstrip("/") == found.rstrip("/") else found + rest
            )
    return target


def _with_term_ids(prose: str, taken: set[str]) -> str:
    """Write the ids that Hugo gives to terms of definition lists. `taken` grows."""

    def mark(match: re.Match[str]) -> str:
        identifier = github_id(plain_title(match["term"]))
        if not identifier or identifier in taken:
            return match[0]
        taken.add(identifier)
        return f'<a id="{identifier}"></a>{match[0]}'

    return _TERM.sub(mark, prose)


def _without_block_attributes(prose: str, line: int, page: ImportedPage, notes: ImportNotes) -> str:
    """Remove attributes of blocks: in ssg, only headings and code have attributes."""
    for match in _BLOCK_ATTRIBUTES.finditer(prose):
        what = "attributes of a block were not imported"
        notes.add(Topic.MARKUP, what, page.origin, line_at(prose, match.start(), line))
    return _FOLDED_ALERT.sub(r"\1", _BLOCK_ATTRIBUTES.sub("", prose))


def _static_files(tree: SourceTree, config: HugoConfig) -> list[ImportedFile]:
    return [
        CopiedFile(f"static/{name[len(folder) + 1 :]}", name)
        for folder in config.static_folders
        for name in tree.below(folder)
    ]


def _data(tree: SourceTree, config: HugoConfig, notes: ImportNotes) -> list[ImportedFile]:
    data = config.text("datadir", default="data").strip("/")
    messages = config.text("i18ndir", default="i18n").strip("/")
    return [*data_files(tree, data, notes), *message_files(tree, messages, notes)]


def _add_template_findings(tree: SourceTree, notes: ImportNotes) -> None:
    notes.templates(tree, _TEMPLATE_FOLDERS)
    for name in tree.files:
        if name.startswith("layouts/") and "_markup/" in name:
            what = "a render hook was not imported: its changes to links or blocks are missing"
            notes.add(Topic.TEMPLATE, what, name)


def _term_address(taxonomy: str, name: str) -> str:
    return f"/{taxonomy}/{urlize(name)}/"
