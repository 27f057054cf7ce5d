"""Converts a site of Jekyll."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, Pages, content_paths
from ssg.importers.imported_site import CopiedFile, ImportNotes, Topic
from ssg.importers.jekyll import kramdown
from ssg.importers.jekyll.config import JekyllConfig, read_config, ssg_settings
from ssg.importers.jekyll.content_reader import JekyllContent, JekyllContentReader
from ssg.importers.jekyll.liquid_renderer import RAW_BLOCK, LiquidRenderer
from ssg.importers.jekyll.permalinks import STYLES, JekyllPermalinks, candidates
from ssg.importers.markup.heading_ids import github_id
from ssg.importers.markup.html_blocks import join_blocks, only_html
from ssg.importers.markup.link_targets import LinkTargets
from ssg.importers.markup.outside_code import LineFinder, map_outside_code, split_code
from ssg.importers.markup.shortcode_calls import escape_calls
from ssg.importers.site_data.data_files import data_files
from ssg.importers.site_data.settings import paging
from ssg.importers.site_data.toml_yaml_json import read_value
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError

_LISTS_POSTS = re.compile(r"\{%-?\s*for\s+\w+\s+in\s+(?:site\.posts|paginator\.posts)\b")
_USUAL_ADDRESSES = ("/blog/", "/news/", "/posts/", "/articles/", "/archive/", "/archives/")
_SUMMARY_MARK = "<!-- more -->"
_TEMPLATE_FOLDERS = ("_layouts", "_includes", "_sass", "_plugins")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Convert all but the layouts. Raises OldSiteError if the folder is not a site of Jekyll."""
    config = read_config(tree)
    settings = ssg_settings(config, notes)
    content = JekyllContentReader(tree, config, notes).read()
    data = f"{config.root}{config.text('data_dir').strip('/') or '_data'}"
    pages = _with_sections(content, config, notes)
    notes.templates(tree, _TEMPLATE_FOLDERS, config.root)

    folder = next((d.folder for d in pages if d.origin in content.posts), "posts")
    pattern = JekyllPermalinks(config.text("permalink") or "date", "").pattern_of(
        "posts", str(config.collections["posts"].get("permalink") or ""))  # fmt: skip
    return ConvertedSite(
        config=settings,
        pages=pages,
        make_rewriter=partial(_rewriter, tree, config, content, data, notes),
        make_id=github_id,
        patterns={folder: found} if (found := candidates(STYLES.get(pattern, pattern))) else {},
        files=[*content.files, *data_files(tree, data, notes)],
        redirects=[one for one in content.redirects if one.new.startswith(("/", "http"))],
    )


# -- sections --------------------------------------------------------------------------------------


def _with_sections(
    content: JekyllContent, config: JekyllConfig, notes: ImportNotes
) -> list[ImportedPage]:
    """The page that lists the posts becomes their section; every other folder gets one."""
    pages = list(content.pages)
    posts = [page for page in pages if page.content_path.startswith("posts/")]
    pager = paging(config.values.get("paginate"))
    if not posts:
        return [*pages, *_collection_sections(pages, config)]
    lister = _lister(pages, posts)
    if lister is None:
        section = ImportedPage("", "posts/_index.md", {"title": "Posts", **pager})
    else:
        what = "the theme lists the posts now, instead of the code of this page"
        notes.add(Topic.CODE, what, lister.origin, lister.line)
        pages.remove(lister)
        section = replace(lister, text="").with_values(**pager)
        if lister.address == "/":
            pages.append(replace(section, content_path="_index.md"))
            section = ImportedPage("", "posts/_index.md", {"title": "Posts", "transparent": True})
    folder = _posts_folder(section, config)
    moved = [_moved(page, folder) for page in pages]
    return [
        replace(section, content_path=f"{folder}/_index.md"),
        *moved,
        *_collection_sections(moved, config),
    ]


def _posts_folder(section: ImportedPage, config: JekyllConfig) -> str:
    """The new folder of the posts: that of the page which lists them."""
    name = section.address.strip("/").removesuffix(".html")
    is_free = bool(name) and "/" not in name and name not in config.collections
    return name if is_free else "posts"


def _moved(page: ImportedPage, folder: str) -> ImportedPage:
    if not page.content_path.startswith("posts/"):
        return page
    return replace(page, content_path=f"{folder}/{page.content_path.removeprefix('posts/')}")


def _lister(pages: Pages, posts: Pages) -> ImportedPage | None:
    """The page that serves as the list of posts."""
    found = [page for page in pages if _lists_posts(page.text)]
    if not posts or not found:
        return None

    def rank(page: ImportedPage) -> tuple[int, str]:
        folder = page.address if page.address.endswith("/") else page.address + "/"
        if "paginator" in page.text:
            return 0, folder
        if folder != "/" and all(post.address.startswith(folder) for post in posts):
            return 1, folder
        return (2 if folder in _USUAL_ADDRESSES else 3 if folder == "/" else 9), folder

    best = min(found, key=rank)
    return best if rank(best)[0] < 9 else None


def _collection_sections(pages: Pages, config: JekyllConfig) -> list[ImportedPage]:
    """A section for each collection without an index page."""
    sections = []
    for name, table in config.collections.items():
        place = f"{name}/_index.md"
        inside = [
            page
            for page in pages
            if page.content_path.startswith(f"{name}/") and not page.values.get("draft")
        ]
        if name == "posts" or not inside or any(page.content_path == place for page in pages):
            continue
        order = {"sort_by": "title"} if table.get("sort_by") != "date" else {}
        sections.append(
            ImportedPage("", place, {"title": str(table.get("title") or name.title()), **order})
        )
    return sections


def _lists_posts(text: str) -> bool:
    """Whether a text loops over the posts, outside of examples in code."""
    bare = RAW_BLOCK.sub("", text)
    return any(_LISTS_POSTS.search(one.text) for one in split_code(bare) if not one.is_code)


# -- variables of Liquid ---------------------------------------------------------------------------


def _site_variables(
    tree: SourceTree, config: JekyllConfig, pages: Pages, content: JekyllContent, data: str
) -> dict[str, Any]:
    by_origin = {page.origin: _page_variables(page, content) for page in pages if page.origin}
    collections = {
        name: [by_origin[one] for one in origins if one in by_origin]
        for name, origins in content.collections.items()
    }
    drafts = {page.address for page in pages if page.values.get("draft")}
    posts = [post for post in collections.get("posts", []) if post["url"] not in drafts]
    posts.sort(key=_day, reverse=True)
    collections["posts"] = posts
    known = {one for origins in content.collections.values() for one in origins}
    standalone = [by_origin[origin] for origin in by_origin if origin not in known]
    return {
        **collections,
        **config.values,
        "data": _data(tree, data),
        "posts": posts,
        "pages": standalone,
        "documents": [one for rows in collections.values() for one in rows],
        "collections": [{"label": name, "docs": rows} for name, rows in collections.items()],
        "tags": _group_by_term(posts, "tags"),
        "categories": _group_by_term(posts, "categories"),
        "time": max((_day(post) for post in posts), default=""),
        "baseurl": str(config.values.get("baseurl") or ""),
        "url": str(config.values.get("url") or ""),
    }


def _page_variables(page: ImportedPage, content: JekyllContent) -> dict[str, Any]:
    values = page.values
    return {
        **content.front_matter.get(page.origin, {}),
        "title": values.get("title"),
        "url": page.address,
        "date": values.get("date"),
        "path": page.origin,
        "name": posixpath.basename(page.origin),
        "id": page.address.rstrip("/"),
        "tags": values.get("tags", []),
        "categories": values.get("categories", []),
        "excerpt": page.text.strip().split("\n\n")[0],
        "content": page.text,
    }


def _day(post: Mapping[str, Any]) -> str:
    date = post.get("date")
    return date.isoformat() if isinstance(date, dt.date) else ""


def _group_by_term(
    posts: Sequence[Mapping[str, Any]], key: str
) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for post in posts:
        for name in post.get(key) or ():
            groups.setdefault(str(name), []).append(post)
    return groups


def _data(tree: SourceTree, folder: str) -> dict[str, Any]:
    """The values of data files as nested tables, by their paths."""
    found: dict[str, Any] = {}
    for name in tree.below(folder):
        stem, suffix = posixpath.splitext(name[len(folder) + 1 :])
        if suffix not in {".yml", ".yaml", ".json", ".toml"}:
            continue
        try:
            value = read_value(tree, name)
        except OldSiteError:
            continue  # `data_files` adds the finding
        *above, last = stem.split("/")
        table = found
        for part in above:
            table = table.setdefault(part, {})
        table[last] = value
    return found


# -- texts -----------------------------------------------------------------------------------------


def _rewriter(
    tree: SourceTree,
    config: JekyllConfig,
    content: JekyllContent,
    data: str,
    notes: ImportNotes,
    pages: Pages,
    base: str,
) -> RewriteText:
    site = _site_variables(tree, config, pages, content, data)
    liquid = LiquidRenderer(tree, config, pages, site, base, notes)
    files = {file.origin: "/" + file.path.removeprefix("static/") for file in content.files
             if isinstance(file, CopiedFile)}  # fmt: skip
    targets = LinkTargets(content_paths(pages), files, base, config.root)
    separator = config.text("excerpt_separator")

    def rewrite(page: ImportedPage) -> str:
        own_values = content.front_matter.get(page.origin, {})
        text = liquid.render(page, own_values)
        if page.is_html:
            return only_html(text)
        text = join_blocks(text)
        text = map_outside_code(text, page.line, lambda words, _: escape_calls(words))
        text = kramdown.convert(text, page.origin, LineFinder(page.text, page.line), notes)
        own = str(own_values.get("excerpt_separator") or separator).strip()
        if own and own not in {_SUMMARY_MARK, "<!--more-->"}:
            text = text.replace(own, _SUMMARY_MARK, 1)
        return targets.rewrite(text, page, notes)

    return rewrite
