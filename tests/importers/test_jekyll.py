"""Jekyll: cases that the site in `sites/` does not cover."""

from __future__ import annotations

import datetime as dt
import importlib
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers.imported_site import ImportNotes
from ssg.importers.jekyll import kramdown
from ssg.importers.jekyll.liquid_filters import make_filters
from ssg.importers.jekyll.permalinks import STYLES, JekyllDocument, JekyllPermalinks, candidates
from ssg.importers.markup.outside_code import LineFinder
from ssg.importers.registry import _importer
from ssg.model.errors import OldSiteError
from tests.importers.old import Imported

Old = Callable[..., Imported]

POST = JekyllDocument(
    "posts", "x/hello", "Hello-World", "", dt.date(2024, 2, 3), ["Sea & Sky", "b"]
)


@pytest.mark.parametrize(
    ("style", "expected"),
    [
        ("date", "/sea-sky/b/2024/02/03/Hello-World.html"),
        ("pretty", "/sea-sky/b/2024/02/03/Hello-World/"),
        ("ordinal", "/sea-sky/b/2024/034/Hello-World.html"),
        ("weekdate", "/sea-sky/b/2024/W05/Sat/Hello-World.html"),
        ("none", "/sea-sky/b/Hello-World.html"),
        ("/:short_year/:i_month/:slug", "/24/2/hello-world/"),
    ],
)
def test_addresses_equal_those_of_jekyll(style: str, expected: str) -> None:
    addresses = JekyllPermalinks(style, "UTC")
    assert addresses.document_path(POST, addresses.pattern_of("posts", "")) == expected


@pytest.mark.parametrize(
    ("style", "expected"),
    [("date", "/a/b.html"), ("pretty", "/a/b/"), ("/:title/", "/a/b/"), ("/:title", "/a/b.html")],
)
def test_pages_follow_the_style_of_posts(style: str, expected: str) -> None:
    assert JekyllPermalinks(style, "UTC").page_path("a/b.md") == expected
    assert JekyllPermalinks(style, "UTC").page_path("a/index.md") == "/a/"


def test_patterns_that_ssg_can_express() -> None:
    assert candidates(STYLES["pretty"]) == ["/:year/:month/:day/:slug/"]
    assert candidates(STYLES["date"]) == ["/:year/:month/:day/:slug.html"]
    assert candidates(STYLES["ordinal"]) == []


def test_posts_without_categories_follow_a_pattern(old: Old) -> None:
    found = old("jekyll", {"_posts/2024-02-03-hello.md": "---\n---\nHi"})
    assert found.config["permalinks"] == {"posts": "/:year/:month/:day/:slug.html"}
    assert "path:" not in found.page("posts/2024-02-03-hello.md")


def test_the_page_that_lists_the_posts_becomes_their_section(old: Old) -> None:
    lister = "---\ntitle: News\npermalink: /news/\n---\n{% for p in site.posts %}x{% endfor %}"
    files = {"pages/list.html": lister, "_posts/2024-02-03-hello.md": "---\n---\nHi"}
    found = old("jekyll", {**files, "_config.yml": "permalink: /news/:title/\n"})
    assert found.page("news/_index.md") == "---\ntitle: News\n---\n"
    assert "content/news/2024-02-03-hello.md" in found.paths


def test_a_loop_in_an_example_lists_no_posts(old: Old) -> None:
    shows = "---\ntitle: How\n---\n{% raw %}{% for p in site.posts %}{% endfor %}{% endraw %}"
    found = old("jekyll", {"how.md": shows, "_posts/2024-02-03-hello.md": "---\n---\nHi"})
    assert "{% for p in site.posts %}" in found.body("how.md")


@pytest.mark.parametrize(
    ("liquid", "expected"),
    [
        ("{{ site.data.team.boss }}", "Ana"),
        ("{{ site.posts.size }} {{ site.tags.a.size }}", "1 1"),
        ("{{ page.url }} {{ page.mood }}", "/a.html sunny"),
        ('{{ "/x" | relative_url }} {{ "x" | absolute_url }}', "/x https://old.example.com/x"),
        ("{% assign x = 1 %}{{ x | plus: 1 }}", "2"),
        ("{% include a/b.html n='1' m=page.mood %}", "<1 sunny>"),
        ("{% include_relative part.md %}", "part"),
        ("{{ site.posts[0].date | date_to_string }}", "03 Feb 2024"),
        ("{{ site.posts | map: 'title' | array_to_sentence_string }}", "Hello"),
        ("{% comment %}gone{% endcomment %}here", "here"),
        ("{% youtube abc %}after", "after"),
    ],
)
def test_liquid_is_rendered_once(old: Old, liquid: str, expected: str) -> None:
    files = {
        "a.md": f"---\nmood: sunny\n---\n{liquid}\n",
        "part.md": "part",
        "_includes/a/b.html": "<{{ include.n }} {{ include.m }}>",
        "_data/team.yml": "boss: Ana\n",
        "_posts/2024-02-03-hello.md": "---\ntags: [a]\n---\nHi",
        "_drafts/later.md": "---\n---\n",
    }
    assert old("jekyll", files).body("a.md") == expected


def test_an_include_that_includes_itself_is_a_finding(old: Old) -> None:
    files = {"a.md": "---\n---\n{% include a.html %}", "_includes/a.html": "x{% include a.html %}"}
    found = old("jekyll", files)
    assert any("cannot be rendered" in line for line in found.findings)


def test_without_liquid_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [
        name for name in sys.modules if name.startswith(("liquid", "ssg.importers.jekyll"))
    ]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "liquid", None)

    def gone(name: str) -> object:
        raise ModuleNotFoundError("gone", name="liquid.ast")

    monkeypatch.setattr(importlib, "import_module", gone)
    with pytest.raises(OldSiteError) as caught:
        _importer("jekyll")
    assert str(caught.value) == (
        'importing from Jekyll needs the package python-liquid. Run pip install "ssg[jekyll]"'
    )


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (("date_to_long_string", dt.date(2024, 2, 3)), "03 February 2024"),
        (("date_to_string", "2024-02-03", "ordinal", "US"), "Feb 3rd, 2024"),
        (("date_to_string", "2024-02-11", "ordinal"), "11th Feb 2024"),
        (("date", None, "%Y"), ""),
        (("slugify", "A b_c!"), "a-b_c"),
        (("relative_url", "a"), "/base/a"),
        (("absolute_url", "/a"), "https://x.example.com/base/a"),
        (("absolute_url", "https://y.example.com"), "https://y.example.com"),
        (("number_of_words", "a b"), 2),
        (("jsonify", {"a": 1}), '{"a": 1}'),
    ],
)
def test_filters_of_jekyll(call: tuple[object, ...], expected: object) -> None:
    name, *arguments = call
    assert make_filters("/base", "https://x.example.com")[str(name)](*arguments) == expected


# -- kramdown ----------------------------------------------------------------------------------


def _convert(text: str) -> tuple[str, list[str]]:
    notes = ImportNotes()
    found = kramdown.convert(text, "a.md", LineFinder(text, 1), notes)
    return found, [f"{one.where}" for one in notes.findings]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## A\n{: #b .c}\n", "## A {#b .c}\n"),
        ("## A {: .c}\n", "## A {.c}\n"),
        ("A\n{: .note}\n", "> [!NOTE]\n> A\n"),
        ("{: .tip}\nA\nB\n", "> [!TIP]\n> A\n> B\n"),
        ("> A\n{: .warning}\n", "> [!WARNING]\n> A\n"),
        ("* TOC\n{:toc}\n\nA\n", "\nA\n"),
        ("{::comment}\nx\n{:/comment}\nA\n", "\nA\n"),
        ("{::nomarkdown}<b>{:/}\n", "<b>\n"),
        ("`{: .a}`\n", "`{: .a}`\n"),
        ("~~~\nx\n~~~\n{: .language-py}\n", "~~~py\nx\n~~~\n"),
        ("A\n^\nB\n", "A\nB\n"),
    ],
)
def test_markup_of_kramdown_is_converted(text: str, expected: str) -> None:
    assert _convert(text)[0] == expected


def test_other_attributes_are_findings() -> None:
    assert _convert("A\n\n[b](c){: .d}\n") == ("A\n\n[b](c)\n", ["a.md:3"])


@given(st.lists(st.sampled_from(
    ["{:", "}", ".note", "#a", "\n", "text", "> q", "## h", "{::", "/}", "comment", "* x", "toc",
     "~~~", "^", "`", "| a |"]), max_size=14).map(" ".join))  # fmt: skip
def test_converting_twice_changes_nothing_more(text: str) -> None:
    once = _convert(text)[0]
    assert "{: .note}" not in once or "`" in once or "~~~" in once
    assert isinstance(_convert(once)[0], str)
