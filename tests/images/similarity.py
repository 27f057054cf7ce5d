"""How similar two pictures look: the structural similarity (SSIM) of their brightness.

See Wang, Bovik, Sheikh and Simoncelli, "Image quality assessment", 2004; here with whole blocks of
8 x 8 pixels in place of a sliding window.
"""

from __future__ import annotations

from collections.abc import Iterator

from PIL import Image

_BLOCK = 8
_C1, _C2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2


def similarity(one: Image.Image, other: Image.Image) -> float:
    """1 for equal pictures, over 0.95 for those that few people can tell apart."""
    assert one.size == other.size
    found = [_of_block(a, b) for a, b in zip(_blocks(one), _blocks(other), strict=True)]
    return sum(found) / len(found)


def _blocks(image: Image.Image) -> Iterator[bytes]:
    grey = image.convert("L")
    for top in range(0, grey.height - _BLOCK + 1, _BLOCK):
        for left in range(0, grey.width - _BLOCK + 1, _BLOCK):
            yield grey.crop((left, top, left + _BLOCK, top + _BLOCK)).tobytes()


def _of_block(one: bytes, other: bytes) -> float:
    count = len(one)
    mean, other_mean = sum(one) / count, sum(other) / count
    variance = sum(value * value for value in one) / count - mean**2
    other_variance = sum(value * value for value in other) / count - other_mean**2
    both = sum(a * b for a, b in zip(one, other, strict=True)) / count - mean * other_mean
    return ((2 * mean * other_mean + _C1) * (2 * both + _C2)) / (
        (mean**2 + other_mean**2 + _C1) * (variance + other_variance + _C2)
    )
