"""What the HTML of a stranger's text may contain, checked with Python's parser of HTML.

Nothing here is taken from the converter: elements, attributes and values are listed anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from html.parser import HTMLParser

VOID = frozenset({"br", "hr", "img", "input"})
_ID = r"user-[^\s\"'<>&%#;]+"
_CLASSES = {
    "a": "footnote",
    "code": r"language-[A-Za-z0-9][A-Za-z0-9+#._-]*",
    "details": r"alert alert-[a-z]+",
    "div": r"math display|alert alert-[a-z]+",
    "figure": "code",
    "input": "task-list-item-checkbox",
    "li": "task-list-item",
    "p": "alert-title",
    "pre": "highlight",
    "section": "footnotes",
    "span": r"[a-z]{1,2}[a-z0-9]?|hll|linenos|math inline|math display",
    "summary": "alert-title",
    "sup": "footnote-ref",
}
_TITLE = r"(?s:.*)"
ALLOWED: Mapping[str, Mapping[str, str]] = {
    "a": {
        "href": _TITLE, "title": _TITLE, "rel": "ugc nofollow noopener",
        "role": "doc-noteref|doc-backlink",
    },
    "blockquote": {}, "br": {}, "code": {}, "dd": {}, "del": {}, "details": {"open": ""},
    "div": {"role": "note"}, "dl": {}, "dt": {}, "em": {}, "figcaption": {}, "figure": {},
    "h2": {"id": _ID}, "h3": {"id": _ID}, "h4": {"id": _ID}, "h5": {"id": _ID}, "h6": {"id": _ID},
    "hr": {}, "img": {"src": _TITLE, "alt": _TITLE, "title": _TITLE},
    "input": {"type": "checkbox", "aria-label": "to do|done", "disabled": "", "checked": ""},
    "li": {"id": _ID}, "ol": {"start": "[0-9]+"}, "p": {}, "pre": {},
    "section": {"role": "doc-endnotes"}, "span": {}, "strong": {}, "summary": {},
    "sup": {"id": _ID}, "table": {}, "tbody": {}, "td": {"style": "text-align:(left|right|center)"},
    "th": {"style": "text-align:(left|right|center)"}, "thead": {}, "tr": {}, "ul": {},
}  # fmt: skip
"""Attributes of each element, with a pattern for their values."""

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*):")
_SAFE_CHARACTERS = re.compile(r"[!-~]*")


class CheckedHtml(HTMLParser):
    """Asserts that HTML is balanced and of the list above."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: Counter[str] = Counter()
        self.links: list[dict[str, str]] = []
        self.images: list[dict[str, str]] = []
        self.text = ""
        self.feed(html)
        self.close()
        assert not self.open, self.open
        assert max(self.ids.values(), default=0) <= 1, self.ids

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED, tag
        assert not (tag == "a" and "a" in self.open), "a link in a link"
        names = [name for name, _ in attrs]
        assert len(names) == len({*names}), names
        values = {name: value or "" for name, value in attrs}
        for name, value in values.items():
            pattern = _CLASSES.get(tag) if name == "class" else ALLOWED[tag].get(name)
            assert pattern is not None, (tag, name, value)
            assert re.fullmatch(pattern, value), (tag, name, value)
        if "id" in values:
            self.ids[values["id"]] += 1
        if tag == "a":
            self.links.append(values)
            check_url(values["href"], {"http", "https", "mailto"})
            is_elsewhere = values["href"].startswith("http") and not is_own(values["href"])
            assert ("rel" in values) == is_elsewhere, values
        if tag == "img":
            self.images.append(values)
            check_url(values["src"], {"http", "https"})
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in VOID, tag
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, tag
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(data)

    handle_decl = handle_pi = unknown_decl = handle_comment


def check_url(url: str, schemes: set[str]) -> None:
    """Assert that a browser takes an address for what it looks like."""
    assert _SAFE_CHARACTERS.fullmatch(url), url
    assert not set(url) & set("\\\"'<>`{}|^"), url
    scheme = _SCHEME.match(url)
    assert scheme is None or scheme[1] in schemes, url
    assert not url.startswith("//"), url
    if url.startswith("http"):
        assert re.match(r"https?://[^/?#:@]+(:[0-9]+)?(?=[/?#]|$)", url), url


def is_own(url: str) -> bool:
    return bool(re.match(r"https?://own\.example(?=[/?#]|$)", url))
