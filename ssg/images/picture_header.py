"""Size and format of a picture, from the first bytes of its file.

The format is that of the content. Suffixes only matter if they name another one: browsers and hosts
believe them, so that is an error.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO

from ssg.images.headers.header import PictureHeader
from ssg.images.headers.raster import read_raster
from ssg.images.headers.svg_root import read_svg
from ssg.images.picture_error import PictureError
from ssg.model.images.picture import SVG
from ssg.model.images.settings import MAX_PIXELS

FORMAT_OF_SUFFIX: Mapping[str, str] = {
    ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".jfif": "jpeg", ".pjpeg": "jpeg",
    ".png": "png", ".apng": "png", ".gif": "gif", ".webp": "webp", ".avif": "avif",
    ".svg": "svg", ".tif": "tiff", ".tiff": "tiff", ".bmp": "bmp",
}  # fmt: skip

_STARTS: Mapping[bytes, str] = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
    b"BM": "bmp",
    b"II*\0": "tiff",
    b"MM\0*": "tiff",
}
_START_BYTES = 32

_OTHERS: Mapping[bytes, str] = {
    b"\xff\x0a": "JPEG XL",
    b"\0\0\0\x0cJXL ": "JPEG XL",
    b"\0\0\0\x0cjP  ": "JPEG 2000",
    b"8BPS": "Photoshop",
    b"%PDF": "PDF",
    b"\x1f\x8b": "gzip",
}
"""Formats that are told by name, though they are not read."""


def read_header(path: Path, max_pixels: int = MAX_PIXELS) -> PictureHeader:
    """Read the header of a picture.

    Raises PictureError if it is empty, truncated, too large or of another format than its suffix
    says, or if its format is unknown. Raises OSError if the file cannot be read.
    """
    with path.open("rb") as file:
        return parse_header(file, path.suffix, max_pixels)


def parse_header(file: BinaryIO, suffix: str, max_pixels: int = MAX_PIXELS) -> PictureHeader:
    """Read the header of an open file, as `read_header` does."""
    kind = _format_of(file.read(_START_BYTES), suffix.lower())
    file.seek(0)
    header = read_svg(file) if kind == SVG else read_raster(file, kind)
    _check_size(header, max_pixels)
    _check_suffix(header, suffix)
    return header


def _format_of(start: bytes, suffix: str) -> str:
    """The format of a file that starts with these bytes."""
    if not start:
        raise PictureError("is empty")
    for magic, kind in _STARTS.items():
        if start.startswith(magic):
            return kind
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return "webp"
    if start[4:8] == b"ftyp":
        return _format_of_brand(start)
    if _is_text(start):
        return SVG
    raise PictureError(_unknown(start, suffix))


def _format_of_brand(start: bytes) -> str:
    """The format of a file of boxes. The brands are in the first one."""
    if {b"avif", b"avis"} & {start[place : place + 4] for place in range(8, 32, 4)}:
        return "avif"
    raise PictureError("is a HEIC picture or a video. Save it as JPEG, PNG, WebP or AVIF")


def _is_text(start: bytes) -> bool:
    """Whether a file may be XML."""
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    return start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _unknown(start: bytes, suffix: str) -> str:
    """What to say about a file of an unknown format."""
    for magic, name in _OTHERS.items():
        if start.startswith(magic):
            return f"is a file of {name}. Save it as JPEG, PNG, WebP or AVIF"
    if suffix in FORMAT_OF_SUFFIX and any(magic.startswith(start) for magic in _STARTS):
        return "ends within its header"
    return "is not a picture of a known format"


def _check_size(header: PictureHeader, max_pixels: int) -> None:
    if header.width <= 0 or header.height <= 0:
        raise PictureError("is damaged: its header says that it has no pixels")
    if header.format != SVG and header.pixels > max_pixels:
        size = f"{header.width} x {header.height}"
        raise PictureError(f"has {size} pixels, more than max_pixels = {max_pixels:_}")


def _check_suffix(header: PictureHeader, suffix: str) -> None:
    expected = FORMAT_OF_SUFFIX.get(suffix.lower(), header.format)
    if expected != header.format:
        names = f"a {header.format.upper()} picture, but its name ends in {suffix}"
        raise PictureError(f"is {names}. Rename it")
