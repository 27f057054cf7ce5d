"""Which texts of a live page may do what, and the filters for texts and addresses of strangers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.render.templates.filters import safe_url
from tests.live_site import LiveSite

CONFIG = """
theme = ""
base_url = "https://example.org/"
[markdown]
auto_summary = true
[extra]
text = "<b class=x>A</b>"
[sources.own]
url = "https://own.example.org"
trusted = true
[sources.strangers]
url = "https://strangers.example.org"
"""
ROUTE = """
[[routes]]
path = "/NAME/{slug}/"
template = "post.html"
data.post = { source = "own", path = "/{slug}" }
data.comments = { source = "strangers", path = "/comments/{slug}" }
page = { title = "post.title", body = "BODY", extra = "comments.extra" }
list = { items = "ITEMS", path = "/NAME/{item.slug}/", page = { body = "PLACE" } }
"""
ALL = """
[[routes]]
path = "/all/{slug}/"
template = "post.html"
data.post = { source = "own", path = "/{slug}" }
page = { body = "post.text" }
"""
LOADER = """
[[routes]]
path = "/loader/{slug}/"
template = "post.html"
loader = "post"
page = { body = "post.text" }
"""
KINDS: Mapping[str, tuple[str, str, str]] = {
    "own": ("post.text", "post.items", "text"),
    "strange": ("comments.text", "comments.items", "text"),
    "address": ("slug", "post.items", "slug"),
    "mixed": ("post.text", "post.items", "comments.text"),
    "item": ("post.text", "comments.items", "item.text"),
    "turned": ("post.text", "comments.items", "post.text"),
}


def _route(name: str, body: str, items: str, place: str) -> str:
    text = ROUTE.replace("NAME", name).replace("BODY", body)
    return text.replace("ITEMS", items).replace("PLACE", place)


FILES = {
    "ssg.toml": CONFIG + "".join(_route(name, *one) for name, one in KINDS.items()) + ALL + LOADER,
    "hooks.py": "def setup(hooks):\n    @hooks.loader\n    def post(request):\n"
    '        return {"post": (yield request.ask("own", path="/{slug}"))}\n',
    "content/_index.md": "",
    "templates/section.html": "",
    "templates/page.html": "",
    "templates/post.html": "{{ page.content }}|{{ page.summary }}|{{ page.toc | length }}|"
    "{% for one in page.pages %}{{ one.content }}{{ one.summary }}{% endfor %}|"
    "{{ (comments or {}).note | untrusted_markdown if comments }}|"
    "{{ (comments or {}).note | untrusted_markdown(inline=true) if comments }}|"
    "<a href='{{ comments.url | safe_url if comments }}'>"
    "|{{ site.extra.text | markdown }}|{{ site.extra.text | markdown(trusted=true) }}|"
    "{{ page.extra.text | markdown if page.extra.text }}|"
    "{% from 'macros.html' import shown, kept with context %}"
    "{{ shown(site.extra.text) }}|{{ kept }}|"
    "{% import 'macros.html' as alone %}{{ alone.shown(site.extra.text) }}|{{ alone.kept }}|"
    "{{ get_page('own.md').content }}{{ get_page('own.md').summary }}",
    "templates/shortcodes/own.html": "{{ page.extra.text | markdown }}",
    "content/own.md": "---\nextra: {text: <b>own</b>}\n---\n{{ own() }}\n\n<!-- more -->\n",
    "templates/macros.html": "{% macro shown(text) %}{{ text | markdown }}{% endmacro %}"
    "{% set kept = site.extra.text | markdown %}",
}  # fmt: skip
TEXT = "<b class=x>A</b>"
ITEM = {"slug": "i", "text": TEXT}
ANSWERS: Mapping[str, Any] = {
    "/x": {"title": "T", "text": TEXT, "items": [ITEM]},
    "/comments/x": {
        "text": TEXT, "items": [{**ITEM, "post": {"text": TEXT}}], "note": TEXT,
        "url": "javascript:alert(1)", "extra": {"text": TEXT},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> LiveSite:
    return LiveSite.make(tmp_path_factory.mktemp("site"), FILES)


@pytest.mark.parametrize(
    ("kind", "is_page_trusted", "is_item_trusted"),
    [
        ("own", True, True),
        ("strange", False, False),
        ("address", False, False),
        ("mixed", True, False),
        ("item", True, False),
        ("turned", True, False),
    ],
)
def test_a_text_is_trusted_if_all_that_leads_to_it_is(
    live: LiveSite, kind: str, is_page_trusted: bool, is_item_trusted: bool
) -> None:
    """An item may have a field with the name of other data: it is still that of its list."""
    html = live.html(f"/{kind}/x/", ANSWERS)
    page, _, _, items, *_ = html.split("|")
    assert ("<b class=x>" in page) == is_page_trusted
    assert ("<b class=x>" in items) == is_item_trusted
    if kind not in {"address"}:
        assert "&lt;b" in page or is_page_trusted
        assert "&lt;b" in items or is_item_trusted


def test_a_loader_is_trusted_if_all_sources_are(live: LiveSite) -> None:
    assert "<b class=x>" not in live.html("/loader/x/", ANSWERS).partition("|")[0]


def test_summary_and_contents_of_a_text_of_a_stranger(live: LiveSite) -> None:
    text = "## A\n\nFirst *one*.\n\n## B\n\n{{ shortcode() }} [x](@/none.md)"
    answers = {**ANSWERS, "/comments/x": {"text": text, "items": []}}
    page, summary, contents, *_ = live.html("/strange/x/", answers).split("|")
    assert "<em>one</em>" in page
    assert "{{ shortcode() }}" in page
    assert summary == "<p>First <em>one</em>.</p>"
    assert contents == "2"


def test_a_text_that_exceeds_a_limit_is_shown_as_it_is_written(live: LiveSite) -> None:
    text = "*a* <script> " * 10_000
    answers = {**ANSWERS, "/comments/x": {"text": text, "items": [], "note": text}}
    page, _, _, _, note, inline, *_ = live.html("/strange/x/", answers).split("|")
    assert page.startswith("<p>*a* &lt;script&gt; *a*")
    assert note == page
    assert inline == note.removeprefix("<p>").removesuffix("</p>")


def test_filters_for_strangers(live: LiveSite) -> None:
    _, _, _, _, note, inline, link, *_ = live.html("/own/x/", ANSWERS).split("|")
    assert note == "<p>&lt;b class=x&gt;A&lt;/b&gt;</p>\n"
    assert inline == "&lt;b class=x&gt;A&lt;/b&gt;"
    assert link == "<a href=''>"


SAFE, AS_IT_IS = "<p>&lt;b class=x&gt;A&lt;/b&gt;</p>\n", "<p><b class=x>A</b></p>\n"


def test_markdown_takes_no_text_for_its_own_beside_data_of_strangers(live: LiveSite) -> None:
    """Not even in a macro. What a module keeps for other pages is that of the site."""
    found = live.html("/own/x/", ANSWERS).split("|")[7:]
    own = "<p><b>own</b></p>\n<!-- more -->\n\n<p><b>own</b></p>"
    assert found == [SAFE, AS_IT_IS, SAFE, SAFE, SAFE, SAFE, AS_IT_IS, own]
    trusted = live.html("/all/x/", ANSWERS).split("|")[7:]
    assert trusted == [AS_IT_IS, AS_IT_IS, "", AS_IT_IS, AS_IT_IS, AS_IT_IS, AS_IT_IS, own]
    assert live.html("/own/x/", ANSWERS).split("|")[7:] == found
    assert live.html("/loader/x/", ANSWERS).split("|")[7:] == [
        SAFE, AS_IT_IS, "", SAFE, SAFE, SAFE, AS_IT_IS, own,
    ]  # fmt: skip


def test_a_page_that_fails_leaves_no_mistrust(live: LiveSite) -> None:
    wrong = {**ANSWERS, "/comments/x": {**ANSWERS["/comments/x"], "extra": {"text": 1.5}}}
    assert live.get("/own/x/", {**wrong, "/x": {"text": ""}}).status == 500
    assert live.html("/all/x/", ANSWERS).split("|")[7] == AS_IT_IS


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("HTTP://example.org/", "HTTP://example.org/"),
        (" mailto:a@example.org ", "mailto:a@example.org"),
        ("/a/b", "/a/b"),
        ("a/b", "a/b"),
        ("#part", "#part"),
        ("https://example.org/ä b\"'<>", "https://example.org/%C3%A4%20b%22'%3C%3E"),
        ("https://example.org/%20", "https://example.org/%20"),
        ("javascript:alert(1)", ""),
        (" JavaScript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("\x01javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("vbscript:x", ""),
        ("//evil.org/", ""),
        ("\\\\evil.org", "%5C%5Cevil.org"),
        ("javascript&colon;alert(1)", "javascript&colon;alert(1)"),
        ("", ""),
        (None, ""),
        ("\ud800", "?"),
    ],
)
def test_a_safe_address(url: str | None, safe: str) -> None:
    assert safe_url(url) == safe


@given(st.text(st.sampled_from("javscript:/\\\t\n\x00 &#?data.@%;ö"), max_size=30))
def test_any_address_is_of_a_safe_kind_or_empty(url: str) -> None:
    found = safe_url(url)
    assert re.fullmatch(r"[!-~]*", found)
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", found)
    assert not scheme or scheme[1].lower() in {"http", "https", "mailto"}
    assert not found.startswith(("//", "\\"))
