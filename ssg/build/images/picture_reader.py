"""Reads picture files for the scan."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from ssg.content.structure.pictures import PictureReader
from ssg.fingerprint.files import sha256_of
from ssg.model.images.picture import PictureFacts
from ssg.model.images.settings import ImageSettings


def picture_reader(settings: ImageSettings | None) -> PictureReader:
    """The reader for the pictures of a site."""
    return partial(_read, settings.max_pixels if settings else 0)


def _read(max_pixels: int, place: str) -> tuple[Any, ...]:
    from ssg.images.picture_error import PictureError  # noqa: PLC0415 few sites have [images]
    from ssg.images.picture_header import read_header  # noqa: PLC0415 the same

    file = Path(place)
    sha256 = sha256_of(file)
    try:
        header = read_header(file, max_pixels)
    except PictureError as error:
        return tuple(PictureFacts(sha256, problem=str(error)))
    return (
        sha256,
        header.width,
        header.height,
        header.format,
        header.is_animated,
        header.has_alpha,
    )
