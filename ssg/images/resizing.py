"""Resizing: the frame of a variant, cut out of stored pixels, scaled and turned upright."""

from __future__ import annotations

from PIL import Image

from ssg.images.headers.header import TURNED_SIDEWAYS
from ssg.model.images.recipe import Frame

_REDUCING_GAP = 2.0
"""Pixels are averaged in whole blocks first, until a picture is this many times too large."""

_FLIPPED_ACROSS, _FLIPPED_DOWN = frozenset({2, 3, 7, 8}), frozenset({3, 4, 6, 7})

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What makes the stored pixels of an orientation upright."""

_PREMULTIPLIED = {"RGBA": "RGBa", "LA": "La"}
"""Modes whose clear pixels have no colour that could mix into the edges of others."""

Box = tuple[float, float, float, float]


def premultiplied(image: Image.Image) -> Image.Image:
    """The picture with colours multiplied by alpha, if it has alpha."""
    mode = _PREMULTIPLIED.get(image.mode)
    return image.convert(mode) if mode else image


def straight(image: Image.Image) -> Image.Image:
    """The reverse of `premultiplied`."""
    return image.convert(image.mode.upper()) if image.mode in {"RGBa", "La"} else image


def resized(
    image: Image.Image, frame: Frame, upright: tuple[int, int], orientation: int
) -> Image.Image:
    """Cut a frame out of stored pixels, scale it and turn it.

    The picture is premultiplied. `upright` is the size that the frame refers to.
    """
    box = stored_box(frame, upright, image.size, orientation)
    size = frame.width, frame.height
    if orientation in TURNED_SIDEWAYS:
        size = size[::-1]
    if box == (0.0, 0.0, *map(float, size)) and size == image.size:
        made = image.copy()
    else:
        filter_ = Image.Resampling.LANCZOS
        made = image.resize(size, filter_, box, reducing_gap=_REDUCING_GAP)
    turn = _TURNS.get(orientation)
    return made if turn is None else made.transpose(turn)


def stored_box(
    frame: Frame, upright: tuple[int, int], stored: tuple[int, int], orientation: int
) -> Box:
    """The box of a frame in stored pixels, which may be scaled down."""
    xs = frame.left / upright[0], frame.right / upright[0]
    ys = frame.top / upright[1], frame.bottom / upright[1]
    if orientation in TURNED_SIDEWAYS:
        xs, ys = ys, xs
    if orientation in _FLIPPED_ACROSS:
        xs = 1 - xs[1], 1 - xs[0]
    if orientation in _FLIPPED_DOWN:
        ys = 1 - ys[1], 1 - ys[0]
    (left, right), (top, bottom) = _within(xs, stored[0]), _within(ys, stored[1])
    return left, top, right, bottom


def _within(shares: tuple[float, float], whole: int) -> tuple[float, float]:
    """Shares of a side in pixels. A value that is nearly whole is whole."""
    start, end = (round(share * whole, 6) for share in shares)
    return max(0.0, start), min(float(whole), end)
