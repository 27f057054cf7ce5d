"""The pages of taxonomies, by their settings and by files that speak of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from tests.conftest import Built

HEAD = 'theme = ""\nbase_url = "https://example.org/sub/"\ntitle = "Site"\n'
POSTS: Mapping[str, str] = {
    f"content/{n}.md": f"---\ntags: [{'common' if n > 1 else 'rare'}]\ndate: 2025-01-0{n}\n---\n"
    for n in range(1, 5)
}
INFO = "{{ page.title }}|{{ page.content }}|{{ taxonomy.name }}{{ page.extra.x or '' }}"


def test_a_taxonomy_has_its_own_name_path_and_parts(site: Callable[..., Built]) -> None:
    config = '[taxonomies.tags]\npath = "about/topics"\npaginate_by = 2\npaginate_path = "part"\n'
    built = site({"ssg.toml": HEAD + config, **POSTS})
    assert built.read("about/topics/index.html").split() == [
        "common", "/about/topics/common/", "rare", "/about/topics/rare/",
    ]  # fmt: skip
    assert built.read("about/topics/common/part/2/index.html") == "common: /2/"
    assert "/tags/" not in built.paths


@pytest.mark.parametrize(
    ("line", "terms"), [("", "common rare zoo"), ('sort_by = "count"', "zoo common rare")]
)
def test_terms_are_listed_by_name_or_count(
    site: Callable[..., Built], line: str, terms: str
) -> None:
    files = {
        "ssg.toml": f"{HEAD}[taxonomies.tags]\n{line}\n",
        **POSTS,
        "content/z.md": "---\ntags: [zoo, rare, rare]\n---\n",
        "content/y.md": "---\ntags: [zoo]\n---\n",
        "templates/taxonomy.html": "{{ taxonomy.terms | join(' ') }} {{ taxonomy.url }}",
    }
    assert site(files).read("tags/index.html") == "common rare zoo /sub/tags/"
    more = {f"content/m{n}.md": "---\ntags: [zoo]\n---\n" for n in range(5)}
    assert site({**files, **more}).read("tags/index.html") == f"{terms} /sub/tags/"


def test_each_term_may_have_a_feed(site: Callable[..., Built]) -> None:
    config = "[feed]\nrss = true\n[taxonomies.tags]\nfeed = true\n[taxonomies.authors]\n"
    post = {"content/5.md": "---\ntags: common\nauthors: Ann\n---\n"}
    template = {"templates/term.html": "{{ term.feed.url or 'none' }}"}
    built = site({"ssg.toml": HEAD + config, **POSTS, **post, **template})
    text = built.read("tags/common/feed.xml")
    assert "<title>common · Site</title>" in text
    assert text.count("<entry>") == 3
    assert built.read("tags/common/rss.xml").count("<item>") == 3
    assert built.read("tags/common/index.html") == "/sub/tags/common/feed.xml"
    assert built.read("authors/ann/index.html") == "none"
    assert "authors/ann/feed.xml" not in built.files


def test_a_file_speaks_of_a_taxonomy_and_of_a_term(site: Callable[..., Built]) -> None:
    files = {
        **POSTS,
        "content/tags/_index.md": "---\ntitle: Topics\nextra: {x: '!'}\n---\nAll of them.",
        "content/tags/common/_index.md": "---\ntemplate: own.html\ndeferred: true\n---\nIt *is*.",
        "content/a.md": "[t](@/tags/_index.md) [c](@/tags/common/_index.md)",
        "templates/taxonomy.html": INFO,
        "templates/own.html": "own {{ term.name }} {{ page.content }}{{ paginator.total }}",
    }
    built = site(files, target="netlify")
    assert built.read("tags/index.html") == "Topics|<p>All of them.</p>\n|tags!"
    assert built.render("/tags/common/") == "own common <p>It <em>is</em>.</p>\n3"
    assert built.page("/tags/common/").reason == "front matter"
    assert 'href="/tags/"' in built.read("a/index.html")
    assert 'href="/tags/common/"' in built.read("a/index.html")
    assert built.page("/tags/").kind == "taxonomy"
    assert built.page("/").kind == "section"
    assert "/tags/" not in built.read("index.html")


def test_a_file_makes_the_page_of_a_taxonomy_without_terms(site: Callable[..., Built]) -> None:
    files = {"content/tags/_index.md": "---\ntitle: Topics\n---\n", "templates/taxonomy.html": INFO}
    assert site(files).read("tags/index.html") == "Topics||tags"


def test_a_folder_of_pages_is_a_section_where_no_page_has_a_term(
    site: Callable[..., Built],
) -> None:
    built = site({"content/tags/_index.md": "", "content/tags/price.md": ""})
    assert (built.page("/tags/").kind, built.read("tags/index.html")) == (
        "section",
        "Tags: /tags/price/",
    )


def test_wrong_settings_are_told(problems: Callable[..., list[str]]) -> None:
    config = '[taxonomies.tags]\nsort_by = "size"\npath = "../x"\nfeeds = true\n'
    assert problems({"ssg.toml": HEAD + config}) == [
        'ssg.toml:5:1: terms cannot be sorted by "size". One of name, count',
        'ssg.toml:6:1: "path" leaves the publish folder: "../x"',
        'ssg.toml:7:1: unknown key "feeds". Did you mean "feed"?',
    ]
