"""The header of a picture of pixels, as Pillow reads it."""

from __future__ import annotations

import struct
import warnings
import zlib
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import BinaryIO, NamedTuple

from PIL import Image, UnidentifiedImageError

from ssg.images.headers.header import PictureHeader, oriented
from ssg.images.picture_error import PictureError

Image.MAX_IMAGE_PIXELS = None  # `max_pixels` is our limit, which is checked before pixels are read

_ORIENTATION = 0x0112
_TURNED_BY_PILLOW = frozenset({"tiff"})
_ANIMATED = frozenset({"avif", "gif", "png", "webp"})
"""Formats with frames. Other files contain previews (JPEG of phones) or pages (TIFF)."""
_ALPHA_MODES = frozenset({"LA", "La", "PA", "RGBA", "RGBa"})


class Decoder(NamedTuple):
    """Pillow's name of a format, and its module that reads it."""

    name: str
    module: str


DECODERS: Mapping[str, Decoder] = {
    "jpeg": Decoder("JPEG", "JpegImagePlugin"),
    "png": Decoder("PNG", "PngImagePlugin"),
    "webp": Decoder("WEBP", "WebPImagePlugin"),
    "avif": Decoder("AVIF", "AvifImagePlugin"),
    "gif": Decoder("GIF", "GifImagePlugin"),
    "tiff": Decoder("TIFF", "TiffImagePlugin"),
    "bmp": Decoder("BMP", "BmpImagePlugin"),
}
"""By our names of the formats. No other decoder of Pillow is ever tried."""

FAILURES = (
    OSError, SyntaxError, ValueError, ArithmeticError, LookupError, TypeError, EOFError,
    AttributeError, NotImplementedError, RuntimeError, struct.error, zlib.error,
)  # fmt: skip
"""What decoders of Pillow raise for damaged pictures."""


def open_picture(file: BinaryIO, kind: str) -> Image.Image:
    """Open a picture of a known format; its pixels are not decoded. Raises one of `FAILURES`."""
    decoder = DECODERS[kind]
    import_module(f"PIL.{decoder.module}")
    return Image.open(file, formats=[decoder.name])


def read_raster(file: BinaryIO, kind: str) -> PictureHeader:
    """Read the header of a picture. Raises PictureError."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of damaged EXIF data, which turn nothing
            image = open_picture(file, kind)
            is_animated = kind in _ANIMATED and bool(getattr(image, "is_animated", False))
            has_alpha = image.mode in _ALPHA_MODES or "transparency" in image.info
            orientation = 1 if kind in _TURNED_BY_PILLOW else _orientation(image)
    except UnidentifiedImageError:
        raise PictureError("ends within its header, or is damaged there") from None
    except FAILURES as error:
        raise PictureError(f"is damaged: {error}") from error
    except MemoryError:  # some decoders allocate what a header announces
        raise PictureError("needs more memory than there is") from None
    return oriented(PictureHeader(kind, *image.size, is_animated, has_alpha), orientation)


def _orientation(image: Image.Image) -> int:
    """How the stored pixels are turned; 1 if EXIF data do not say it, or cannot be read."""
    if "exif" not in image.info:  # `getexif` would decode a PNG to look behind its pixels
        return 1
    with suppress(*FAILURES):
        value = image.getexif().get(_ORIENTATION, 1)
        return value if isinstance(value, int) else 1
    return 1
