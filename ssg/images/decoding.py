"""Decoding: bytes of a picture to pixels in a mode that can be resized.

Theory of operation. The bytes of a variant must not depend on what else is made in the same job.
So how a picture is decoded follows from the picture and the frame of one variant alone: `scale_of`.
A job decodes each scale once; for a photo and the usual widths that is one. A JPEG is scaled while
it is decoded, in steps of two, which takes half of the time and a quarter of the memory. At least
`LEAST_RATIO` of the final size remains for the resampling filter, and `LEAST_SIDE` pixels: then the
result cannot be told from one of the whole picture (SSIM over 0.995).
"""

from __future__ import annotations

import io
from importlib import import_module

from PIL import Image

from ssg.images.headers.header import TURNED_SIDEWAYS, PictureHeader
from ssg.images.headers.raster import DECODERS, FAILURES, open_picture
from ssg.images.picture_error import PictureError
from ssg.model.images.recipe import Frame

LEAST_RATIO = 1.25
LEAST_SIDE = 2000

_JPEG_SCALES = (8, 4, 2)


def load_plugins() -> None:
    """Import the modules of all formats, so that the first picture need not wait for them."""
    for decoder in DECODERS.values():
        import_module(f"PIL.{decoder.module}")


def scale_of(header: PictureHeader, frame: Frame) -> int:
    """By how much a picture may be scaled down while it is decoded: 1, 2, 4 or 8."""
    if header.format != "jpeg":
        return 1
    across = (frame.right - frame.left) / frame.width
    ratio = min(across, (frame.bottom - frame.top) / frame.height)
    side = max(header.width, header.height)
    fitting = (
        scale for scale in _JPEG_SCALES
        if ratio >= LEAST_RATIO * scale and side >= LEAST_SIDE * scale
    )  # fmt: skip
    return next(fitting, 1)


def decode(data: bytes, header: PictureHeader, scale: int = 1) -> Image.Image:
    """Decode the first frame, as it is stored: not turned. Raises PictureError."""
    if header.format not in DECODERS:
        raise PictureError(f"is of the format {header.format}, which has no variants")
    try:
        return _decode(data, header, scale)
    except FAILURES as error:
        raise PictureError(_reason(error)) from error


def _decode(data: bytes, header: PictureHeader, scale: int) -> Image.Image:
    image = open_picture(io.BytesIO(data), header.format)
    if image.size != stored_size(header):
        raise PictureError("is damaged: its header says two sizes")
    if scale > 1:
        width, height = image.size
        image.draft(None, (width // scale, height // scale))
    image.load()
    return image


def stored_size(header: PictureHeader) -> tuple[int, int]:
    """Width and height of the pixels that a decoder returns."""
    size = header.width, header.height
    return size[::-1] if header.orientation in TURNED_SIDEWAYS else size


def _reason(error: BaseException) -> str:
    text = str(error)
    if "truncated" in text or isinstance(error, EOFError):
        return "is truncated: it ends before its last pixels"
    return f"is damaged: {text or type(error).__name__}"
