"""Safe parsing of SVG, and the size that the root element of one has."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import BinaryIO
from xml.parsers import expat

from ssg.images.headers.header import PictureHeader
from ssg.images.picture_error import PictureError

_HEAD_BYTES = 65_536
_LONGEST_ENTITY = 256
_LARGEST = 1e9
_LONGEST_LENGTH = 50
_HTML = "is an HTML page, not a picture"
_DEFAULT = (300.0, 150.0)
"""What browsers take for a picture without a size. See CSS Images 3, 5.1."""

_LENGTH = re.compile(r"\s*\+?(\d*\.?\d+(?:e[+-]?\d+)?)\s*(px|pt|pc|mm|cm|in|em|ex|rem)?\s*$", re.I)
_PIXELS = {
    "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0,
    "em": 16.0, "ex": 8.0, "rem": 16.0,
}  # fmt: skip


def safe_parser() -> expat.XMLParserType:
    """A parser of XML that reads nothing but its input, and expands no entity within another.

    Old drawing programs declare short names of namespaces as entities; these are read.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.EntityDeclHandler = _check_entity
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    return parser


def _check_entity(
    _name: str, _is_parameter: bool, value: str | None, _base: str | None,
    _system_id: str | None, _public_id: str | None, _notation: str | None,
) -> None:  # fmt: skip
    if value is None or len(value) > _LONGEST_ENTITY or "&" in value or "%" in value:
        raise PictureError("declares an XML entity that is not a short text")


def read_svg(file: BinaryIO) -> PictureHeader:
    """Read the size of the root element: `width`, `height`, else `viewBox`."""
    head = file.read(_HEAD_BYTES)
    if head.lstrip()[:14].lower().startswith((b"<!doctype html", b"<html")):
        raise PictureError(_HTML)
    name, attributes = _root(head)
    if name.rpartition(" ")[2] == "html":
        raise PictureError(_HTML)
    if name.rpartition(" ")[2] != "svg":
        raise PictureError("is not a picture of a known format")
    width, height = svg_size(attributes)
    return PictureHeader("svg", max(1, round(width)), max(1, round(height)), has_alpha=True)


class _RootFoundError(Exception):
    """Ends the parser after the first element."""


def _root(head: bytes) -> tuple[str, Mapping[str, str]]:
    """The name and the attributes of the first element."""
    found: list[tuple[str, Mapping[str, str]]] = []

    def start(name: str, attributes: Mapping[str, str]) -> None:
        found.append((name, attributes))
        raise _RootFoundError

    parser = safe_parser()
    parser.StartElementHandler = start
    try:
        parser.Parse(head, False)
    except _RootFoundError:
        return found[0]
    except expat.ExpatError as error:
        raise PictureError(f"is not well-formed SVG: {error}") from None
    raise PictureError("ends within its header")


def svg_size(attributes: Mapping[str, str]) -> tuple[float, float]:
    """Width and height in CSS pixels. One that is missing follows from the shape of `viewBox`."""
    width, height = (_pixels(attributes.get(name, "")) for name in ("width", "height"))
    box = _box_size(attributes.get("viewBox", ""))
    if width and height:
        return width, height
    if box is None:
        return width or _DEFAULT[0], height or _DEFAULT[1]
    if width:
        return width, width * box[1] / box[0]
    if height:
        return height * box[0] / box[1], height
    return box


def _pixels(length: str) -> float | None:
    """A length in CSS pixels; None for a share, zero, or what is not a length."""
    found = _LENGTH.match(length[:_LONGEST_LENGTH])
    pixels = float(found[1]) * _PIXELS[(found[2] or "px").lower()] if found else 0.0
    return pixels if 0 < pixels < _LARGEST else None


def _box_size(view_box: str) -> tuple[float, float] | None:
    """Width and height of a `viewBox`."""
    try:
        _, _, width, height = (float(part) for part in re.split(r"[\s,]+", view_box.strip()))
    except ValueError:
        return None
    is_sound = 0 < width < _LARGEST and 0 < height < _LARGEST
    return (width, height) if is_sound else None
