"""Size and format of a picture, from the first bytes of its file.

The format is that of the content. Suffixes only matter if they name another one: browsers and hosts
believe them, so that is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

from ssg.images.headers.avif import read_avif
from ssg.images.headers.bmp import read_bmp
from ssg.images.headers.byte_reader import ByteReader
from ssg.images.headers.gif import read_gif
from ssg.images.headers.header import PictureHeader
from ssg.images.headers.jpeg import read_jpeg
from ssg.images.headers.png import read_png
from ssg.images.headers.svg_root import read_svg
from ssg.images.headers.tiff import read_tiff
from ssg.images.headers.webp import read_webp
from ssg.images.picture_error import PictureError

MAX_PIXELS = 100_000_000

FORMAT_OF_SUFFIX: Mapping[str, str] = {
    ".jpg": "jpeg", ".jpeg": "jpeg", ".jpe": "jpeg", ".jfif": "jpeg", ".pjpeg": "jpeg",
    ".png": "png", ".apng": "png", ".gif": "gif", ".webp": "webp", ".avif": "avif",
    ".svg": "svg", ".tif": "tiff", ".tiff": "tiff", ".bmp": "bmp",
}  # fmt: skip

_Read = Callable[[ByteReader], PictureHeader]

_STARTS: Mapping[bytes, _Read] = {
    b"\xff\xd8\xff": read_jpeg,
    b"\x89PNG\r\n\x1a\n": read_png,
    b"GIF87a": read_gif,
    b"GIF89a": read_gif,
    b"BM": read_bmp,
    b"II*\0": read_tiff,
    b"MM\0*": read_tiff,
}

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
    reader = ByteReader(file)
    header = _reader_of(reader.peek(32), suffix.lower())(reader)
    _check_size(header, max_pixels)
    _check_suffix(header, suffix)
    return header


def _reader_of(start: bytes, suffix: str) -> _Read:
    """The reader for a file that starts with these bytes."""
    if not start:
        raise PictureError("is empty")
    for magic, read in _STARTS.items():
        if start.startswith(magic):
            return read
    if start[:4] == b"RIFF" and start[8:12] == b"WEBP":
        return read_webp
    if start[4:8] == b"ftyp":
        return _reader_of_brand(start)
    if _is_text(start):
        return read_svg
    raise PictureError(_unknown(start, suffix))


def _reader_of_brand(start: bytes) -> _Read:
    """The reader for a file of boxes. The brands stand in the first one."""
    if {b"avif", b"avis"} & {start[place : place + 4] for place in range(8, 32, 4)}:
        return read_avif
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
    if header.format != "svg" and header.pixels > max_pixels:
        size = f"{header.width} x {header.height}"
        raise PictureError(f"has {size} pixels, more than max_pixels = {max_pixels:_}")


def _check_suffix(header: PictureHeader, suffix: str) -> None:
    expected = FORMAT_OF_SUFFIX.get(suffix.lower(), header.format)
    if expected != header.format:
        names = f"a {header.format.upper()} picture, but its name ends in {suffix}"
        raise PictureError(f"is {names}. Rename it")
