"""The links and ids in the HTML of a page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.check.html_scan import css_references, scan_html


def _urls(html: str) -> list[tuple[str, bool]]:
    return sorted((one.url, one.is_file) for one in scan_html(html).references)


@pytest.mark.parametrize(
    ("html", "urls"),
    [
        ('<a href="/x/">', [("/x/", False)]),
        ("<A HREF='/x/' class=y>", [("/x/", False)]),
        ("<a href=/x/>", [("/x/", False)]),
        ('<a\n  class="a > b"\n  href = "/x/?a=1&amp;b=2#c">', [("/x/?a=1&b=2#c", False)]),
        ('<img src="a.png" srcset="b.png 1x, c.png 2x">',
         [("a.png", True), ("b.png", True), ("c.png", True)]),
        ('<source srcset="d,e.png">', [("d,e.png", True)]),
        ('<video src="v.mp4" poster="p.jpg"></video>', [("p.jpg", True), ("v.mp4", True)]),
        ('<link rel="stylesheet" href="/t.css"><link rel="preconnect" href="https://x.example">',
         [("/t.css", True)]),
        ('<script src="/a.js">document.write(\'<a href="/no/">\')</script><a href="/yes/">',
         [("/a.js", True), ("/yes/", False)]),
        ('<style>a::after { content: "<a href=/no/>" }</style>', []),
        ('<!-- <a href="/no/"> --><a href="/yes/">', [("/yes/", False)]),
        ('<!-- never closed <a href="/no/">', []),
        ('<meta property="og:image" content="https://x.example/i.png"><meta name="author" '
         'content="/no/">', [("https://x.example/i.png", True)]),
        ('<pre>&lt;a href="/no/"&gt;</pre>', []),
        ('<a title="href=/no/">', []),
        ('<a href="/first/" href="/second/">', [("/first/", False)]),
        ('<img src="">', []),
        ('<a href="">', [("", False)]),
        ("1 < 2 > 1", []),
        ('<a href="unclosed', []),
    ],
)  # fmt: skip
def test_addresses_are_found_where_browsers_find_them(html: str, urls: list[object]) -> None:
    assert _urls(html) == urls


def test_ids_and_names_of_links_are_anchors() -> None:
    outline = scan_html('<h2 id="a"><p ID=b><a name="c"><input name="d"><p data-id="e">')
    assert outline.ids == {"a", "b", "c"}


def test_duplicate_ids_are_listed_once() -> None:
    assert scan_html('<p id="b"><p id="a"><p id="b"><p id="b"><p id="c">').duplicates == ("b",)
    assert scan_html('<a id="x" name="x">').duplicates == ()


def test_the_first_base_counts() -> None:
    html = '<base href="/a/"><base href="/b/"><a href="c">'
    assert scan_html(html).base == "/a/"
    assert _urls(html) == [("c", False)]


def test_style_sheets_load_files() -> None:
    css = '@import "a.css";\n/* url(no.png) */\nb { c: url( "d e.png" ) }\nf { g: url(h.woff2) }'
    assert list(css_references(css)) == [("a.css", 1), ("d e.png", 3), ("h.woff2", 4)]


@given(st.text(alphabet="<>/\"'=!- aidhref&\n", max_size=300))
def test_any_text_is_scanned_quickly(text: str) -> None:
    outline = scan_html(text)
    assert set(outline.duplicates) <= outline.ids


def test_a_page_of_open_quotes_does_not_take_for_ever() -> None:
    """A pattern with backtracking would take years. This one takes the square of the length."""
    assert scan_html('<a b="' * 4_000).references == frozenset()
