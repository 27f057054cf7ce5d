"""The dominant colour of a picture, and a tiny copy of it that is shown until it has loaded."""

from __future__ import annotations

import base64
import io
from collections import Counter

from PIL import Image

PLACEHOLDER_CHARACTERS = 400
SAMPLE_SIDE = 64
"""The longest side of the small picture that both are made of."""

_SIDES = (16, 12, 8, 4)
_OPAQUE = 128


def dominant_color(small: Image.Image) -> str:
    """The colour that most pixels are similar to, as `#aabbcc`. Clear pixels do not count."""
    data = small.convert("RGBA").tobytes()
    pixels = [
        data[place : place + 3] for place in range(0, len(data), 4) if data[place + 3] >= _OPAQUE
    ]
    if not pixels:
        return "#ffffff"
    similar = Counter(_group(pixel) for pixel in pixels)
    most = max(sorted(similar), key=similar.__getitem__)
    chosen = [pixel for pixel in pixels if _group(pixel) == most]
    return "#" + bytes(sum(channel) // len(chosen) for channel in zip(*chosen, strict=True)).hex()


def _group(pixel: bytes) -> tuple[int, int, int]:
    """Colours in one group look alike: 16 steps in each channel."""
    return pixel[0] >> 4, pixel[1] >> 4, pixel[2] >> 4


def placeholder(small: Image.Image) -> str:
    """A tiny copy as a `data:` URL of at most 400 characters."""
    for side in _SIDES:
        url = _data_url(small, side)
        if len(url) <= PLACEHOLDER_CHARACTERS:
            break
    return url


def _data_url(small: Image.Image, side: int) -> str:
    tiny = small.copy()
    tiny.thumbnail((side, side), Image.Resampling.LANCZOS)
    tiny.info = {}
    file = io.BytesIO()
    tiny.save(file, "WEBP", quality=30, method=6)
    return "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
