"""Releases of a site, each in a folder of its own, and a link to one of them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.conftest import Files
from tests.server_site import SERVER_SITE, build_for_server

PAGES = tuple(f"/blog/{name}/" for name in "abcdef")
SAME = "/blog/same/"
"""A page that no release changes."""


def site_of(mark: str, *, keep_cache: bool = True) -> Files:
    """A site whose pages show the mark twice: in their own text, and from another page."""
    pages: dict[str, str] = {
        f"content/blog/{name}.md": f"---\ntitle: {name}\ndeferred: true\n---\nbuild {mark}"
        for name in "abcdef"
    }
    template = "{{ page.content }}|{{ get_page('about.md').title }}|{{ page.title }}"
    return {
        **SERVER_SITE,
        "ssg.toml": str(SERVER_SITE["ssg.toml"]).replace("true", str(keep_cache).lower()),
        "templates/page.html": template,
        "content/about.md": f"---\ntitle: build {mark}\n---\nAbout",
        "content/blog/same.md": "---\ntitle: Same\ndeferred: true\ntemplate: same.html\n---\nSame",
        "templates/same.html": "{{ page.content }}",
        **pages,
    }


def releases(root: Path, marks: Sequence[str], *, keep_cache: bool = True) -> list[Path]:
    """Build a release for each mark."""
    folders = []
    for mark in marks:
        build_for_server(root / "site", site_of(mark, keep_cache=keep_cache))
        folders.append(root / "releases" / mark)
        shutil.copytree(root / "site" / "dist", folders[-1])
    return folders


def lead_to(link: Path, folder: Path) -> None:
    """Let a link lead to a folder, at once."""
    new = link.with_name("new-link")
    new.symlink_to(folder)
    new.replace(link)
