"""The last steps of an import, which are the same for every generator.

An importer (`<generator>/convert.py`) returns a `ConvertedSite`: configuration, pages, files and
redirects, with the texts of the pages still as they were. Links cannot be rewritten sooner, since
a link to a page needs that page's new file. So the order of the steps matters:

1. `default_paths.best_pattern` chooses `[permalinks]` by which most pages keep their address.
2. `keep_addresses` settles the file, the address and the aliases of every page.
3. `make_rewriter` of the importer gets the settled pages, and its result rewrites each text:
   shortcodes, the Markdown dialect, links.
4. `heading_ids.keep_ids` writes the old ids of headings where ours would differ, and
   `check_anchors` then looks for links to parts that no page has.
5. Files, redirects, menus and taxonomies that the settled pages rule out are dropped or renamed.

Nothing is written here: the result is a value (`ImportedSite`), which `write_site` writes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ssg.importers.default_paths import best_pattern
from ssg.importers.destinations import (
    clashes,
    destination_problem,
    folder_problem,
    page_problem,
)
from ssg.importers.front_matter.files import page_text
from ssg.importers.imported_page import ImportedPage, LanguageFolders, Pages, content_paths
from ssg.importers.imported_site import (
    CopiedFile,
    ImportedFile,
    ImportedRedirect,
    ImportedSite,
    ImportNotes,
    TextFile,
    Topic,
)
from ssg.importers.keep_addresses import keep_addresses
from ssg.importers.limits import TimeLimitError, seconds_for_text, time_limit
from ssg.importers.markup.heading_ids import MakeId, check_anchors, keep_ids
from ssg.importers.markup.outside_code import fence_for, map_outside_blocks
from ssg.importers.markup.template_check import template_problem
from ssg.importers.site_data import reserved_extra_keys
from ssg.importers.site_data.deferred_rules import DeferSuggestion
from ssg.importers.site_data.taxonomies import separate_from_pages
from ssg.importers.source_tree import SourceTree
from ssg.model.urls import base_path, output_file, quote_path

_GAP = re.compile(r"(\A|\n)(?:[ \t]*\n){2,}")
_SPACE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
"""Would begin another rule. Spaces in paths are encoded."""
REDIRECTS = "static/_redirects"
HOST_CONFIG = "netlify.toml"

RewriteText = Callable[[ImportedPage], str]
"""Returns the text of a page in our Markdown. All pages have their final files and addresses."""


@dataclass(frozen=True, slots=True)
class ConvertedSite:
    """A site as an importer returns it. The texts of `pages` are still the old ones."""

    config: Mapping[str, Any]
    pages: Pages
    make_rewriter: Callable[[Pages, str], RewriteText]
    """Called with the settled pages, and the path of the site's URL."""
    make_id: MakeId
    id_joiner: str = "-"
    """Joins an id that occurs twice on a page with its number: `setup-1`."""
    patterns: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Candidates for `[permalinks]` by folder."""
    files: Sequence[ImportedFile] = ()
    late_files: Callable[[], Iterable[ImportedFile]] = tuple
    """Called after all texts are rewritten: the templates of the shortcodes that they call."""
    redirects: Sequence[ImportedRedirect] = ()
    languages: LanguageFolders = field(default_factory=dict)


def assemble(
    site: ConvertedSite, tree: SourceTree, notes: ImportNotes, deferral: DeferSuggestion | None
) -> ImportedSite:
    """Finish a converted site."""
    site = replace(site, pages=[one for one in site.pages if _may_be_written(one, notes)])
    permalinks = _permalinks(site)
    pages = keep_addresses(site.pages, permalinks, notes, site.languages)
    base = base_path(str(site.config.get("base_url") or ""))
    rewrite = site.make_rewriter(pages, base)
    pages = [_with_new_text(one, rewrite, site, notes) for one in pages]
    pages = check_anchors(pages, notes, {one.origin: one for one in site.pages}, site.languages)
    page_files = [
        TextFile(f"content/{one.content_path}", page_text(one.values, one.text)) for one in pages
    ]
    files = _files([*page_files, *site.files, *site.late_files()], pages, notes)
    redirects = _redirects(site.redirects, pages, base, notes)
    config = {
        **site.config,
        "output_dir": _output_dir(site.config, notes),
        "title": site.config.get("title") or tree.root.name,
        "menus": _menus(site, pages, {one.old: one.new for one in site.redirects}),
        "taxonomies": separate_from_pages(site.config, pages, notes),
        "extra": reserved_extra_keys.rename_site_keys(site.config.get("extra") or {}, notes),
        **({"permalinks": permalinks} if permalinks else {}),
    }
    if HOST_CONFIG in tree:
        what = "was not imported: the new site has its own, without the old redirects and variables"
        notes.add(Topic.FILE, what, HOST_CONFIG)
    if deferral:
        config |= deferral.settings(pages, notes)
    return ImportedSite(
        config=_without_empty(config),
        files=tuple(_with_redirects(files, redirects, tree)),
        redirects=redirects,
        findings=tuple(notes.findings),
        pages=sum(bool(one.origin) for one in pages),
    )


def _may_be_written(page: ImportedPage, notes: ImportNotes) -> bool:
    problem = page_problem(page)
    if problem:
        what = f"left out, {problem}: {_shown('content/' + page.content_path)}"
        notes.add(Topic.FILE, what, page.origin)
    return not problem


def _output_dir(config: Mapping[str, Any], notes: ImportNotes) -> str:
    """The publish folder of the old site, if it is a folder of the new one."""
    folder = str(config.get("output_dir") or "").strip("/")
    if not folder or not (problem := folder_problem(folder)):
        return folder
    notes.not_imported(Topic.SETTING, f"the publish folder {_shown(folder)} ({problem})", "")
    return ""


def _shown(path: str) -> str:
    """A path as a line of a report can show it."""
    return path if path.isprintable() else ascii(path)


def _with_new_text(
    page: ImportedPage, rewrite: RewriteText, site: ConvertedSite, notes: ImportNotes
) -> ImportedPage:
    """A page in our Markdown. A text that takes too long stays as it is."""
    try:
        with time_limit(seconds_for_text(len(page.text))):
            return _tidy(replace(page, text=rewrite(page)), site, notes)
    except TimeLimitError:
        what = "the text was not converted: that takes too long"
    except RecursionError:
        what = "the text was not converted: it is nested too deeply"
    notes.add(Topic.MARKUP, what, page.origin, page.line)
    return replace(page, text=_in_a_fence(page.text))


def _in_a_fence(text: str) -> str:
    fence = fence_for(text)
    return f"{fence}\n{text.rstrip()}\n{fence}\n"


def _tidy(page: ImportedPage, site: ConvertedSite, notes: ImportNotes) -> ImportedPage:
    """Join blank lines that conversions left, keep ids, and rename keys that the theme reads."""
    text = map_outside_blocks(page.text, 1, lambda prose, _: _GAP.sub(r"\1\n", prose))
    text = keep_ids(text, site.make_id, site.id_joiner)
    extra = reserved_extra_keys.rename_page_keys(page.values.get("extra") or {}, notes, page.origin)
    values = {**page.values, **({"extra": extra} if extra else {})}
    return replace(page, text=text, values=values)


def _permalinks(site: ConvertedSite) -> dict[str, str]:
    found: dict[str, str] = {}
    for folder, candidates in site.patterns.items():
        prefix = "" if "*" in folder else f"{folder}/"
        inside = [one for one in site.pages if one.content_path.startswith(prefix)]
        found |= best_pattern(inside, folder, candidates)
    return found


def _menus(
    site: ConvertedSite, pages: Pages, moved: Mapping[str, str]
) -> dict[str, list[dict[str, Any]]]:
    """Menus whose entries lead to the final files of pages, and past redirects in `moved`."""
    final = {page.content_path: page.content_path for page in pages}
    by_origin = content_paths(pages)
    for page in site.pages:
        if page.origin in by_origin:
            final.setdefault(page.content_path, by_origin[page.origin])
    return {
        name: [
            {**entry, "page": final[entry["page"]]}
            if "page" in entry
            else {**entry, "url": moved.get(entry["url"], entry["url"])}
            for entry in entries
            if "page" not in entry or entry["page"] in final
        ]
        for name, entries in (site.config.get("menus") or {}).items()
    }


def _files(
    files: Iterable[ImportedFile], pages: Iterable[ImportedPage], notes: ImportNotes
) -> list[ImportedFile]:
    """Each path once and only where an import may write; no static file at a page's address."""
    outputs = {"static/" + output_file(page.address) for page in pages if page.address}
    kept: dict[str, ImportedFile] = {}
    for file in files:
        origin = file.origin if isinstance(file, CopiedFile) else file.path
        if problem := destination_problem(file) or _template_problem(file):
            what = f"left out, {problem}: {_shown(file.path)}"
            notes.add(Topic.FILE, what, origin if isinstance(file, CopiedFile) else "")
        elif file.path in kept or file.path in outputs:
            notes.add(Topic.FILE, "left out, another file or page has the same path", origin)
        else:
            kept[file.path] = file
    for path in list(clashes(kept.values())):
        notes.add(Topic.FILE, "left out, other files need a folder of this name", path)
        del kept[path]
    return [kept[path] for path in sorted(kept)]


def _template_problem(file: ImportedFile) -> str:
    """Why a template may not run; '' if it may. Importers tell the line, and write another one."""
    if not isinstance(file, TextFile) or not file.path.startswith("templates/"):
        return ""
    problem = template_problem(file.text)
    return problem.what if problem else ""


def _redirects(
    redirects: Iterable[ImportedRedirect],
    pages: Iterable[ImportedPage],
    base: str,
    notes: ImportNotes,
) -> tuple[ImportedRedirect, ...]:
    """Those whose old address is neither that of a page nor an alias.

    Targets get the prefix `base`, the path of the site's URL, as those of aliases do.
    """
    taken = {page.address for page in pages}
    taken.update(alias for page in pages for alias in page.values.get("aliases") or ())
    found: dict[str, ImportedRedirect] = {}
    for one in redirects:
        if any(map(_SPACE.search, (one.old, one.new))):
            what = f"the redirect from {one.old!a} to {one.new!a} was not imported"
            notes.add(Topic.ADDRESS, what)
        elif one.old != one.new and one.old not in taken:
            new = base + one.new if one.new.startswith("/") else one.new
            found.setdefault(one.old, ImportedRedirect(one.old, new))
    return tuple(found[old] for old in sorted(found))


def _with_redirects(
    files: Sequence[ImportedFile], redirects: Sequence[ImportedRedirect], tree: SourceTree
) -> list[ImportedFile]:
    """Append our rules to the old site's own `_redirects`, whose rules go first."""
    if not redirects:
        return list(files)
    old = next((file for file in files if file.path == REDIRECTS), None)
    before = tree.text(old.origin) if isinstance(old, CopiedFile) else old.text if old else ""
    lines = [f"{quote_path(one.old)} {_quoted(one.new)} 301\n" for one in redirects]
    gap = "" if not before or before.endswith("\n") else "\n"
    rest = [file for file in files if file.path != REDIRECTS]
    return [*rest, TextFile(REDIRECTS, before + gap + "".join(lines))]


def _quoted(target: str) -> str:
    return quote_path(target) if target.startswith("/") else target.replace(" ", "%20")


def _without_empty(config: Mapping[str, Any]) -> dict[str, Any]:
    """Drop keys without a value. In `taxonomies`, an empty table still declares one."""
    kept: dict[str, Any] = {}
    for key, value in config.items():
        if isinstance(value, dict) and key != "taxonomies":
            value = _without_empty(value)  # noqa: PLW2901 the table replaces itself
        if value not in (None, "", [], {}) or key == "taxonomies":
            kept[key] = value
    return kept
