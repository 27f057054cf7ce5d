"""A site of Jekyll -> a site of ours."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from ssg.importers.drafts import Draft
from ssg.importers.facts.data_files import data_files
from ssg.importers.facts.tables import read_value
from ssg.importers.finish import Carried, Rewrite
from ssg.importers.imported import Copy, Kind, Notes, Redirect
from ssg.importers.jekyll import kramdown
from ssg.importers.jekyll.addresses import STYLES, Addresses, candidates
from ssg.importers.jekyll.config import JekyllConfig, read_config, settings
from ssg.importers.jekyll.liquid_run import Liquid
from ssg.importers.jekyll.pages import Content, Pages
from ssg.importers.markup.anchors import github_id
from ssg.importers.markup.calls import escape_calls
from ssg.importers.markup.html_blocks import join_blocks, only_html
from ssg.importers.markup.links import Targets, map_targets
from ssg.importers.markup.prose import Lines, map_words, pieces
from ssg.importers.tree import Tree
from ssg.model.errors import OldSiteError
from ssg.model.urls import base_path

_LISTS_POSTS = re.compile(r"\{%-?\s*for\s+\w+\s+in\s+(?:site\.posts|paginator\.posts)\b")
_RAW = re.compile(r"\{%-?\s*raw\s*-?%\}.*?\{%-?\s*endraw\s*-?%\}", re.S)
_USUAL_NAMES = ("/blog/", "/news/", "/posts/", "/articles/", "/archive/", "/archives/")
_MORE = "<!-- more -->"
_FOLDERS = ("_layouts", "_includes", "_sass", "_plugins")


def convert(tree: Tree, notes: Notes) -> Carried:
    """Everything but the layouts. Raises OldSiteError if the folder is no site of Jekyll."""
    config = read_config(tree)
    ours = settings(config, notes)
    content = Pages(tree, config, notes).read()
    data = f"{config.root}{config.text('data_dir').strip('/') or '_data'}"
    drafts = _with_sections(content, config, notes)
    _note_templates(tree, config, notes)

    def rewriting(settled: Sequence[Draft]) -> Rewrite:
        base = base_path(str(ours["base_url"]))
        site = _site(tree, config, settled, content, data)
        liquid = Liquid(tree, config, settled, site, base, notes)
        return _rewriting(settled, content, config, liquid, notes)

    folder = next((d.folder for d in drafts if d.origin in content.posts), "posts")
    pattern = Addresses(config.text("permalink") or "date", "").pattern_of(
        "posts", str(config.collections["posts"].get("permalink") or ""))  # fmt: skip
    return Carried(
        config=ours,
        drafts=drafts,
        rewriting=rewriting,
        make_id=github_id,
        patterns={folder: found} if (found := candidates(STYLES.get(pattern, pattern))) else {},
        files=[*content.files, *data_files(tree, data, notes)],
        redirects=_redirects(content.redirects),
    )


def _redirects(redirects: Sequence[Redirect]) -> list[Redirect]:
    return [one for one in redirects if one.new.startswith(("/", "http"))]


# -- sections --------------------------------------------------------------------------------------


def _with_sections(content: Content, config: JekyllConfig, notes: Notes) -> list[Draft]:
    """The page that lists the posts becomes their section; each other folder gets one."""
    drafts = list(content.drafts)
    posts = [draft for draft in drafts if draft.place.startswith("posts/")]
    size = config.values.get("paginate")
    paging = {"paginate_by": size} if isinstance(size, int) and size else {}
    if not posts:
        return [*drafts, *_collections(drafts, config)]
    lister = _lister(drafts, posts)
    if lister is None:
        section = Draft("", "posts/_index.md", {"title": "Posts", **paging})
    else:
        what = "its list of posts is made by the theme now"
        notes.add(Kind.CODE, what, lister.origin, lister.line)
        drafts.remove(lister)
        section = replace(lister, text="").having(**paging)
        if lister.address == "/":
            drafts.append(replace(section, place="_index.md"))
            section = Draft("", "posts/_index.md", {"title": "Posts", "transparent": True})
    folder = _posts_folder(section, config)
    moved = [_moved(draft, folder) for draft in drafts]
    return [replace(section, place=f"{folder}/_index.md"), *moved, *_collections(moved, config)]


def _posts_folder(section: Draft, config: JekyllConfig) -> str:
    """The folder of ours that holds the posts: that of the page which lists them."""
    name = section.address.strip("/").removesuffix(".html")
    is_free = bool(name) and "/" not in name and name not in config.collections
    return name if is_free else "posts"


def _moved(draft: Draft, folder: str) -> Draft:
    if not draft.place.startswith("posts/"):
        return draft
    return replace(draft, place=f"{folder}/{draft.place.removeprefix('posts/')}")


def _lister(drafts: Sequence[Draft], posts: Sequence[Draft]) -> Draft | None:
    """The page whose matter is the list of posts."""
    found = [draft for draft in drafts if _lists_posts(draft.text)]
    if not posts or not found:
        return None

    def rank(draft: Draft) -> tuple[int, str]:
        folder = draft.address if draft.address.endswith("/") else draft.address + "/"
        if "paginator" in draft.text:
            return 0, folder
        if folder != "/" and all(post.address.startswith(folder) for post in posts):
            return 1, folder
        return (2 if folder in _USUAL_NAMES else 3 if folder == "/" else 9), folder

    best = min(found, key=rank)
    return best if rank(best)[0] < 9 else None


def _collections(drafts: Sequence[Draft], config: JekyllConfig) -> list[Draft]:
    """A section for each collection that has none."""
    made = []
    for name, table in config.collections.items():
        place = f"{name}/_index.md"
        inside = [
            draft
            for draft in drafts
            if draft.place.startswith(f"{name}/") and not draft.values.get("draft")
        ]
        if name == "posts" or not inside or any(draft.place == place for draft in drafts):
            continue
        order = {"sort_by": "title"} if table.get("sort_by") != "date" else {}
        made.append(Draft("", place, {"title": str(table.get("title") or name.title()), **order}))
    return made


def _lists_posts(text: str) -> bool:
    """Whether a text goes through the posts. One that only shows how is no such page."""
    bare = _RAW.sub("", text)
    return any(_LISTS_POSTS.search(one.text) for one in pieces(bare) if not one.is_code)


# -- what Liquid sees ------------------------------------------------------------------------------


def _site(
    tree: Tree, config: JekyllConfig, drafts: Sequence[Draft], content: Content, data: str
) -> dict[str, Any]:
    by_origin = {draft.origin: _seen(draft, content) for draft in drafts if draft.origin}
    collections = {
        name: [by_origin[one] for one in origins if one in by_origin]
        for name, origins in content.collections.items()
    }
    drafts_too = {draft.address for draft in drafts if draft.values.get("draft")}
    posts = [post for post in collections.get("posts", []) if post["url"] not in drafts_too]
    posts.sort(key=_day, reverse=True)
    collections["posts"] = posts
    known = {one for origins in content.collections.values() for one in origins}
    pages = [by_origin[origin] for origin in by_origin if origin not in known]
    return {
        **collections,
        **config.values,
        "data": _data(tree, data),
        "posts": posts,
        "pages": pages,
        "documents": [one for rows in collections.values() for one in rows],
        "collections": [{"label": name, "docs": rows} for name, rows in collections.items()],
        "tags": _grouped(posts, "tags"),
        "categories": _grouped(posts, "categories"),
        "time": max((_day(post) for post in posts), default=""),
        "baseurl": str(config.values.get("baseurl") or ""),
        "url": str(config.values.get("url") or ""),
    }


def _seen(draft: Draft, content: Content) -> dict[str, Any]:
    values = draft.values
    return {
        **content.seen.get(draft.origin, {}),
        "title": values.get("title"),
        "url": draft.address,
        "date": values.get("date"),
        "path": draft.origin,
        "name": posixpath.basename(draft.origin),
        "id": draft.address.rstrip("/"),
        "tags": values.get("tags", []),
        "categories": values.get("categories", []),
        "excerpt": draft.text.strip().split("\n\n")[0],
        "content": draft.text,
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


def _data(tree: Tree, folder: str) -> dict[str, Any]:
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
    drafts: Sequence[Draft], content: Content, config: JekyllConfig, liquid: Liquid, notes: Notes
) -> Rewrite:
    pages = {draft.origin: draft.place for draft in drafts if draft.origin}
    files = {file.origin: "/" + file.path.removeprefix("static/") for file in content.files
             if isinstance(file, Copy)}  # fmt: skip
    targets = Targets(pages, files, liquid.base, config.root)
    separator = config.text("excerpt_separator")

    def rewrite(draft: Draft) -> str:
        seen = content.seen.get(draft.origin, {})
        text = liquid.run(draft, seen)
        if draft.origin.lower().endswith((".html", ".htm")):
            return only_html(text)
        text = join_blocks(text)
        text = map_words(text, draft.line, lambda words, _: escape_calls(words))
        text = kramdown.convert(text, draft.origin, Lines(draft.text, draft.line), notes)
        own = str(seen.get("excerpt_separator") or separator).strip()
        if own and own not in {_MORE, "<!--more-->"}:
            text = text.replace(own, _MORE, 1)
        return map_targets(
            text, draft.line, lambda target, line: targets.change(target, draft, line, notes)
        )

    return rewrite


def _note_templates(tree: Tree, config: JekyllConfig, notes: Notes) -> None:
    for folder in _FOLDERS:
        notes.templates(folder, tree.below(config.root + folder))
