"""Checks over the whole site."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import Built


@pytest.mark.parametrize(
    ("files", "line"),
    [
        (
            {"content/a.md": "", "content/b.md": "---\npath: /a\n---\n"},
            "content/a.md and content/b.md both want /a/",
        ),
        (
            {"content/a.md": "---\naliases: [/b]\n---\n", "content/b.md": ""},
            "content/b.md and an alias of content/a.md both want /b/",
        ),
        (
            {"content/a.md": "---\naliases: /x\n---\n", "content/b.md": "---\naliases: /x/\n---\n"},
            "an alias of content/a.md and an alias of content/b.md both want /x/",
        ),
        (
            {"content/a.md": "---\naliases: /a\n---\n"},
            "content/a.md and an alias of content/a.md both want /a/",
        ),
        (
            {"content/a.md": "", "static/a/index.html": "x"},
            "content/a.md and static/a/index.html both want /a/",
        ),
        (
            {"content/tags/x.md": "", "content/a.md": "---\ntags: [x]\n---\n"},
            "content/tags/x.md and the term /tags/x/ both want /tags/x/",
        ),
        (
            {
                "content/b/_index.md": "---\npaginate_by: 1\n---\n",
                "content/b/x.md": "",
                "content/b/page/2.md": "",
            },
            "content/b/page/2.md and the pager /b/page/2/ both want /b/page/2/",
        ),
        (
            {"static/a": "x", "content/a/b.md": ""},
            "static/a wants the file a, but there are pages below it",
        ),
        (
            {
                "content/x.md": "---\npath: /a.html\n---\n",
                "content/y.md": "---\npath: /a.html/b\n---\n",
            },
            "content/x.md wants the file a.html, but there are pages below it",
        ),
        (
            {"content/x.md": "---\npath: /index.html\n---\n"},
            "content/x.md and the section / both want /",
        ),
        (
            {"content/My Blog/a.md": "", "content/my-blog/b.md": ""},
            "the section content/My Blog/ and the section content/my-blog/ both want /my-blog/",
        ),
        (
            {"content/feed.xml": "x"},
            "the feed /feed.xml and content/feed.xml both want /feed.xml",
        ),
    ],
)  # fmt: skip
def test_two_things_for_one_file_are_both_named(
    problems: Callable[..., list[str]], files: dict[str, str], line: str
) -> None:
    lines = problems(files)
    assert line in lines


@pytest.mark.parametrize("name", ["404.html", "sitemap.xml", "feed.xml"])
def test_a_file_of_the_users_takes_the_place_of_a_made_one(
    site: Callable[..., Built], name: str
) -> None:
    assert site({f"static/{name}": "mine"}).read(name) == "mine"


def test_one_alias_in_two_spellings_is_one(site: Callable[..., Built]) -> None:
    assert site({"content/a.md": "---\naliases: [/old, old/, /old/]\n---\n"}).report.files == 6


def test_a_missing_template_is_told_where_it_is_named(problems: Callable[..., list[str]]) -> None:
    files = {
        "content/a.md": "---\ntitle: A\ntemplate: pag.html\n---\n",
        "content/b.md": "---\nlayout: nope.html\n---\n",
        "content/s/_index.md": "---\npage_template: gone.html\n---\n",
        "content/s/1.md": "",
        "content/s/2.md": "",
    }
    assert problems(files) == [
        'content/a.md:3:1: template "pag.html" not found. Did you mean "page.html"?',
        'content/b.md:2:1: template "nope.html" not found. Did you mean "page.html"?',
        'content/s/1.md: template "gone.html" not found. Did you mean "page.html"?',
    ]


def test_the_template_of_a_layout_without_an_ending_is_named(
    problems: Callable[..., list[str]],
) -> None:
    assert problems({"content/a.md": "---\nlayout: page\n---\n"}) == [
        'content/a.md:2:1: template "page" not found. Did you mean "page.html"?'
    ]


def test_a_very_long_name_is_told(problems: Callable[..., list[str]]) -> None:
    slug = "x" * 256
    (line,) = problems({"content/a.md": f"---\nslug: {slug}\n---\n"})
    assert line.startswith('content/a.md:2:1: "slug" has a part longer than 255 bytes')


def test_the_longest_name_that_a_file_can_have_is_published(site: Callable[..., Built]) -> None:
    name = "é" * 126
    assert f"/{name}/" in site({f"content/{name}.md": ""}).paths
