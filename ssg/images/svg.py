"""Sanitised SVG: what draws is kept, what could run or load something is left out.

Theory of operation. The drawing is parsed without a DTD, and written again from an allow-list: only
elements and attributes of `svg_names`, in the namespace of SVG. So scripts, event handlers,
foreignObject, links, style sheets of others, comments and data of drawing programs are not there
because nothing writes them. What is left can still name things: `href` may only name an element of
the same drawing, or a picture that is part of it as `data:`, and CSS may contain no other address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from ssg.images.headers.svg_root import safe_parser
from ssg.images.picture_error import PictureError
from ssg.images.svg_names import ANIMATED, ATTRIBUTES, ELEMENTS, REFERENCES, UNWRAPPED

SVG_NAMESPACE = "http://www.w3.org/2000/svg"
MAX_BYTES = 20_000_000
MAX_DEPTH = 256

_XLINK = "http://www.w3.org/1999/xlink"
_XML = "http://www.w3.org/XML/1998/namespace"
_PICTURES = frozenset({"image", "feImage"})

_INNER_REFERENCE = re.compile(r"#[^\s()'\"\\]{1,200}")
_INNER_PICTURE = re.compile(r"data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/=\s]*")
_INNER_URL = re.compile(r"url\(\s*(['\"]?)#[^\s()'\"\\]{1,200}\1\s*\)", re.IGNORECASE)
_HOSTILE_CSS = re.compile(
    r"\\|@import|@font-face|@namespace|(?:url|image-set|src|expression)\s*\(|javascript:",
    re.IGNORECASE,
)
"""What loads or runs something; a backslash could hide it."""


def sanitize_svg(data: bytes) -> bytes:
    """Return a drawing without what could run or load something. Raises PictureError."""
    if len(data) > MAX_BYTES:
        raise PictureError(f"is larger than {MAX_BYTES:_} bytes")
    writer = _Writer()
    parser = safe_parser()
    parser.buffer_text = True
    parser.StartElementHandler = writer.start
    parser.EndElementHandler = writer.end
    parser.CharacterDataHandler = writer.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise PictureError(f"is not well-formed SVG: {error}") from None
    return writer.result()


class _Writer:
    """Writes what is allowed of a stream of elements and texts."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._open: list[str | None] = []
        """Elements that are not closed: their names, or None for those that are not written."""
        self._left_out = 0
        """The number of open elements within one that is left out, it included."""
        self._style: list[str] | None = None
        """The texts of a style sheet, which is written only as a whole."""

    def result(self) -> bytes:
        if not self._parts:
            raise PictureError("is not SVG: its elements are of another namespace")
        return "".join(self._parts).encode()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if len(self._open) >= MAX_DEPTH:
            raise PictureError(f"has more than {MAX_DEPTH} elements within each other")
        namespace, _, local = name.rpartition(" ")
        is_ours = namespace == SVG_NAMESPACE and (self._open or local == "svg")
        if self._left_out or not is_ours or self._style is not None:
            self._leave_out()
        elif local in UNWRAPPED:
            self._open.append(None)
        elif local not in ELEMENTS or _animates_reference(local, attributes):
            self._leave_out()
        else:
            self._write_start(local, attributes)

    def end(self, _: str) -> None:
        name = self._open.pop()
        if self._left_out:
            self._left_out -= 1
        elif name is not None:
            self._write_style()
            self._parts.append(f"</{name}>")

    def text(self, text: str) -> None:
        if self._left_out:
            return
        if self._style is not None:
            self._style.append(text)
        elif self._open:
            self._parts.append(escape(text))

    def _leave_out(self) -> None:
        self._left_out += 1
        self._open.append(None)

    def _write_start(self, name: str, attributes: Mapping[str, str]) -> None:
        kept = dict(_kept(name, attributes))
        if not self._open:
            kept = {"xmlns": SVG_NAMESPACE, **kept}
        written = "".join(f" {key}={quoteattr(value)}" for key, value in kept.items())
        self._parts.append(f"<{name}{written}>")
        self._open.append(name)
        if name == "style":
            self._style = []

    def _write_style(self) -> None:
        if self._style is not None:
            style = "".join(self._style)
            self._style = None
            if _is_harmless(style) and "<" not in style:
                self._parts.append(escape(style))


def _kept(element: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The attributes of an element that are written."""
    for name, value in attributes.items():
        namespace, _, local = name.rpartition(" ")
        if namespace == _XML and local in {"space", "lang"}:
            yield f"xml:{local}", value
        elif namespace not in {"", _XLINK} or (namespace == _XLINK and local != "href"):
            continue
        elif local in REFERENCES:
            if _is_inner(element, value):
                yield local, value
        elif local in ATTRIBUTES and _is_harmless(value):
            yield local, value


def _is_inner(element: str, reference: str) -> bool:
    """Whether a reference leads to a part of the same drawing."""
    if _INNER_REFERENCE.fullmatch(reference.strip()):
        return True
    return element in _PICTURES and bool(_INNER_PICTURE.fullmatch(reference.strip()))


def _is_harmless(css: str) -> bool:
    """Whether CSS, or the value of an attribute, loads and runs nothing."""
    return not _HOSTILE_CSS.search(_INNER_URL.sub("", css))


def _animates_reference(element: str, attributes: Mapping[str, str]) -> bool:
    """Whether an animation would change where something leads, or what runs."""
    if not element.startswith("animate"):
        return False
    target = attributes.get(ANIMATED, "").rpartition(":")[2].strip()
    return target in REFERENCES or (bool(target) and target not in ATTRIBUTES)
