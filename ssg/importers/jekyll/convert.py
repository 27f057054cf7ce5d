"""A site of Jekyll -> a site of ours."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ssg.importers.assemble import ConvertedSite, RewriteText
from ssg.importers.imported_page import ImportedPage, content_paths
from ssg.importers.imported_site import CopiedFile, ImportedRedirect, ImportNotes, ImportTopic
from ssg.importers.jekyll import kramdown
from ssg.importers.jekyll.config import JekyllConfig, read_config, settings
from ssg.importers.jekyll.content_reader import JekyllContent, JekyllContentReader
from ssg.importers.jekyll.liquid_renderer import LiquidRenderer
from ssg.importers.jekyll.permalinks import STYLES, JekyllPermalinks, candidates
from ssg.importers.markup.heading_ids import github_id
from ssg.importers.markup.html_blocks import join_blocks, only_html
from ssg.importers.markup.link_targets import LinkTargets, map_targets
from ssg.importers.markup.outside_code import LineFinder, map_outside_code, split_code
from ssg.importers.markup.shortcode_calls import escape_calls
from ssg.importers.site_data.data_files import data_files
from ssg.importers.site_data.toml_yaml_json import read_value
from ssg.importers.source_tree import SourceTree
from ssg.model.errors import OldSiteError
from ssg.model.urls import base_path

_LISTS_POSTS = re.compile(r"\{%-?\s*for\s+\w+\s+in\s+(?:site\.posts|paginator\.posts)\b")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_USUAL_NAMES = ("/blog/", "/news/", "/posts/", "/articles/", "/archive/", "/archives/")
_MORE = "<!-- more -->"
_FOLDERS = ("_layouts", "_includes", "_sass", "_plugins")


def convert(tree: SourceTree, notes: ImportNotes) -> ConvertedSite:
    """Everything but the layouts. Raises OldSiteError if the folder is no site of Jekyll."""
    config = read_config(tree)
    ours = settings(config, notes)
    content = JekyllContentReader(tree, config, notes).read()
    data = f"{config.root}{config.text('data_dir').strip('/') or '_data'}"
    pages = _with_sections(content, config, notes)
    _note_templates(tree, config, notes)

    def rewriting(settled: Sequence[ImportedPage]) -> RewriteText:
        base = base_path(str(ours["base_url"]))
        site = _site(tree, config, settled, content, data)
        liquid = LiquidRenderer(tree, config, settled, site, base, notes)
        return _rewriting(settled, content, config, liquid, notes)

    folder = next((d.folder for d in pages if d.origin in content.posts), "posts")
    pattern = JekyllPermalinks(config.text("permalink") or "date", "").pattern_of(
        "posts", str(config.collections["posts"].get("permalink") or ""))  # fmt: skip
    return ConvertedSite(
        config=ours,
        pages=pages,
        rewriting=rewriting,
        make_id=github_id,
        patterns={folder: found} if (found := candidates(STYLES.get(pattern, pattern))) else {},
        files=[*content.files, *data_files(tree, data, notes)],
        redirects=_redirects(content.redirects),
    )


def _redirects(redirects: Sequence[ImportedRedirect]) -> list[ImportedRedirect]:
    return [one for one in redirects if one.new.startswith(("/", "http"))]


# -- sections --------------------------------------------------------------------------------------


def _with_sections(
    content: JekyllContent, config: JekyllConfig, notes: ImportNotes
) -> list[ImportedPage]:
    """The page that lists the posts becomes their section; each other folder gets one."""
    pages = list(content.pages)
    posts = [page for page in pages if page.content_path.startswith("posts/")]
    size = config.values.get("paginate")
    paging = {"paginate_by": size} if isinstance(size, int) and size else {}
    if not posts:
        return [*pages, *_collections(pages, config)]
    lister = _lister(pages, posts)
    if lister is None:
        section = ImportedPage("", "posts/_index.md", {"title": "Posts", **paging})
    else:
        what = "its list of posts is made by the theme now"
        notes.add(ImportTopic.CODE, what, lister.origin, lister.line)
        pages.remove(lister)
        section = replace(lister, text="").with_values(**paging)
        if lister.address == "/":
            pages.append(replace(section, content_path="_index.md"))
            section = ImportedPage("", "posts/_index.md", {"title": "Posts", "transparent": True})
    folder = _posts_folder(section, config)
    moved = [_moved(page, folder) for page in pages]
    return [
        replace(section, content_path=f"{folder}/_index.md"),
        *moved,
        *_collections(moved, config),
    ]


def _posts_folder(section: ImportedPage, config: JekyllConfig) -> str:
    """The folder of ours that holds the posts: that of the page which lists them."""
    name = section.address.strip("/").removesuffix(".html")
    is_free = bool(name) and "/" not in name and name not in config.collections
    return name if is_free else "posts"


def _moved(page: ImportedPage, folder: str) -> ImportedPage:
    if not page.content_path.startswith("posts/"):
        return page
    return replace(page, content_path=f"{folder}/{page.content_path.removeprefix('posts/')}")


def _lister(pages: Sequence[ImportedPage], posts: Sequence[ImportedPage]) -> ImportedPage | None:
    """The page whose matter is the list of posts."""
    found = [page for page in pages if _lists_posts(page.text)]
    if not posts or not found:
        return None

    def rank(page: ImportedPage) -> tuple[int, str]:
        folder = page.address if page.address.endswith("/") else page.address + "/"
        if "paginator" in page.text:
            return 0, folder
        if folder != "/" and all(post.address.startswith(folder) for post in posts):
            return 1, folder
        return (2 if folder in _USUAL_NAMES else 3 if folder == "/" else 9), folder

    best = min(found, key=rank)
    return best if rank(best)[0] < 9 else None


def _collections(pages: Sequence[ImportedPage], config: JekyllConfig) -> list[ImportedPage]:
    """A section for each collection that has none."""
    made = []
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
        made.append(
            ImportedPage("", place, {"title": str(table.get("title") or name.title()), **order})
        )
    return made


def _lists_posts(text: str) -> bool:
    """Whether a text goes through the posts. One that only shows how is no such page."""
    bare = _RAW.sub("", text)
    return any(_LISTS_POSTS.search(one.text) for one in split_code(bare) if not one.is_code)


# -- what Liquid sees ------------------------------------------------------------------------------


def _site(
    tree: SourceTree,
    config: JekyllConfig,
    pages: Sequence[ImportedPage],
    content: JekyllContent,
    data: str,
) -> dict[str, Any]:
    by_origin = {page.origin: _seen(page, content) for page in pages if page.origin}
    collections = {
        name: [by_origin[one] for one in origins if one in by_origin]
        for name, origins in content.collections.items()
    }
    drafts_too = {page.address for page in pages if page.values.get("draft")}
    posts = [post for post in collections.get("posts", []) if post["url"] not in drafts_too]
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
        "tags": _grouped(posts, "tags"),
        "categories": _grouped(posts, "categories"),
        "time": max((_day(post) for post in posts), default=""),
        "baseurl": str(config.values.get("baseurl") or ""),
        "url": str(config.values.get("url") or ""),
    }


def _seen(page: ImportedPage, content: JekyllContent) -> dict[str, Any]:
    values = page.values
    return {
        **content.seen.get(page.origin, {}),
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


def _grouped(posts: Sequence[Mapping[str, Any]], key: str) -> dict[str, list[Mapping[str, Any]]]:
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for post in posts:
        for name in post.get(key) or ():
            groups.setdefault(str(name), []).append(post)
    return groups


def _data(tree: SourceTree, folder: str) -> dict[str, Any]:
    """Data files as tables within tables, by their paths."""
    found: dict[str, Any] = {}
    for name in tree.below(folder):
        stem, suffix = posixpath.splitext(name[len(folder) + 1 :])
        if suffix not in {".yml", ".yaml", ".json", ".toml"}:
            continue
        try:
            value = read_value(tree, name)
        except OldSiteError:
            continue  # `data_files` has noted it
        *above, last = stem.split("/")
        table = found
        for part in above:
            table = table.setdefault(part, {})
        table[last] = value
    return found


# -- texts -----------------------------------------------------------------------------------------


def _rewriting(
    pages: Sequence[ImportedPage],
    content: JekyllContent,
    config: JekyllConfig,
    liquid: LiquidRenderer,
    notes: ImportNotes,
) -> RewriteText:
    paths = content_paths(pages)
    files = {file.origin: "/" + file.path.removeprefix("static/") for file in content.files
             if isinstance(file, CopiedFile)}  # fmt: skip
    targets = LinkTargets(paths, files, liquid.base, config.root)
    separator = config.text("excerpt_separator")

    def rewrite(page: ImportedPage) -> str:
        seen = content.seen.get(page.origin, {})
        text = liquid.run(page, seen)
        if page.origin.lower().endswith((".html", ".htm")):
            return only_html(text)
        text = join_blocks(text)
        text = map_outside_code(text, page.line, lambda words, _: escape_calls(words))
        text = kramdown.convert(text, page.origin, LineFinder(page.text, page.line), notes)
        own = str(seen.get("excerpt_separator") or separator).strip()
        if own and own not in {_MORE, "<!--more-->"}:
            text = text.replace(own, _MORE, 1)
        return map_targets(
            text, page.line, lambda target, line: targets.change(target, page, line, notes)
        )

    return rewrite


def _note_templates(tree: SourceTree, config: JekyllConfig, notes: ImportNotes) -> None:
    for folder in _FOLDERS:
        notes.templates(folder, tree.below(config.root + folder))
