"""`page` in the template of a live page: every name that a page of the site has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ssg.render.live.page_values import LIVE_ID
from tests.live_site import LiveSite

CONFIG = """
title = "Site"
base_url = "https://example.org/sub/"
theme = ""
default_language = "en"
[taxonomies.tags]
[taxonomies.topics]
[markdown]
auto_summary = true
[languages.en]
name = "English"
[languages.fr]
name = "Français"
title = "Le site"
[menus]
[[menus.main]]
name = "Ana"
url = "/ana/"
[[menus.main]]
name = "Blog"
page = "@/blog/_index.md"
[sources.api]
url = "https://api.example.org"
trusted = true
[sources.users]
url = "https://users.example.org"

[[routes]]
path = "/ana/{slug}/"
template = "post.html"
languages = ["en", "fr"]
data.post = { source = "api", path = "/{language}/{slug}" }
ttl = 60
[routes.page]
title = "post.title"
description = "post.description"
summary = "post.summary"
slug = "post.slug"
date = "post.date"
updated = "post.updated"
body = "post.text"
authors = "post.authors"
keywords = "post.keywords"
extra = "post.extra"
tags = "post.tags"
topics = "post.topics"
previous = "post.previous"
next = "post.next"

[[routes]]
path = "/blog/{slug}/"
template = "post.html"
data.post = { source = "users", path = "/{slug}" }
page = { title = "post.title", body = "post.text" }

[[routes]]
path = "/topics/{topic}/"
template = "post.html"
data.post = { source = "api", path = "/{topic}" }
"""

FILES = {
    "ssg.toml": CONFIG,
    "content/_index.md": "---\ntitle: Home\n---\n",
    "content/_index.fr.md": "---\ntitle: Accueil\n---\n",
    "content/blog/_index.md": "---\ntitle: Blog\n---\n",
    "content/blog/deep/_index.md": "---\ntitle: Deep\n---\n",
    "content/blog/first.md": "---\ntitle: First\ntags: [red]\ndate: 2025-01-01\n---\n",
    "i18n/en.toml": 'by = "By {name}"\n',
    "i18n/fr.toml": 'by = "Par {name}"\n',
    "templates/markdown/link.html": "<a href='{{ url }}' data-page='{{ page.path }}'>"
    "{{ text }}</a>",
    "templates/shortcodes/own.html": "[{{ page.title }} {{ page.extra.a }}]",
    "templates/shortcodes/own_content.html": "{{ page.content }}",
    "templates/page.html": "{{ page.title }}",
    "templates/section.html": "{{ page.title }}",
    "templates/term.html": "{{ page.title }}",
    "templates/taxonomy.html": "{{ page.title }}",
    "templates/post.html": "{{ (post.show or []) | tojson }}"
    "{% for name in post.names or [] %}{{ name }}={{ page[name] }};{% endfor %}"
    "{% include 'parts/' ~ post.part ~ '.html' %}",
}
PARTS = {
    "all": "{{ page.title }}|{{ page.date | date }}|{{ page.updated | rfc3339 }}|"
    "{{ page.description }}|{{ page.summary }}|{{ page.slug }}|{{ page.kind }}|{{ page.number }}|"
    "{{ page.authors | join('+') }}|{{ page.keywords | join('+') }}|{{ page.extra.a or '' }}|"
    "{{ page.path }}|{{ page.url }}|{{ page.permalink }}|{{ page.source }}|{{ page.weight }}|"
    "{{ page.language }}|{{ page.original }}|{{ page.assets }}|{{ page.markdown_url }}|"
    "{{ page.related(5) }}|{{ page.previous_in_site }}|{{ page.next_in_site }}",
    "text": "{{ page.content }}|{{ page.toc[0].title }}#{{ page.toc[0].id }}|"
    "{{ page.word_count }}|{{ page.reading_time }}",
    "summary": "{{ page.summary }}",
    "section": "{{ section.title }}|{{ page.section.title }}|"
    "{{ page.ancestors | map(attribute='title') | join('+') }}|{{ section == page.section }}",
    "terms": "{% for name, terms in page.terms | items %}{{ name }}:"
    "{% for one in terms %}{{ one }}={{ one.url }}={{ one.page_count }}={{ one.pages | length }};"
    "{% endfor %}{% endfor %}|{{ page.tags | join('+') }}",
    "neighbours": "{% for one in (page.previous, page.next) if one %}"
    "{{ one.title }}={{ one.url }}={{ one.date }}|{% endfor %}",
    "languages": "{% for one in page.translations %}{{ one.language }}={{ one.url }}="
    "{{ one.title }};{% endfor %}|{% for code, url in page.alternates %}{{ code }}={{ url }};"
    "{% endfor %}|{{ page.translation('fr').path if page.translation('fr') }}|"
    "{{ page.translation('de') }}|{{ site.title }}|{{ trans('by', name='X') }}",
    "menus": "{% for one in site.menus.main %}{{ one.name }}={{ one.active(page) }}"
    "={{ one.current(page) }};{% endfor %}",
    "markdown": "{{ post.note | markdown(inline=true) }}",
    "functions": "{{ get_url('/a.css') }}|{{ get_page('blog/first.md').url }}|"
    "{{ site.pages | length }}|{{ now.year }}|{{ page == page }}|"
    "{{ page == get_page('blog/first.md') }}|{{ params.slug }}",
}  # fmt: skip

POST: Mapping[str, Any] = {
    "title": 'A "b" <c>', "description": "Short & sweet", "slug": "own-slug",
    "date": "2026-01-02T03:04:05+02:00", "updated": "2026-02-03", "authors": ["Ann", "Bob"],
    "keywords": "one", "extra": {"a": 1}, "text": "## Part\n\nSome *text*.",
    "tags": ["Red", "Blue"], "topics": ["Sea"],
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    parts = {f"templates/parts/{name}.html": text for name, text in PARTS.items()}
    return LiveSite.make(tmp_path_factory.mktemp("site"), {**FILES, **parts})


def show(site: LiveSite, part: str, path: str = "/ana/x/", **values: Any) -> str:
    post = {**POST, "part": part, **values}
    slug = path.strip("/").rpartition("/")[2]
    html = site.html(path, {f"/en/{slug}": post, f"/fr/{slug}": post, f"/{slug}": post})
    return html.removeprefix("[]")


def test_values_of_the_data(site: LiveSite) -> None:
    assert show(site, "all").split("|") == [
        "A &#34;b&#34; &lt;c&gt;", "2026-01-02", "2026-02-03T00:00:00+00:00", "Short &amp; sweet",
        "<p>Short &amp; sweet</p>", "own-slug", "page", "1", "Ann+Bob", "one", "1", "/ana/x/",
        "/sub/ana/x/", "https://example.org/sub/ana/x/", "None", "0", "en", "None", "[]", "None",
        "[]", "None", "None",
    ]  # fmt: skip


def test_what_the_data_does_not_say_is_empty(site: LiveSite) -> None:
    empty = dict.fromkeys([key for key in POST if key != "title"])
    found = show(site, "all", **empty).split("|")
    assert found[:6] == ["A &#34;b&#34; &lt;c&gt;", "", "", "", "", "x"]
    assert show(site, "section", **empty).startswith("Home|")
    assert show(site, "terms", **empty) == "tags:topics:|"
    assert show(site, "neighbours") == ""


@pytest.mark.parametrize(
    ("changes", "summary"),
    [
        ({"summary": "S & T"}, "<p>S &amp; T</p>"),
        ({"text": "A *b*\n\n<!-- more -->\n\nC"}, "<p>A <em>b</em></p>"),
        ({"text": "A\n\nC"}, "<p>Short &amp; sweet</p>"),
        ({"text": "A\n\nC", "description": None}, "<p>A</p>"),
        ({"text": "", "description": None}, ""),
    ],
)
def test_the_summary_is_that_of_any_page(
    site: LiveSite, changes: Mapping[str, Any], summary: str
) -> None:
    assert show(site, "summary", **changes) == summary


def test_the_text_is_converted(site: LiveSite) -> None:
    content, toc, words, minutes = show(site, "text", text="## A b\n\n" + "w " * 440).split("|")
    assert content.startswith('<h2 id="a-b">A b</h2>\n<p>w w')
    assert (toc, words, minutes) == ("A b#a-b", "443", "2")


def test_the_section_is_the_nearest_one_above_the_path(site: LiveSite) -> None:
    assert show(site, "section") == "Home|Home|Home|True"
    assert show(site, "section", "/blog/x/") == "Blog|Blog|Home+Blog|True"
    assert show(site, "section", "/fr/ana/x/") == "Accueil|Accueil|Accueil|True"


def test_terms_have_links_if_something_is_there(site: LiveSite) -> None:
    found = show(site, "terms", tags=["red", "Blue", "Blue"])
    assert found == (
        "tags:red=/sub/tags/red/=1=1;Blue==0=0;topics:Sea=/sub/topics/sea/=0=0;|red+Blue"
    )


def test_neighbours_are_pages_of_the_site_or_a_title_and_a_path(site: LiveSite) -> None:
    found = show(
        site, "neighbours",
        previous={"title": "Old <i>", "path": "/ana/öld/"},
        next={"title": "Other", "path": "/blog/first/"},
    )  # fmt: skip
    assert found == (
        "Old &lt;i&gt;=/sub/ana/%C3%B6ld/=None|First=/sub/blog/first/=2025-01-01 00:00:00+00:00|"
    )


@pytest.mark.parametrize(
    "path", ["javascript:alert(1)", "//evil.org/", "https://evil.org/", "/a?b"]
)
def test_a_neighbour_is_on_this_site(site: LiveSite, path: str) -> None:
    post = {**POST, "part": "all", "next": {"title": "N", "path": path}}
    found = site.get("/ana/x/", {"/en/x": post})
    assert found.status == 500
    assert found.failure
    assert "post.next.path" in found.failure.message


def test_translations_are_the_same_page_below_each_home_page(site: LiveSite) -> None:
    others, alternates, french, german, title, text = show(site, "languages").split("|")
    assert others == "fr=/sub/fr/ana/x/=A &#34;b&#34; &lt;c&gt;;"
    assert alternates == (
        "en=https://example.org/sub/ana/x/;fr=https://example.org/sub/fr/ana/x/;"
        "x-default=https://example.org/sub/ana/x/;"
    )
    assert (french, german, title, text) == ("/fr/ana/x/", "None", "Site", "By X")
    others, _, _, _, title, text = show(site, "languages", "/fr/ana/x/").split("|")
    assert others.startswith("en=/sub/ana/x/=")
    assert (title, text) == ("Le site", "Par X")
    assert show(site, "languages", "/blog/x/").startswith("||")


def test_menus_know_the_page(site: LiveSite) -> None:
    assert show(site, "menus") == "Ana=True=False;Blog=False=False;"
    assert show(site, "menus", "/blog/x/") == "Ana=False=False;Blog=True=False;"


def test_functions_and_the_rest_of_the_site(site: LiveSite) -> None:
    found = show(site, "functions").split("|")
    assert found == ["/sub/a.css", "/sub/blog/first/", "1", "2026", "True", "False", "x"]


def test_render_hooks_and_shortcodes_get_the_live_page(site: LiveSite) -> None:
    text = "[a](/b/) {{ own() }}"
    assert (
        show(site, "text", text="## x\n\n" + text)
        .split("|")[0]
        .endswith(
            "<p><a href='/sub/b/' data-page='/ana/x/'>a</a> [A &#34;b&#34; &lt;c&gt; 1]</p>\n"
        )
    )
    assert show(site, "markdown", note=text) == (
        "<a href='/sub/b/' data-page='/ana/x/'>a</a> [A &#34;b&#34; &lt;c&gt; 1]"
    )


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("a\n\n{{ nothing() }}", 'unknown shortcode "nothing"', 3),
        ("a\n[b](@/c.md)", 'the link "@/c.md" names no page: there is no c.md', 2),
        ("{{ own_content() }}", "a shortcode in this text asks for the content of its own page", 1),
    ],
)
def test_an_error_in_a_trusted_text_names_the_page_and_the_line(
    site: LiveSite, text: str, message: str, line: int
) -> None:
    found = site.get("/ana/x/", {"/en/x": {**POST, "part": "text", "text": text}}).failure
    assert found
    assert message in found.message
    assert (found.template, found.line) == ("/ana/x/", line)


@pytest.mark.parametrize("part", [*PARTS])
def test_no_question_is_about_the_live_page_itself(
    site: LiveSite, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    record = site.renderer.site.listener.asked

    def listen(of: Any, question: Any, values: tuple[Any, ...], answer: Any) -> None:
        asked.extend(values)
        record(of, question, values, answer)

    monkeypatch.setattr(site.renderer.site.listener, "asked", listen)
    show(site, part, text="## A\n\n{{ own() }} [a](/b/)", note="*n*")
    assert len(asked) > 1
    assert LIVE_ID not in [getattr(one, "id", one) for one in asked]


def test_a_list_in_place_of_a_row_is_told_with_what_takes_its_first(site: LiveSite) -> None:
    failure = site.get("/blog/x/", {"/x": [{"title": "X"}]}).failure
    assert str(failure) == (
        "post.html: /blog/{slug}/: post.title is missing, but is the title of the page; "
        "post is a list: `one = true` takes its first row"
    )
    assert "one = true" not in str(site.get("/blog/x/", {"/x": {"title": None}}).failure)
