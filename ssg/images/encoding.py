"""Encoding: pixels to bytes, the same bytes for the same pixels.

Efforts were chosen by measurements of photos. WebP: method 4 makes 7 % fewer bytes than 2, and 6
takes twice its time for 5 % more. AVIF: speed 9 takes a tenth of the time of speed 6 and a third of
that of speed 8, for 5 % more bytes. JPEG: progressive and optimised costs little, and saves 5 %.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image

from ssg.images.colors import flattened
from ssg.images.picture_error import PictureError

_PALETTE_COLORS = 256
_NO_DITHER = Image.Dither.NONE


def encode(
    image: Image.Image, kind: str, quality: int, background: str, *, has_palette: bool = False
) -> bytes:
    """Encode a picture of mode L, RGB or RGBA, without metadata.

    `has_palette`: its source has at most 256 colours, so a PNG gets that many, too, if it is
    opaque. A screenshot in more would have several times the bytes of its source.
    """
    options = _options(kind, quality)
    image = _for_format(image, kind, background)
    if kind == "png" and has_palette and image.mode == "RGB":
        image = image.quantize(_PALETTE_COLORS, Image.Quantize.MEDIANCUT, dither=_NO_DITHER)
    image.info = {}  # Pillow would write profiles and EXIF data that it finds here
    file = io.BytesIO()
    image.save(file, kind.upper(), **options)
    return file.getvalue()


def _options(kind: str, quality: int) -> dict[str, Any]:
    match kind:
        case "jpeg":
            return {"quality": quality, "progressive": True, "optimize": True}
        case "webp":
            return {"quality": quality, "method": 4}
        case "avif":
            return {"quality": quality, "speed": 9, "max_threads": 1}
        case "png":
            return {"compress_level": 6}
    raise PictureError(f"cannot be written as {kind}")


def _for_format(image: Image.Image, kind: str, background: str) -> Image.Image:
    if kind == "jpeg":
        return flattened(image, background)
    if kind in {"webp", "avif"} and image.mode == "L":
        return image.convert("RGB")
    return image
