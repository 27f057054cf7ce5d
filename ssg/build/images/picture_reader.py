"""Reads picture files for the scan."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ssg.content.structure.pictures import PictureReader
from ssg.fingerprint.files import sha256_of
from ssg.model.images.picture import PictureFacts
from ssg.model.images.settings import ImageSettings


def picture_reader(settings: ImageSettings | None) -> PictureReader:
    """The reader for the pictures of a site."""
    max_pixels = settings.max_pixels if settings else 0

    def read(files: Sequence[Path]) -> Sequence[PictureFacts]:
        return [_read(file, max_pixels) for file in files]

    return read


def _read(file: Path, max_pixels: int) -> PictureFacts:
    from ssg.images.picture_error import PictureError  # noqa: PLC0415 few sites have [images]
    from ssg.images.picture_header import read_header  # noqa: PLC0415 the same

    try:
        sha256 = sha256_of(file)
        header = read_header(file, max_pixels)
    except PictureError as error:
        return PictureFacts(problem=str(error))
    except OSError as error:
        return PictureFacts(problem=f"cannot be read: {error.strerror}")
    return PictureFacts(
        sha256, header.width, header.height, header.format, header.is_animated, header.has_alpha
    )
