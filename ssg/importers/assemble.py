"""The last steps, which are the same for every generator: addresses, links, ids, files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ssg.importers.default_paths import best_pattern
from ssg.importers.front_matter.files import page_text
from ssg.importers.imported_page import ImportedPage, LanguageFolders
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedRedirect,
    ImportedSite,
    ImportNotes,
    ImportTopic,
    TextFile,
)
from ssg.importers.keep_addresses import keep_addresses
from ssg.importers.markup.heading_ids import MakeId, check_anchors, keep_ids
from ssg.importers.markup.outside_code import map_outside_blocks
from ssg.importers.site_data import reserved_extra_keys
from ssg.importers.site_data.deferred_rules import DeferSuggestion
from ssg.importers.site_data.taxonomies import separate_from_pages
from ssg.importers.source_tree import SourceTree
from ssg.model.urls import base_path, output_file, quote_path

_GAP = re.compile(r"(\A|\n)(?:[ \t]*\n){2,}")
REDIRECTS = "static/_redirects"
HOSTING = "netlify.toml"

RewriteText = Callable[[ImportedPage], str]
"""A page, all others being at their addresses -> its text in our Markdown."""


@dataclass(frozen=True, slots=True)
class ConvertedSite:
    """What an importer made of a site. Texts of `drafts` are still the old ones.

    `rewriting` is called once the addresses are known. `patterns` are candidates for
    `[permalinks]` by folder.
    """

    config: Mapping[str, Any]
    pages: Sequence[ImportedPage]
    rewriting: Callable[[Sequence[ImportedPage]], RewriteText]
    make_id: MakeId
    joiner: str = "-"
    patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    files: Sequence[TextFile | CopiedFile] = ()
    more_files: Callable[[], Iterable[TextFile | CopiedFile]] = tuple
    """Files that are known only when all texts are rewritten: templates of shortcodes."""
    redirects: Sequence[ImportedRedirect] = ()
    languages: LanguageFolders = field(default_factory=dict)


def assemble(
    carried: ConvertedSite, tree: SourceTree, notes: ImportNotes, deferral: DeferSuggestion | None
) -> ImportedSite:
    """A whole site of ours."""
    permalinks = _permalinks(carried)
    pages = keep_addresses(carried.pages, permalinks, notes, carried.languages)
    rewrite = carried.rewriting(pages)
    pages = [replace(one, text=rewrite(one)) for one in pages]
    pages = [_tidy(one, carried, notes) for one in pages]
    old = {one.origin: one for one in carried.pages}
    pages = check_anchors(pages, notes, old, carried.languages)
    page_files = [
        TextFile(f"content/{one.content_path}", page_text(one.values, one.text)) for one in pages
    ]
    files = _files([*page_files, *carried.files, *carried.more_files()], pages, notes)
    base = base_path(str(carried.config.get("base_url") or ""))
    redirects = _redirects(carried.redirects, pages, base)
    config = {
        **carried.config,
        "title": carried.config.get("title") or tree.root.name,
        "menus": _menus(carried, pages, {one.old: one.new for one in carried.redirects}),
        "taxonomies": separate_from_pages(carried.config, pages, notes),
        "extra": reserved_extra_keys.rename_site_keys(carried.config.get("extra") or {}, notes),
        **({"permalinks": permalinks} if permalinks else {}),
    }
    if HOSTING in tree:
        what = "was not carried: the new site has its own, without redirects and variables of this"
        notes.add(ImportTopic.FILE, what, HOSTING)
    if deferral:
        config |= deferral.config(pages, notes)
    return ImportedSite(
        config=_without_nothing(config),
        files=tuple(_with_redirects(files, redirects, tree)),
        redirects=redirects,
        findings=tuple(notes.findings),
        pages=sum(bool(one.origin) for one in pages),
    )


def _tidy(page: ImportedPage, carried: ConvertedSite, notes: ImportNotes) -> ImportedPage:
    """Ids as they were, one empty line where conversions left several, keys past the theme's."""
    text = map_outside_blocks(page.text, 1, lambda prose, _: _GAP.sub(r"\1\n", prose))
    text = keep_ids(text, carried.make_id, carried.joiner)
    extra = reserved_extra_keys.rename_page_keys(page.values.get("extra") or {}, notes, page.origin)
    values = {**page.values, **({"extra": extra} if extra else {})}
    return replace(page, text=text, values=values)


def _permalinks(carried: ConvertedSite) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder, candidates in carried.patterns.items():
        prefix = "" if "*" in folder else f"{folder}/"
        inside = [one for one in carried.pages if one.content_path.startswith(prefix)]
        found |= best_pattern(inside, folder, candidates)
    return found


def _menus(
    carried: ConvertedSite, pages: Sequence[ImportedPage], moved: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Menus whose entries lead to where pages are in the end, and to what has `moved`."""
    places = {one.content_path: one.content_path for one in pages}
    by_origin = {one.origin: one.content_path for one in pages if one.origin}
    for one in carried.pages:
        if one.origin in by_origin:
            places.setdefault(one.content_path, by_origin[one.origin])
    return {
        name: [
            {**entry, "page": places[entry["page"]]}
            if "page" in entry
            else {**entry, "url": moved.get(entry["url"], entry["url"])}
            for entry in entries
            if "page" not in entry or entry["page"] in places
        ]
        for name, entries in (carried.config.get("menus") or {}).items()
    }


def _files(
    files: Iterable[TextFile | CopiedFile], pages: Iterable[ImportedPage], notes: ImportNotes
) -> list[TextFile | CopiedFile]:
    """Each path once, and no static file where a page is."""
    outputs = {"static/" + output_file(page.address) for page in pages if page.address}
    kept: dict[str, TextFile | CopiedFile] = {}
    for file in files:
        origin = file.origin if isinstance(file, CopiedFile) else file.path
        if file.path in kept or file.path in outputs:
            notes.add(ImportTopic.FILE, "left out, another file or page has its place", origin)
        else:
            kept[file.path] = file
    return [kept[path] for path in sorted(kept)]


def _redirects(
    redirects: Iterable[ImportedRedirect], pages: Iterable[ImportedPage], base: str
) -> tuple[ImportedRedirect, ...]:
    """Without those that a page, or an alias of one, stands in the way of.

    They lead below `base`, the path of the site's URL, as aliases do.
    """
    taken = {page.address for page in pages}
    taken.update(alias for page in pages for alias in page.values.get("aliases") or ())
    found: dict[str, ImportedRedirect] = {}
    for one in redirects:
        if one.old != one.new and one.old not in taken:
            new = base + one.new if one.new.startswith("/") else one.new
            found.setdefault(one.old, ImportedRedirect(one.old, new))
    return tuple(found[old] for old in sorted(found))


def _with_redirects(
    files: Sequence[TextFile | CopiedFile], redirects: Sequence[ImportedRedirect], tree: SourceTree
) -> list[TextFile | CopiedFile]:
    """The rules of the old site first, ours behind them."""
    if not redirects:
        return list(files)
    old = next((file for file in files if file.path == REDIRECTS), None)
    before = tree.text(old.origin) if isinstance(old, CopiedFile) else old.text if old else ""
    lines = [f"{quote_path(one.old)} {_quoted(one.new)} 301\n" for one in redirects]
    gap = "" if not before or before.endswith("\n") else "\n"
    rest = [file for file in files if file.path != REDIRECTS]
    return [*rest, TextFile(REDIRECTS, before + gap + "".join(lines))]


def _quoted(target: str) -> str:
    return quote_path(target) if target.startswith("/") else target


def _without_nothing(config: Mapping[str, Any]) -> dict[str, Any]:
    """No key without a value; tables of nothing stay where their name says something."""
    kept: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, dict) and key != "taxonomies":
            value = _without_nothing(value)  # noqa: PLW2901 a table in the place of a table
        if value not in (None, "", [], {}) or key == "taxonomies":
            kept[key] = value
    return kept
