"""Finds the links and the ids in the HTML of a page.

This is not a parser: it reads start tags only, and skips comments, scripts and styles (HTML,
"Tokenization").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape

_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)|<([a-zA-Z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)>""", re.S
)
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'=<>`]++))""")
_BARE_ALT = re.compile(r"\salt(?=[\s/]|\Z)", re.I)
_NO_ROLE = frozenset({"none", "presentation"})
_RAW = {name: re.compile(f"</{name}", re.I) for name in ("script", "style", "textarea", "title")}
"""Elements whose content is text, without tags."""
_CSS_URL = re.compile(
    r"""/\*.*?\*/|url\(\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^"'()\s]+))\s*\)"""
    r"""|@import\s+(?:"([^"\n]*)"|'([^'\n]*)')""",
    re.S,
)

_LINKING: Mapping[str, frozenset[str]] = {
    "a": frozenset({"href"}),
    "area": frozenset({"href"}),
    "iframe": frozenset({"src"}),
}
"""Attributes that link to a page, or to a part of one."""
_LOADING: Mapping[str, frozenset[str]] = {
    "link": frozenset({"href"}),
    "script": frozenset({"src"}),
    "img": frozenset({"src", "srcset"}),
    "source": frozenset({"src", "srcset"}),
    "video": frozenset({"src", "poster"}),
    "audio": frozenset({"src"}),
    "track": frozenset({"src"}),
    "embed": frozenset({"src"}),
    "object": frozenset({"data"}),
    "input": frozenset({"src"}),
    "image": frozenset({"href"}),
}
"""Attributes that load a file."""
_CARD_PROPERTIES = frozenset({"og:image", "og:url", "og:video", "og:audio", "twitter:image"})
_HINTS = frozenset({"preconnect", "dns-prefetch"})
"""Values of `rel` of a `link` that loads nothing."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An address on a page, as it is written. `is_file`: the page loads it."""

    url: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class ImageTag:
    """An `<img>` on a page."""

    url: str
    has_text: bool
    """Whether it has `alt`, which is empty for decoration, or is hidden from screen readers."""
    width: int = 0
    """The attribute, in pixels of CSS; 0 if there is none."""
    has_choice: bool = False
    """Whether a browser may load a smaller file: it has `srcset`."""


@dataclass(frozen=True, slots=True)
class HtmlScan:
    """The ids, the references and the pictures on a page."""

    ids: frozenset[str]
    duplicates: tuple[str, ...]
    references: frozenset[Reference]
    base: str | None = None
    """The `href` of a `base` element, to which addresses are relative."""
    images: frozenset[ImageTag] = frozenset()


def scan_html(html: str) -> HtmlScan:
    """Scan a page."""
    ids: list[str] = []
    names: set[str] = set()
    references: set[Reference] = set()
    images: set[ImageTag] = set()
    base = None
    for tag, attributes in _tags(html):
        if "id" in attributes:
            ids.append(attributes["id"])
        if tag == "a" and "name" in attributes:
            names.add(attributes["name"])
        if tag == "img":
            images.add(_image(attributes))
        if tag == "base":
            base = base or attributes.get("href")
        else:
            references.update(_references(tag, attributes))
    known = frozenset(ids)
    twice = tuple(sorted(known)) if len(known) < len(ids) else ()
    return HtmlScan(
        known | names,
        tuple(one for one in twice if ids.count(one) > 1),
        frozenset(references),
        base,
        frozenset(images),
    )


def _image(attributes: Mapping[str, str]) -> ImageTag:
    is_hidden = attributes.get("aria-hidden") == "true" or attributes.get("role") in _NO_ROLE
    width = attributes.get("width", "")
    return ImageTag(
        attributes.get("src", "").strip(),
        "alt" in attributes or is_hidden,
        int(width) if width.isascii() and width.isdecimal() else 0,
        "srcset" in attributes,
    )


def css_references(css: str) -> Iterator[tuple[str, int]]:
    """The addresses in a style sheet, with their lines."""
    for match in _CSS_URL.finditer(css):
        if url := next(filter(None, match.groups()), None):
            yield url.strip(), css.count("\n", 0, match.start()) + 1


def _tags(html: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The start tags that have attributes."""
    place = 0
    while match := _TAG.search(html, place):
        place = match.end()
        if match[1] is None:
            continue
        tag = match[1].lower()
        if "=" in match[2]:
            attributes = _attributes(match[2])
            if tag == "img" and _BARE_ALT.search(match[2]):
                attributes.setdefault("alt", "")
            yield tag, attributes
        if tag in _RAW:
            end = _RAW[tag].search(html, place)
            place = end.start() if end else len(html)


def _attributes(text: str) -> dict[str, str]:
    """The attributes of a tag. The first of each name counts."""
    found: dict[str, str] = {}
    for name, double, single, bare in _ATTRIBUTE.findall(text):
        value = double or single or bare
        found.setdefault(name.lower(), unescape(value) if "&" in value else value)
    return found


def _references(tag: str, attributes: Mapping[str, str]) -> Iterator[Reference]:
    if tag == "meta":
        if attributes.get("property", attributes.get("name")) in _CARD_PROPERTIES:
            yield Reference(attributes.get("content", "").strip(), True)
        return
    for name in attributes.keys() & _LINKING.get(tag, frozenset()):
        yield Reference(attributes[name].strip(), False)
    if tag == "link" and _HINTS & set(attributes.get("rel", "").lower().split()):
        return
    for name in attributes.keys() & _LOADING.get(tag, frozenset()):
        if name == "srcset":
            yield from (Reference(url, True) for url in _candidates(attributes[name]))
        elif url := attributes[name].strip():
            yield Reference(url, True)


def _candidates(srcset: str) -> Iterator[str]:
    """`a.png 1x, b.png 2x` -> both. A comma inside an address has no space after it."""
    for part in re.split(r",\s+", srcset):
        if words := part.split():
            yield words[0].rstrip(",")
