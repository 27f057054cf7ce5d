"""A site of Hugo -> a site of ours."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urljoin

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.hugo.config import HugoConfig, note_unread, read_config
from ssg.importers.hugo.content_reader import HugoContentReader, cascades, with_orders
from ssg.importers.hugo.menus import menus
from ssg.importers.hugo.permalinks import HugoPermalinks, candidates, urlize
from ssg.importers.hugo.settings import section_paging, settings, taxonomies
from ssg.importers.hugo.shortcodes import HugoShortcodes, page_finder
from ssg.importers.imported_page import ImportedPage, content_paths
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedRedirect,
    ImportNotes,
    ImportTopic,
    TextFile,
)
from ssg.importers.markup.heading_ids import github_id, known_ids
from ssg.importers.markup.html_blocks import only_html
from ssg.importers.markup.link_targets import LinkTargets, map_targets, split_target
from ssg.importers.markup.outside_code import line_at, map_outside_blocks
from ssg.importers.site_data.data_files import data_files, phrase_files, term_redirects
from ssg.importers.site_data.language_suffixes import LanguageSuffixes
from ssg.importers.source_tree import SourceTree
from ssg.model.urls import base_path
from ssg.render.markdown.title import plain_title

_BLOCK_ATTRIBUTES = re.compile(r"^[ \t>]*\{[.#:][^{}\n]*\}[ \t]*\n", re.M)
_TERM = re.compile(r"(?<![^\n]\n)^(?P<term>[^\s<>#:|`*+\d-][^\n]*|`[^\n]*)\n(?=\n?:[ \t])", re.M)
_FOLDED_ALERT = re.compile(r"^([ \t>]*>[ \t]*\[!\w+\])[+-]", re.M)
_TEMPLATE_FOLDERS = ("layouts", "assets", "archetypes", "themes")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Everything but the templates. Raises OldSiteError if there is no configuration."""
    config = read_config(tree)
    note_unread(config, notes)
    names = LanguageSuffixes(config.language_folders)
    content = HugoContentReader(tree, config, names, notes).read()
    pages = _with_home(with_orders(content.pages), config)
    sources = {one.origin: one for one in [*content.pages, *content.hidden]}
    find = page_finder(sources, config.content_folder)
    shortcodes = HugoShortcodes(tree, notes, find, config.table("params"))
    ours = settings(config, notes)
    ours["menus"] = menus(config, pages)
    _note_templates(tree, notes)

    def rewriting(settled: Sequence[ImportedPage]) -> RewriteText:
        return _rewriting(settled, config, shortcodes, notes, str(ours["base_url"]))

    return ConvertedSite(
        config=ours,
        pages=pages,
        rewriting=rewriting,
        make_id=github_id,
        patterns={
            folder: found
            for folder, pattern in HugoPermalinks(config).patterns.items()
            if (found := candidates(pattern)) and folder
        },
        files=[*content.files, *_static(tree, config), *_materials(tree, config, notes)],
        more_files=lambda: list(shortcodes.templates()),
        redirects=_term_redirects(pages, config),
        languages=config.language_folders,
    )


def _with_home(pages: Sequence[ImportedPage], config: HugoConfig) -> list[ImportedPage]:
    """The home page hands down what the configuration does: feeds, parts of lists, `cascade`."""
    section: dict[str, Any] = {"kind": "section", "generate_feeds": True, **section_paging(config)}
    value = config.values.get("cascade")
    tables = [*cascades(value, taxonomies(config)), section]
    home = next((d for d in pages if d.content_path in {"_index.md", "index.md"}), None)
    if home is None:
        return [*pages, ImportedPage("", "_index.md", {"cascade": tables}, address="/")]
    own = [*(home.values.get("cascade") or []), *tables]
    place = "_index.md"
    changed = ImportedPage(
        home.origin, place, {**home.values, "cascade": own}, home.text, home.line, "/"
    )
    return [changed if one is home else one for one in pages]


def _rewriting(
    pages: Sequence[ImportedPage],
    config: HugoConfig,
    shortcodes: HugoShortcodes,
    notes: ImportNotes,
    url: str,
) -> RewriteText:
    paths = content_paths(pages)
    targets = LinkTargets(paths, base=base_path(url), root=config.content_folder)
    addresses = {one.address.lower(): one.address for one in pages}
    has_term_ids = config.flag("markup", "goldmark", "parser", "autodefinitiontermid")

    def rewrite(page: ImportedPage) -> str:
        def change(target: str, line: int) -> str:
            changed = targets.change(target, page, line, notes)
            return _as_hugo_finds(changed, page, addresses)

        text = shortcodes.convert(page.text, page, page.line)
        if page.origin.lower().endswith((".html", ".htm")):
            return only_html(text)
        text = map_outside_blocks(
            text, page.line, lambda prose, line: _plain(prose, line, page, notes)
        )
        if has_term_ids:
            taken = known_ids(text)
            text = map_outside_blocks(
                text, page.line, lambda prose, _: _with_term_ids(prose, taken)
            )
        return map_targets(text, page.line, change)

    return rewrite


def _as_hugo_finds(target: str, page: ImportedPage, addresses: Mapping[str, str]) -> str:
    """A path to a page as Hugo finds it: in any case, from the page's folder, from the top.

    A browser does not; what it would find goes first.
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
    """Terms of definition lists have ids in Hugo, if a site wants it. `taken` grows."""

    def mark(match: re.Match[str]) -> str:
        identifier = github_id(plain_title(match["term"]))
        if not identifier or identifier in taken:
            return match[0]
        taken.add(identifier)
        return f'<a id="{identifier}"></a>{match[0]}'

    return _TERM.sub(mark, prose)


def _plain(prose: str, line: int, page: ImportedPage, notes: ImportNotes) -> str:
    """Without attribute lists of blocks, which only headings and code may have here."""
    for match in _BLOCK_ATTRIBUTES.finditer(prose):
        what = "attributes of a block were not carried"
        notes.add(ImportTopic.MARKUP, what, page.origin, line_at(prose, match.start(), line))
    return _FOLDED_ALERT.sub(r"\1", _BLOCK_ATTRIBUTES.sub("", prose))


def _static(tree: SourceTree, config: HugoConfig) -> list[TextFile | CopiedFile]:
    return [
        CopiedFile(f"static/{name[len(folder) + 1 :]}", name)
        for folder in config.static_folders
        for name in tree.below(folder)
    ]


def _materials(
    tree: SourceTree, config: HugoConfig, notes: ImportNotes
) -> list[TextFile | CopiedFile]:
    data = config.text("datadir", default="data").strip("/")
    phrases = config.text("i18ndir", default="i18n").strip("/")
    return [*data_files(tree, data, notes), *phrase_files(tree, phrases, notes)]


def _note_templates(tree: SourceTree, notes: ImportNotes) -> None:
    for folder in _TEMPLATE_FOLDERS:
        files = [name for name in tree.below(folder) if "shortcodes/" not in name]
        notes.templates(folder, files)
    for name in tree.files:
        if name.startswith("layouts/") and "_markup/" in name:
            what = "a render hook was not carried: what it does to links or blocks is missing"
            notes.add(ImportTopic.TEMPLATE, what, name)


def _term_redirects(pages: Sequence[ImportedPage], config: HugoConfig) -> list[ImportedRedirect]:
    return [
        redirect
        for name in taxonomies(config)
        for redirect in term_redirects(pages, name, lambda kind, term: f"/{kind}/{urlize(term)}/")
    ]
