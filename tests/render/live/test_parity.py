"""A live page and the page of a file with the same values have the same bytes: random values."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.live_site import LiveSite
from tests.render.live.test_themes import page_file

CONFIG = """
title = "Site"
base_url = "https://example.org/sub/"
default_language = "en"
theme = "default"
[taxonomies.tags]
[taxonomies.authors]
[search]
enabled = true
[markdown]
auto_summary = true
smart_punctuation = true
highlight = true
math = true
[extra]
reading_time = true
latest = 3
[[menus.main]]
name = "Live"
page = "@/live/_index.md"
[languages.en]
[languages.fr]
title = "Le site"
[sources.api]
url = "https://api.example.org"
trusted = true

[[routes]]
path = "/live/{slug}/"
template = "page.html"
languages = ["en", "fr"]
data.post = { source = "api", path = "/{slug}" }
[routes.page]
title = "post.title"
description = "post.description"
summary = "post.summary"
date = "post.date"
updated = "post.updated"
body = "post.text"
authors = "post.authors"
tags = "post.tags"
extra = "post.extra"
"""
PARTS = (
    "Some *text* with **bold**, `code` and \"quotes\" -- it's here...",
    "[a link](/b/) and [another](@/live/_index.md), <https://example.org/>, a footnote[^1].",
    "[^1]: The *note*.", "## A heading", "### Another {#own}", "#### Deep & <b>bold</b>",
    "- one\n- two\n  - three", "1. a\n2. b", "| a | b |\n|---|:-:|\n| 1 | 2 |", "> quoted",
    "> [!NOTE]\n> An alert", "```python\ndef f():\n    return 1\n```",
    "<div class='x'>\nHTML\n</div>",
    "<!-- more -->", "$$x < y$$", "![image](/a.png \"title\")", "- [ ] open\n- [x] done",
    "{{ figure(src=\"/a.png\", alt=\"x\") }}",
    "{% note(kind=\"tip\") %}\nInside **{{ x }}**\n{% end %}",
    "HTML is here.\n\n*[HTML]: Markup", "Term\n: Definition", "---", "Zeile ä ö – 日本語",
)  # fmt: skip
WORDS = (
    "A",
    "title",
    "<b>",
    "&",
    '"quoted"',
    "'it’s'",
    "</script>",
    "ä",
    "日本",
    "{{ x }}",
    "x_y_z",
)
TERMS = ("red", "Blue", "a & b", "x/y")


def _values(draw: random.Random) -> Iterator[tuple[str, Any]]:
    def words() -> str:
        return " ".join(draw.sample(WORDS, draw.randint(1, 4)))

    yield "title", words()
    yield "text", "\n\n".join(draw.sample(PARTS, draw.randint(0, 8)))
    if draw.random() < 0.7:
        yield "date", f"2025-{draw.randint(1, 12):02}-02T03:04:05+02:00"
    for key in ("description", "summary"):
        if draw.random() < 0.4:
            yield key, words()
    if draw.random() < 0.4:
        yield "updated", "2025-12-31T00:00:00+00:00"
    if draw.random() < 0.6:
        yield "tags", sorted(draw.sample(TERMS, draw.randint(1, 3)), key=str.lower)
    if draw.random() < 0.4:
        yield "authors", sorted(draw.sample(("Ann", "Bob <b>"), draw.randint(1, 2)))
    if draw.random() < 0.3:
        yield "extra", {"image": "/a.png", "other": [1, {"a": None}]}


PAGES: Mapping[str, Mapping[str, Any]] = {
    f"p{seed}": dict(_values(random.Random(seed)))  # noqa: S311 the same in each run
    for seed in range(60)
}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    files = {"ssg.toml": CONFIG, "static/a.png": "x"}
    for suffix in ("", ".fr"):
        files[f"content/_index{suffix}.md"] = "---\ntitle: Home\n---\n"
        files[f"content/live/_index{suffix}.md"] = "---\ntitle: Live\n---\n"
        for name, values in PAGES.items():
            files[f"content/live/{name}{suffix}.md"] = page_file(values)
    return LiveSite.make(tmp_path_factory.mktemp("site"), files)


@pytest.mark.parametrize("name", [*PAGES])
@pytest.mark.parametrize("home", ["", "fr/"])
def test_a_live_page_has_the_bytes_of_a_page(live: LiveSite, home: str, name: str) -> None:
    made = live.html(f"/{home}live/other-{name}/", {f"/other-{name}": PAGES[name]})
    file = live.built.read(f"{home}live/{name}/index.html")
    assert _without_neighbours(made.replace(f"/other-{name}/", f"/{name}/")) == (
        _without_neighbours(file)
    )


def _without_neighbours(html: str) -> str:
    """Without links to the previous and the next page, which only the data of a live page names."""
    before, start, rest = html.partition('<nav class="turn"')
    return before + (rest.partition("</nav>\n")[2] if start else "")
