"""Live pages with the themes that come with ssg, beside pages of files with the same values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.live.data_request import DataAnswer
from tests.live_site import LiveSite

CONFIG = """
title = "Site"
base_url = "https://example.org/sub/"
theme = "THEME"
default_language = "en"
[taxonomies.tags]
[search]
enabled = true
[markdown]
auto_summary = true
[extra]
reading_time = true
latest = 3
[[menus.main]]
name = "Live"
url = "/live/"
[sources.api]
url = "https://api.example.org"
trusted = true
[sources.users]
url = "https://users.example.org"

[[routes]]
path = "/live/{slug}/"
template = "page.html"
data.post = { source = "api", path = "/{slug}" }
[routes.page]
title = "post.title"
description = "post.description"
date = "post.date"
updated = "post.updated"
body = "post.text"
authors = "post.authors"
tags = "post.tags"
previous = "post.previous"
next = "post.next"

[[routes]]
path = "/users/{user}/"
template = "section.html"
data.posts = { source = "users", path = "/{user}?offset={offset}" }
page = { title = "posts.name", body = "posts.text" }
[routes.list]
items = "posts.items"
path = "/{user}/{item.slug}/"
page = { title = "title", body = "text", date = "date" }
paginate_by = 2
total = "posts.total"

[[routes]]
path = "/c/{user}/"
template = "section.html"
data.posts = { source = "users", path = "/{user}?after={cursor}" }
page = { title = "posts.name", body = "posts.text" }
[routes.list]
items = "posts.items"
path = "/{user}/{item.slug}/"
page = { title = "title", body = "text", date = "date" }
paginate_by = 2
next = "posts.next"
"""
TEXT = """\
Some *text* with [a link](/b/), "quotes" and `code`.

## One

| a | b |
|---|---|
| 1 | 2 |

## Two

<div class="x">HTML</div>

{% note(kind="tip") %}
Inside **{{ page }}**
{% end %}
"""
VALUES: Mapping[str, Any] = {
    "title": 'A "quoted" </script><b> & \'title\'', "description": 'Short "&" </title>',
    "date": "2026-01-02T03:04:05+02:00", "updated": "2026-01-03T00:00:00+00:00",
    "authors": ["Ann <b>", "Bob"], "tags": ["red"], "text": TEXT,
}  # fmt: skip


def page_file(values: Mapping[str, Any]) -> str:
    """A Markdown file with values; JSON is YAML."""
    front = {key: value for key, value in values.items() if key != "text"}
    return (
        "---\n"
        + "".join(f"{key}: {json.dumps(one)}\n" for key, one in front.items())
        + (f"---\n{values['text']}")
    )


@pytest.fixture(scope="module", params=["default", "plain"])
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), {
        "ssg.toml": CONFIG.replace("THEME", request.param),
        "content/_index.md": "---\ntitle: Home\n---\n",
        "content/live/_index.md": "---\ntitle: Live\n---\n",
        "content/live/page.md": page_file(VALUES),
        "templates/shortcodes/note.html": "<b>{{ kind }}{{ page.title }}</b>{{ body }}",
    })  # fmt: skip


def _comparable(html: str, slug: str) -> str:
    return html.replace(f"/live/{slug}/", "/live/SLUG/")


def test_a_live_page_has_the_bytes_of_a_page(site: LiveSite) -> None:
    """With the same values, on the same site: they differ in their address alone."""
    made = site.html("/live/x/", {"/x": VALUES})
    assert "HTML</div>" in made
    assert "Ann &lt;b&gt;" in made or "themes/plain" in made or "red" in made
    assert _comparable(made, "x") == _comparable(site.built.read("live/page/index.html"), "page")


class _Scripts(HTMLParser):
    """Elements and the texts of scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.titles: list[str] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on")], attrs

    def handle_data(self, data: str) -> None:
        if self.names and self.names[-1] == "script" and data.strip():
            self.texts.append(data)
        if self.names and self.names[-1] == "title" and data.strip():
            self.titles.append(data)


HOSTILE = (
    "</script><script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "' onx='1",
    "<img src=x onerror=1>",
    "</title><svg onload=1>",
    "{{ 7 * 7 }}",
    "{% raw %}",
    "\u2028\u2029",
    "<!--",
    "]]>",
    "\ud800",
    "\u0000",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_values_of_data_are_texts(site: LiveSite, text: str) -> None:
    def made(text: str) -> str:
        values = {
            **VALUES, "text": "", "title": text + "x", "description": text, "authors": [text],
            "tags": [text], "previous": {"title": text, "path": "/live/page/"},
            "next": {"title": text, "path": "/live/none/"},
        }  # fmt: skip
        return site.html("/live/x/", {"/x": values})

    html, plain = made(text), made("y")
    found, wanted = _Scripts(), _Scripts()
    found.feed(html)
    wanted.feed(plain)
    assert found.names == wanted.names
    for script in found.texts:
        assert json.loads(script)["headline"].endswith("x")


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), max_size=40
)


@given(texts, texts, st.text(st.sampled_from("ab <>&\"'*_`[]()#\n-{}%|!~$\\"), max_size=80))
def test_any_text_is_escaped_once(site: LiveSite, title: str, about: str, body: str) -> None:
    text = f"x{title}"
    html = site.html("/live/x/", {"/x": {"title": text, "description": about, "text": ""}})
    read = _Scripts()
    read.feed(html)
    assert re.sub(r"\s+", " ", "".join(read.titles)).startswith(re.sub(r"\s+", " ", text).strip())
    found = site.get("/users/u/", {"/u?offset=0": {"name": text, "text": body, "items": [
        {"slug": "a", "title": text, "text": body}], "total": 1}})  # fmt: skip
    assert found.status == 200, found.failure


def test_a_list_in_parts(site: LiveSite) -> None:
    items = [{"slug": f"p{n}", "title": f"P{n}", "text": f"Text **{n}**"} for n in (1, 2)]
    answer = {"name": "Ana", "text": "About <b>Ana</b>", "items": items, "total": 4}
    first = site.html("/users/ana/", {"/ana?offset=0": answer})
    assert "About &lt;b&gt;Ana" in first
    assert 'href="/sub/users/ana/page/2/"' in first
    assert 'href="/sub/ana/p1/"' in first
    second = site.html("/users/ana/page/2/", {"/ana?offset=2": answer})
    assert "About" not in second
    assert 'href="/sub/users/ana/"' in second
    assert "<title>" in second


def test_a_list_with_a_cursor(site: LiveSite) -> None:
    items = [{"slug": "p1", "title": "P1"}]
    answer = {"name": "Ana", "items": items, "next": "z"}
    first = site.html("/c/ana/", {"/ana?after=": answer})
    assert 'href="/sub/c/ana/after/z/"' in first
    last = site.html("/c/ana/after/z/", {"/ana?after=z": {**answer, "next": None}})
    assert 'href="/sub/c/ana/"' in last
    assert "of 2" not in first + last


def test_an_error_page_is_that_of_the_site(site: LiveSite) -> None:
    found = site.get("/live/none/", {"/none": DataAnswer(404)})
    assert (found.status, found.body) == (404, (site.built.report.output / "404.html").read_bytes())
