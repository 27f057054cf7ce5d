"""Feeds, sitemaps, robots.txt and Markdown pages, read as machines read them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest

from ssg.render.views.feed import absolute
from ssg.runtime.http import Request
from ssg.runtime.rounds import answered
from ssg.runtime.tagged_renderer import TaggedRenderer
from tests.conftest import Built, build_site, write

SUB = 'theme = ""\nbase_url = "https://example.org/sub/"\ntitle = "A & B"\ndescription = "D < E"\n'
FEEDS = "[feed]\nrss = true\nfull_content = true\n[taxonomies.tags]\nfeed = true\n"
ALL = "[outputs]\nrobots = true\nllms = true\nmarkdown = true\n"
TEXT = (
    '[a](/a/) ![b](b.png) <img src="c.png" srcset="d.png 1x, /e.png 2x"> [f](#part)\n\n'
    "## Part\n\n`href=\"x\"`\n\n<a href='rel'>r</a> [mail](mailto:x@y.org) [ext](https://else.org/)\n"
)
POSTS = {
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\ngenerate_feeds: true\n---\nOn & on",
    "content/blog/trip/index.md": "---\ntitle: 1 < 2 & 3\ndate: 2025-01-01T10:00:00+02:00\n"
    f"authors: [Ann, Bob]\ntags: [x&y]\ndescription: Short & sweet\n---\n{TEXT}",
    "content/blog/trip/b.png": "x",
    "content/blog/old.md": "---\ndate: 2024-01-01\ntags: [x&y]\n---\n"
    "[t](@/blog/trip/index.md#part)",
    "content/blog/deep/_index.md": "",
    "content/blog/deep/in.md": "undated",
}
FILES = ("feed.xml", "rss.xml", "blog/feed.xml", "blog/rss.xml", "tags/x-y/rss.xml")


def _feed(text: str) -> Any:
    found = feedparser.parse(text.encode(), sanitize_html=False, resolve_relative_uris=False)
    assert not found.bozo, found.bozo_exception
    return found


@pytest.mark.parametrize("name", FILES)
def test_a_feed_is_valid_and_its_urls_are_absolute(site: Callable[..., Built], name: str) -> None:
    text = site({**POSTS, "ssg.toml": SUB + FEEDS}).read(name)
    found = _feed(text)
    assert found.version == ("rss20" if "rss" in name else "atom10")
    assert [entry.title for entry in found.entries] == ["1 < 2 & 3", "Old"]
    first = found.entries[0]
    assert first.link == first.id == "https://example.org/sub/blog/trip/"
    assert first.published_parsed[:4] == (2025, 1, 1, 8)
    assert [tag.term for tag in first.tags] == ["x&y"]
    html = first.content[-1].value
    urls = re.findall(r"""(?:href|src)=["'](.*?)["']""", html.replace("<code>", "<!--"))
    urls += [part.split()[0] for part in re.findall(r'srcset="(.*?)"', html)[0].split(", ")]
    assert "https://example.org/sub/a/" in urls
    assert "https://example.org/sub/blog/trip/b.png" in urls
    assert "https://example.org/sub/blog/trip/rel" in urls
    assert all(re.match(r"https://|mailto:", url) for url in urls), urls


def test_a_feed_names_its_section_or_term(site: Callable[..., Built]) -> None:
    built = site({**POSTS, "ssg.toml": SUB + FEEDS})
    titles = {name: _feed(built.read(name)).feed.title for name in FILES}
    assert titles["rss.xml"] == titles["feed.xml"] == "A & B"
    assert titles["blog/rss.xml"] == titles["blog/feed.xml"] == "Blog · A & B"
    assert titles["tags/x-y/rss.xml"] == "x&y · A & B"
    assert _feed(built.read("blog/rss.xml")).feed.link == "https://example.org/sub/blog/"


def test_each_item_of_rss_has_a_description(site: Callable[..., Built]) -> None:
    """RSS 2.0 and its best practices: `description`, once, before `content:encoded`."""
    texts = {
        "first": "One.\n\n1 < 2",
        "list": "- a\n- b",
        "none": "",
        "more": "A\n\n<!-- more -->\n\nB",
    }
    pages = {f"content/{name}.md": f"---\ndate: 2024-01-01\ntitle: '{name} & Co'\n---\n{text}"
             for name, text in texts.items()}  # fmt: skip
    text = site({**pages, "ssg.toml": SUB + FEEDS}).read("rss.xml")
    assert len(_feed(text).entries) == 4
    found = {}
    for item in ET.fromstring(text).iter("item"):  # noqa: S314 our own
        names = [element.tag.rpartition("}")[2] for element in item]
        assert names.count("description") == names.count("encoded") == names.count("guid") == 1
        assert names.index("description") < names.index("encoded")
        found[item.findtext("title")] = item.findtext("description")
    assert found == {
        "first & Co": "One. 1 &lt; 2", "more & Co": "<p>A</p>", "none & Co": "none &amp; Co",
        "list & Co": "a b",
    }  # fmt: skip


@pytest.mark.parametrize("key", ["authors", "keywords"])
def test_a_taxonomy_may_have_the_name_of_a_list(site: Callable[..., Built], key: str) -> None:
    template = f"<p>{{{{ page.{key} | join(', ') }}}}</p>"
    built = site({
        "ssg.toml": SUB + f"[feed]\nrss = true\n[taxonomies.{key}]\n",
        "content/a.md": f"---\ndate: 2024-01-01\n{key}: [Ann Lee, Bob]\n---\nA",
        "content/b.md": "---\ndate: 2023-01-01\n---\nB", "templates/page.html": template,
    })  # fmt: skip
    assert built.read("a/index.html") == "<p>Ann Lee, Bob</p>"
    assert built.read("b/index.html") == "<p></p>"
    if key == "authors":
        assert "<name>Ann Lee</name>" in built.read("feed.xml")
        assert "<dc:creator>Bob</dc:creator>" in built.read("rss.xml")


def test_by_lines_and_structured_data_name_the_terms(tmp_path: Path) -> None:
    config = 'title = "T"\nbase_url = "https://example.org/"\n[taxonomies.authors]\n'
    header = "---\ndate: 2024-01-01\nauthors: [Ann Lee, Bob]\n---\n"
    write(tmp_path, {"ssg.toml": config, "content/blog/a.md": header + "A"})
    page = build_site(tmp_path).read("blog/a/index.html")
    assert '"name": "Ann Lee, Bob"' in page
    assert page.count("Ann Lee") > 1


def test_without_full_content_there_are_summaries(site: Callable[..., Built]) -> None:
    text = site({**POSTS, "ssg.toml": SUB + "[feed]\nrss = true\n"}).read("rss.xml")
    assert _feed(text).entries[0].summary == "<p>Short &amp; sweet</p>"
    assert "content:encoded" not in text.partition("<item>")[2]


@pytest.mark.parametrize(
    ("html", "whole"),
    [
        ('<a href="">x</a>', '<a href="https://x.org/p/">x</a>'),
        ('<a href="?a=1&amp;b">x</a>', '<a href="https://x.org/p/?a=1&amp;b">x</a>'),
        ('<a href="//cdn.org/x">x</a>', '<a href="https://cdn.org/x">x</a>'),
        ('<a data-href="x">y</a>', '<a data-href="x">y</a>'),
        ("<p>src=x</p>", "<p>src=x</p>"),
    ],
)
def test_a_link_is_made_absolute(html: str, whole: str) -> None:
    assert absolute(html, "https://x.org/p/") == whole


def _locations(text: str) -> list[str]:
    return [url[0].text or "" for url in ET.fromstring(text)]  # noqa: S314 our own


def test_a_long_sitemap_is_split_and_indexed(site: Callable[..., Built]) -> None:
    whole = _locations(site({**POSTS, "ssg.toml": SUB}).read("sitemap.xml"))
    built = site({"ssg.toml": SUB + "[sitemap]\nmax_urls = 3\n"})
    parts = [name for name in built.files if name.startswith("sitemap-")]
    index = _locations(built.read("sitemap.xml"))
    assert index == [f"https://example.org/sub/sitemap-{n}.xml" for n in range(1, len(index) + 1)]
    assert sorted(parts) == [url.rpartition("/")[2] for url in index]
    split = [url for name in parts for url in _locations(built.read(name))]
    assert split == whole
    assert len(_locations(built.read("sitemap-1.xml"))) == 3


def test_robots_txt_names_the_sitemap(site: Callable[..., Built]) -> None:
    text = site({"ssg.toml": SUB + ALL}).read("robots.txt")
    assert text.endswith("\nSitemap: https://example.org/sub/sitemap.xml\n")
    own = site({"templates/robots.txt": "Disallow: {{ get_url('/x') }}"})
    assert own.read("robots.txt") == "Disallow: /sub/x"
    assert site({"static/robots.txt": "mine"}).read("robots.txt") == "mine"


def test_no_generated_page_unless_configured(site: Callable[..., Built]) -> None:
    built = site({**POSTS, "ssg.toml": SUB})
    assert not [n for n in built.files if n.endswith((".md", ".txt")) or n.startswith("sitemap-")]


def test_pages_are_published_as_markdown_too(site: Callable[..., Built]) -> None:
    built = site({**POSTS, "ssg.toml": SUB + ALL, "content/raw.md": "---\npath: /x.html\n---\n"})
    assert built.read("blog/trip/index.md") == f"# 1 < 2 & 3\n\n{TEXT}"
    assert built.read("blog/old/index.md") == (
        "# Old\n\n[t](https://example.org/sub/blog/trip/#part)\n"
    )
    assert built.read("blog/index.md") == "# Blog\n\nOn & on\n"
    twins = [name for name in built.files if name.endswith(".md")]
    assert len(twins) == 6
    assert ".md" not in built.read("sitemap.xml")


def test_a_page_and_its_markdown_are_deferred_together(site: Callable[..., Built]) -> None:
    rules = '[[deferred.rules]]\nmatch = "blog/**"\nttl = 60\n'
    files = {**POSTS, "ssg.toml": SUB + ALL + rules}
    whole = site(files)
    texts = {name: whole.read(name) for name in whole.files if name.endswith(".md")}
    built = site(files, target="netlify")
    assert "blog/old/index.md" not in built.files
    assert "index.md" in built.files
    twin = built.page("/blog/old/index.md")
    assert (bool(twin.deferred), twin.ttl_seconds, twin.reason) == (
        True,
        60,
        'rule 1 (match "blog/**")',
    )
    answer = answered(TaggedRenderer(built.site), Request("GET", "/blog/old/index.md"))
    assert answer.body.decode() == texts["blog/old/index.md"]
    assert answer.headers["Content-Type"] == "text/markdown; charset=UTF-8"


def test_llms_txt_lists_every_page(site: Callable[..., Built]) -> None:
    text = site({**POSTS, "ssg.toml": SUB + ALL, "content/about.md": ""}).read("llms.txt")
    assert text == (
        "# A & B\n\n> D < E\n\n"
        "- [About](https://example.org/sub/about/index.md)\n\n"
        "## Blog\n\n"
        "- [1 < 2 & 3](https://example.org/sub/blog/trip/index.md): Short & sweet\n"
        "- [Old](https://example.org/sub/blog/old/index.md)\n\n"
        "## Deep\n\n"
        "- [In](https://example.org/sub/blog/deep/in/index.md)\n"
    )
