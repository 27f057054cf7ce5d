"""Reads picture files for the scan."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ssg.content.structure.pictures import PictureReader
from ssg.fingerprint.files import file_sha256
from ssg.model.images.picture import SVG, PictureFacts
from ssg.model.images.settings import ImageSettings


def picture_reader(settings: ImageSettings | None) -> PictureReader:
    """The reader for the pictures of a site."""
    return partial(_read, (settings or ImageSettings()).max_pixels)


def _read(max_pixels: int, wants_colors: bool, place: str) -> tuple[Any, ...]:
    from ssg.images.picture_error import PictureError  # noqa: PLC0415 few sites have [images]
    from ssg.images.picture_header import read_header  # noqa: PLC0415 the same

    file = Path(place)
    sha256 = file_sha256(file)
    try:
        header = read_header(file, max_pixels)
        has_colors = wants_colors and header.format != SVG
        colors = _colors(file, max_pixels) if has_colors else ()
    except PictureError as error:
        return tuple(PictureFacts(sha256, problem=str(error)))
    return (
        sha256,
        header.width,
        header.height,
        header.format,
        header.is_animated,
        header.has_alpha,
        *colors,
    )


def _colors(file: Path, max_pixels: int) -> tuple[str, str]:
    """The dominant colour and the placeholder. Decoding takes 50 ms for a photo."""
    from ssg.images.picture_colors import (  # noqa: PLC0415 few sites have placeholders
        colors_of_picture,
    )

    return colors_of_picture(file, max_pixels)
