"""The pages of the platform's site: what they show, under which tags, and what is not there."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import BARE, build_site, write
from tests.platform.site.conftest import PlatformSite
from tests.platform.site.fake_api import PLAIN

SHELLS = ("login", "signup", "write", "me", "settings")
TEXTS = {
    "/": ["Mornings at the pier", "Most read", 'href="/ana/the-pier/"', 'href="/ben/"'],
    "/ana/": ["Ana Lima", "<em>small boats</em>", "since", "All 47 posts", 'href="/ana/posts/"'],
    "/ana/posts/": ["47 posts", 'rel="next" href="/ana/posts/page/2/"'],
    "/ana/posts/page/3/": ["Page 3 of 3"],
    "/tags/sea/": ["#sea", "3 posts", 'href="/ana/first-post/"', "Ana Lima"],
    "/ana/the-pier/": ["Mornings at the pier", "Ana Lima", "updated", 'href="/tags/sea/"'],
    "/ana/feed.xml": [
        "<title>Ana Lima · Harbour</title>",
        "&lt;em&gt;water is still flat&lt;/em&gt;",
    ],
    "/feed.xml": ["<title>Newest posts · Harbour</title>", "Ben O’Hara"],
}


@pytest.mark.parametrize("path", TEXTS)
def test_each_kind_of_page(platform_site: PlatformSite, path: str) -> None:
    text = platform_site.html(path)
    assert [one for one in TEXTS[path] if one not in text] == []


TAGS = {
    "/": {"newest"},
    "/feed.xml": {"newest"},
    "/ana/": {"user:ana", "posts-by:ana"},
    "/ana/posts/": {"user:ana", "posts-by:ana"},
    "/ana/posts/page/2/": {"user:ana", "posts-by:ana"},
    "/ana/feed.xml": {"user:ana", "posts-by:ana"},
    "/tags/sea/": {"tag:sea"},
    "/ana/the-pier/": {"user:ana", "post:ana:the-pier"},
    # What does not exist yet appears when it is published, and what moves leads to both ends.
    "/ana/not-yet/": {"user:ana", "post:ana:not-yet"},
    "/nobody/": {"user:nobody", "posts-by:nobody"},
    "/tags/none/": {"tag:none"},
    "/ana/the-old-pier/": {"user:ana", "post:ana:the-old-pier", "post:ana:the-pier"},
}


@pytest.mark.parametrize("path", TAGS)
def test_the_tags_that_a_change_purges(platform_site: PlatformSite, path: str) -> None:
    assert platform_site.tags(path) == TAGS[path]


@pytest.mark.parametrize(
    ("path", "present"),
    [
        ("/ana/the-old-pier/", "/ana/the-pier/"),
        ("/Ana/The-Pier/", "/ana/the-pier/"),
        ("/ANA/", "/ana/"),
        ("/ANA/posts/", "/ana/posts/"),
        ("/ANA/feed.xml", "/ana/feed.xml"),
        ("/tags/Sea/", "/tags/sea/"),
    ],
)
def test_another_spelling_leads_to_the_present_address(
    platform_site: PlatformSite, path: str, present: str
) -> None:
    found = platform_site.get(path)
    assert (found.status, found.headers["Location"]) == (301, present)


@pytest.mark.parametrize(
    "path", ["/nobody/", "/nobody/posts/", "/ana/nothing/", "/tags/none/", "/ana/posts/page/9/"]
)
def test_what_the_api_does_not_know_is_missing(platform_site: PlatformSite, path: str) -> None:
    found = platform_site.get(path)
    assert found.status == 404
    assert "There is no such page" in found.body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/wp-login.php", "/.env", "/.git/config", "/wp-admin/setup/", "/wp-content/plugins/",
        "/ana/index.php", "/tags/", "/tags/posts.json", "/a/b/c/d/", "/x/", "/1ana/",
        "/ana/%2e%2e/", "/ana/<script>/",
    ],
)  # fmt: skip
def test_the_api_is_not_asked_for_what_robots_try(platform_site: PlatformSite, path: str) -> None:
    found = platform_site.renderer.routes.find(path)
    assert found is None
    assert platform_site.get(path).status == 404


# -- texts of strangers ------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/eve/", "/eve/posts/", "/eve/hostile/", "/tags/sea/"])
def test_names_titles_and_texts_of_strangers_are_texts(
    platform_site: PlatformSite, path: str
) -> None:
    text = platform_site.html(path)
    elements = Elements(text)
    scripts = [one for one in elements.found if one[0] == "script"]
    assert [one for one in scripts if not {"src", "type"} & {*one[1]}] == []
    assert {"b", "img"} & {name for name, _ in elements.found} == set()
    values = [pair for _, attributes in elements.found for pair in attributes.items()]
    assert [pair for pair in values if pair[0].startswith("on") or "javascript:" in pair[1]] == []
    assert "&lt;b onclick=" in text


class Elements(HTMLParser):
    """The elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))


def _block(html: str) -> str:
    found = re.search(r'<div class="prose">(.*?)</div>\s*<footer>', html, re.DOTALL)
    assert found
    return re.sub(r"\s+", " ", found[1]).strip()


def test_the_text_of_a_post_has_the_html_that_it_would_have_in_a_file(
    platform_site: PlatformSite, tmp_path: Path
) -> None:
    template = '<div class="prose">{{ page.content }}</div>\n<footer>'
    files = {"content/a.md": f"---\ntitle: A\n---\n{PLAIN}", "templates/page.html": template}
    write(tmp_path, {**BARE, **files})
    built = build_site(tmp_path)
    assert _block(platform_site.html("/ana/first-post/")) == _block(built.render("/a/")) != ""


def test_json_ld_names_title_and_author(platform_site: PlatformSite) -> None:
    def ld(path: str) -> dict[str, object]:
        found = re.search(
            r'<script type="application/ld\+json">(.*?)</script>', platform_site.html(path)
        )
        assert found
        return dict(json.loads(found[1]))

    post = ld("/eve/hostile/")
    assert post["headline"] == '<script>alert("title")</script> & "quotes"'
    assert post["author"] == {"@type": "Person", "name": '<b onclick="alert(1)">Eve</b>'}
    assert ld("/ana/")["@type"] == "ProfilePage"


def test_canonical_and_open_graph(platform_site: PlatformSite) -> None:
    text = platform_site.html("/ana/the-pier/")
    address = "http://127.0.0.1:8010/ana/the-pier/"
    assert f'<link rel="canonical" href="{address}">' in text
    assert f'<meta property="og:url" content="{address}">' in text
    assert '<meta property="og:type" content="article">' in text
    assert '<meta property="og:title" content="Mornings at the pier">' in text
    assert 'type="application/atom+xml" title="Ana Lima" href="/ana/feed.xml"' in text


# -- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHELLS)
def test_a_personal_page_is_the_same_file_for_all(platform_site: PlatformSite, name: str) -> None:
    text = platform_site.built.read(f"{name}/index.html")
    part = re.search(r'<div id="personal" data-part="(/account/[a-z]+)">', text)
    assert part
    assert f'content="0; url={part[1]}"></noscript>' in text
    assert '<meta name="robots" content="noindex">' in text


def test_the_shell_has_a_place_for_a_title_and_a_part(platform_site: PlatformSite) -> None:
    text = platform_site.built.read("shell/index.html")
    assert text.count("<!--title-->") == text.count("<!--part-->") == 1
    assert "<noscript>" not in text


def test_the_sitemap_has_posts_and_no_personal_page(platform_site: PlatformSite) -> None:
    text = platform_site.built.read("sitemap.xml")
    assert text.count("<loc>") == len(platform_site.api.posts) + 2  # home, about
    assert [name for name in (*SHELLS, "shell") if f"/{name}/</loc>" in text] == []
