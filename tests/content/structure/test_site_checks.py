"""Checks over the whole site."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Built, build_site, write


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


NFC, NFD = "caf\u00e9", "cafe\u0301"


@pytest.mark.parametrize(
    ("files", "lines"),
    [
        (
            {"static/A.txt": "", "static/a.txt": ""},
            [
                "static/a.txt: static/A.txt and static/a.txt are one file on macOS and Windows: "
                "A.txt and a.txt differ only in case. Rename one of them"
            ],
        ),
        (
            {f"static/{NFC}.txt": "", f"static/{NFD}.txt": ""},
            [
                f"static/{NFC}.txt: static/{NFD}.txt and static/{NFC}.txt are one file on macOS "
                f"and Windows: cafe\\u0301.txt and {NFC}.txt differ only in Unicode normal form. "
                "Rename one of them"
            ],
        ),
        (
            {
                "content/a.md": "---\npath: /X/\n---\n",
                "content/b.md": "---\ntitle: B\npath: /x/\n---\n",
                "content/c.md": "---\ntitle: C\naliases: /Y\n---\n",
                "static/y/index.html": "",
                "static/ok/A/1": "",
                "static/ok/a/2": "",
            },
            [
                "content/b.md:3:1: content/a.md and content/b.md are one file on macOS and "
                "Windows: X/index.html and x/index.html differ only in case. Rename one of them",
                "content/c.md:3:1: static/y/index.html and an alias of content/c.md are one file "
                "on macOS and Windows: y/index.html and Y/index.html differ only in case. "
                "Rename one of them",
            ],
        ),
        (
            {
                "content/a.md": "---\npath: /.git/x/\n---\n",
                "content/b.md": "---\npath: /__ssg/\n---\n",
                "content/c.md": "---\naliases: /.Netlify/x/\n---\n",
                "static/_ssg/texts/x": "",
            },
            [
                "content/a.md:2:1: content/a.md wants /.git/x/index.html, which cannot be served: "
                "Git keeps a repository there, and hosts do not serve it. Choose another path",
                "content/b.md:2:1: content/b.md wants /__ssg/index.html, which cannot be served: "
                "the preview answers these paths itself. Choose another path",
                "content/c.md:2:1: an alias of content/c.md wants /.Netlify/x/index.html, which "
                "cannot be served: Netlify answers these paths itself. Choose another path",
                "static/_ssg/texts/x: static/_ssg/texts/x wants /_ssg/texts/x, which cannot be "
                "served: a deploy has texts of deferred pages there. Choose another path",
            ],
        ),
    ],
)
def test_names_that_are_one_file_or_cannot_be_served(
    problems: Callable[..., list[str]], files: dict[str, str], lines: list[str]
) -> None:
    assert problems(files) == lines


def test_names_that_some_systems_do_not_accept_are_warned_of(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    files = {
        "content/con.md": "",
        "content/b.md": "---\npath: /.hidden/b/\n---\n",
        "static/nul.txt": "",
        "static/.well-known/x": "",
        "static/console.txt": "",
    }
    wanted = [
        'content/b.md:2:1: content/b.md makes the name ".hidden", which web servers usually hide. '
        "Choose a name without a dot in front",
        'content/con.md: content/con.md makes the name "con", which Windows does not allow. '
        "The site cannot be built or copied there",
        'static/nul.txt: static/nul.txt makes the name "nul.txt", which Windows does not allow. '
        "The site cannot be built or copied there",
    ]
    assert sorted(map(str, site(files).report.warnings)) == wanted
    write(tmp_path, {"content/con.md": "An edit."})
    assert sorted(map(str, build_site(tmp_path).report.warnings)) == wanted
