"""A site with critical and deferred pages, and a preview of it with its dashboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import Built
from tests.preview.dashboard_page import Console, console

CONFIG = """
theme = ""
base_url = "https://example.org/"
title = "Fish & <chips>"
[target]
name = "netlify"
[[deferred.rules]]
match = "posts/**"
ttl = 120
stale = 180
cache_tags = ["news"]
"""
POSTS = {
    f"content/posts/p{number}.md": f"---\ntitle: Post {number}\n---\nText\n"
    for number in range(1, 6)
}


@pytest.fixture
def built(site: Callable[..., Built]) -> Built:
    files = {
        "ssg.toml": CONFIG,
        "content/about.md": "---\ntitle: About\n---\n",
        "content/posts/kept.md": "---\ntitle: Kept\ndeferred: {ttl: 86400}\n---\n",
        "content/posts/größe.md": "---\ntitle: Size\n---\n",
        **POSTS,
    }
    return site(files, target="netlify")


@pytest.fixture
def preview(built: Built, tmp_path: Path) -> Iterator[Console]:
    with console(tmp_path) as running:
        running.deploy(built)
        yield running
