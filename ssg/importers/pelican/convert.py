"""Converts a site of Pelican."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import unquote

from ssg.content.structure.terms import slug_of
from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, Pages, content_paths
from ssg.importers.imported_site import ImportedRedirect, ImportNotes, Topic
from ssg.importers.markup import python_markdown
from ssg.importers.markup.heading_ids import python_markdown_id
from ssg.importers.markup.html_blocks import only_html
from ssg.importers.markup.link_targets import LinkTargets, map_targets, split_target
from ssg.importers.markup.outside_code import LineFinder, line_at, map_outside_code
from ssg.importers.markup.shortcode_calls import escape_calls, template_files
from ssg.importers.pelican.content_reader import PelicanContent, PelicanContentReader
from ssg.importers.pelican.liquid_tags import LiquidTags
from ssg.importers.pelican.permalinks import PelicanPermalinks
from ssg.importers.pelican.settings import PelicanSettings, main_menu, read_settings, ssg_settings
from ssg.importers.site_data.settings import paging
from ssg.importers.site_data.taxonomies import term_redirects
from ssg.importers.source_tree import SourceTree

_KEYWORD = re.compile(r"^(?:\{|\|)(filename|static|attach|category|tag|author|index)(?:\}|\|)(.*)$")
_HTML_KEYWORD = re.compile(
    r"""((?:src|href|poster)\s*=\s*["'])((?:\{|\|)(?:filename|static|attach|category|tag|author|index)(?:\}|\|)[^"']*)"""
)
ARCHIVE = "/archives/"
_DIRECT = ["archives", "tags", "categories", "authors"]
_TAXONOMIES = (("categories", "category"), ("tags", "tag"), ("authors", "author"))


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Convert all but the theme. Raises OldSiteError if the folder is not a site of Pelican."""
    config = read_settings(tree, notes)
    settings = ssg_settings(config, notes)
    content = PelicanContentReader(tree, config, notes).read()
    addresses = PelicanPermalinks(config)
    pager = paging(config.values.get("DEFAULT_PAGINATION"))
    has_authors = len({a for d in content.pages for a in d.values.get("authors") or ()}) > 1
    taxonomies = {
        name: {**pager, "path": folder}
        for name, kind in _TAXONOMIES
        if (name != "authors" or has_authors) and (folder := _folder(addresses.term(kind, "x")))
    }
    settings["taxonomies"] = taxonomies
    if "archives" in config.listed("DIRECT_TEMPLATES", _DIRECT):
        settings["archive"] = {"path": ARCHIVE}
    settings["menus"] = {"main": _menu(content.pages, config, addresses)}
    if theme := config.text("THEME").strip("./"):
        notes.templates(tree, [theme])
    liquid = LiquidTags(tree, config, notes)

    pattern = addresses.pattern()
    return ConvertedSite(
        config=settings,
        pages=_with_sections(
            [_without_dropped_taxonomies(one, taxonomies) for one in content.pages], pager
        ),
        make_rewriter=partial(_rewriter, content, config, addresses, liquid, notes),
        make_id=python_markdown_id,
        id_joiner="_",
        patterns={"**": [pattern]} if pattern else {},
        files=content.files,
        late_files=lambda: template_files(liquid.templates),
        redirects=_redirects(content.pages, config, addresses, has_authors=has_authors),
    )


def _menu(
    pages: Pages, config: PelicanSettings, addresses: PelicanPermalinks
) -> list[dict[str, Any]]:
    shown = [one for one in pages if not one.values.get("draft")]
    names = sorted({name for one in shown for name in one.values.get("categories") or ()})
    folder = _folder(addresses.term("category", "x"))
    category_paths = {name: f"/{folder}/{slug_of(name)}/" for name in names} if folder else {}
    standalone = sorted(one.content_path for one in shown if not one.values.get("categories"))
    return main_menu(config, standalone, category_paths)


def _folder(address: str) -> str:
    """The folder of terms, from the address of one of them."""
    return posixpath.dirname(address.rstrip("/")).strip("/")


def _with_sections(pages: Pages, pager: Mapping[str, int]) -> list[ImportedPage]:
    """Add the home page, which lists all articles, and transparent sections for their folders."""
    tops = {one.content_path.partition("/")[0] for one in pages if one.folder}
    home = ImportedPage("", "_index.md", {"sort_by": "date", **pager})
    sections = [
        ImportedPage("", f"{top}/_index.md", {"transparent": True})
        for top in sorted(tops)
        if top != "pages"
    ]
    return [home, *sections, *pages]


def _without_dropped_taxonomies(page: ImportedPage, taxonomies: Mapping[str, Any]) -> ImportedPage:
    """Move categories and tags without pages of terms to `extra`."""
    away = {name: page.values[name] for name in ("categories", "tags")
            if name in page.values and name not in taxonomies}  # fmt: skip
    if not away:
        return page
    kept = {name: value for name, value in page.values.items() if name not in away}
    return replace(page, values={**kept, "extra": {**page.values.get("extra", {}), **away}})


def _redirects(
    pages: Pages, config: PelicanSettings, addresses: PelicanPermalinks, *, has_authors: bool
) -> list[ImportedRedirect]:
    """Redirects from the old addresses of terms, feeds and lists."""
    found: list[ImportedRedirect] = []
    for name, kind in _TAXONOMIES:
        folder = _folder(addresses.term(kind, "x"))
        if folder and (name != "authors" or has_authors):
            found += term_redirects(pages, [name], _term_address(addresses), folder)
        elif name == "authors" and (author := config.text("AUTHOR")):
            found.append(ImportedRedirect(addresses.term(kind, author), "/"))
    for key, default in (("FEED_ALL_ATOM", "feeds/all.atom.xml"), ("FEED_ALL_RSS", ""),
                         ("FEED_ATOM", ""), ("FEED_RSS", "")):  # fmt: skip
        value = config.values.get(key, default)
        if isinstance(value, str) and value:
            found.append(ImportedRedirect("/" + value.lstrip("/"), "/feed.xml"))
    found += [
        ImportedRedirect(
            config.text(f"{name.upper()}_SAVE_AS", f"{name}.html"), _list_of(name, addresses)
        )
        for name in config.listed("DIRECT_TEMPLATES", _DIRECT)
        if name in _DIRECT and config.values.get(f"{name.upper()}_SAVE_AS", "-")
    ]
    return [
        ImportedRedirect(f"/{one.old.lstrip('/')}", one.new) for one in found if one.old and one.new
    ]


def _list_of(name: str, addresses: PelicanPermalinks) -> str:
    """The new address of a list of Pelican: of terms, or of articles by year."""
    if name == "archives":
        return ARCHIVE
    folder = _folder(addresses.term(dict(_TAXONOMIES)[name], "x"))
    return f"/{folder}/" if folder else ""


def _term_address(addresses: PelicanPermalinks) -> Callable[[str, str], str]:
    kinds = dict(_TAXONOMIES)
    return lambda taxonomy, name: addresses.term(kinds[taxonomy], name)


def _rewriter(
    content: PelicanContent,
    config: PelicanSettings,
    addresses: PelicanPermalinks,
    liquid: LiquidTags,
    notes: ImportNotes,
    pages: Pages,
    base: str,
) -> RewriteText:
    keywords = _LinkKeywords(pages, content, config, addresses, notes)
    targets = LinkTargets(content_paths(pages), {}, base, config.content)

    def rewrite(page: ImportedPage) -> str:
        def change(target: str, line: int) -> str:
            found = keywords.change(target, page, line)
            return found if found is not None else targets.change(target, page, line, notes)

        text = keywords.in_html(page.text, page, base)
        if page.is_html:
            return only_html(text)
        text = map_targets(text, page.line, change)
        text = map_outside_code(text, page.line, lambda prose, _: escape_calls(prose))
        text = liquid.convert(text, page)
        return python_markdown.convert(text, page.origin, LineFinder(page.text, page.line), notes)

    return rewrite


class _LinkKeywords:
    """Resolves the links of Pelican: `{filename}a.md`, `{static}a.png`, `{tag}x`."""

    def __init__(
        self,
        pages: Pages,
        content: PelicanContent,
        config: PelicanSettings,
        addresses: PelicanPermalinks,
        notes: ImportNotes,
    ) -> None:
        self._pages = {one.origin: one for one in pages if one.origin}
        self._urls = content.urls
        self._root = config.content
        self._addresses = addresses
        self._notes = notes

    def change(self, target: str, page: ImportedPage, line: int) -> str | None:
        """The new target; None if `target` has no keyword."""
        match = _KEYWORD.match(target)
        if match is None:
            return None
        keyword, rest = match[1], unquote(match[2])
        if keyword == "index":
            return "/"
        if keyword in {"category", "tag", "author"}:
            return self._term(keyword, rest)
        path, tail = split_target(rest)
        origin = self._origin(path, page)
        if found := self._pages.get(origin):
            return f"@/{found.content_path}{tail}"
        if url := self._urls.get(origin):
            return url + tail
        self._notes.add(Topic.LINK, f"leads to no file: {target}", page.origin, line)
        return f"/{path.lstrip('/')}{tail}"

    def in_html(self, text: str, page: ImportedPage, base: str) -> str:
        """Resolve them in attributes of HTML, which need whole addresses."""

        def inner(match: re.Match[str]) -> str:
            line = line_at(text, match.start(), page.line)
            found = self.change(match[2], page, line) or match[2]
            if found.startswith("@/"):
                place, hash_, part = found[2:].partition("#")
                target = next((p for p in self._pages.values() if p.content_path == place), page)
                found = target.address + hash_ + part
            return f"{match[1]}{base if found.startswith('/') else ''}{found}"

        return _HTML_KEYWORD.sub(inner, text)

    def _origin(self, path: str, page: ImportedPage) -> str:
        base = self._root if path.startswith("/") else posixpath.dirname(page.origin)
        return posixpath.normpath(posixpath.join(base, path.lstrip("/")))

    def _term(self, kind: str, name: str) -> str:
        folder = _folder(self._addresses.term(kind, "x")) or kind
        return f"/{folder}/{slug_of(name)}/"
