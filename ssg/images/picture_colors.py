"""The dominant colour of a picture and a tiny copy of it, found by an encoder process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob


class PictureColors(NamedTuple):
    """What can be shown until a picture has loaded."""

    color: str
    """The dominant colour, `#aabbcc`."""
    placeholder: str
    """A tiny copy, as a `data:` URL of at most 400 characters."""


def colors_of_picture(source: Path, max_pixels: int) -> PictureColors:
    """Decode a picture, and find its colours. Raises PictureError.

    This process keeps an encoder process for the next picture.
    """
    result = _pool(max_pixels).make(EncodingJob(source, "", wants_colors=True))
    return PictureColors(result.color, result.placeholder)


@cache
def _pool(max_pixels: int) -> EncoderPool:
    """The encoder of this process."""
    return EncoderPool(max_pixels=max_pixels)
