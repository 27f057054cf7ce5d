"""Colours: modes, profiles and transparency.

A decoded picture gets a mode with 8 bits that can be resized (`resizable`). After that its colours
become those of sRGB, which every browser assumes without a profile (`to_srgb`).
"""

from __future__ import annotations

import io
from functools import lru_cache
from typing import cast

from PIL import Image, ImageCms

_GREY, _GREY_ALPHA, _CMYK = "L", "LA", "CMYK"
_RESIZABLE = frozenset({_GREY, _GREY_ALPHA, "RGB", "RGBA", _CMYK})
_PROFILE_SPACES = {_GREY: "GRAY", "RGB": "RGB ", _CMYK: "CMYK"}
"""The colour space that the profile of a picture of this mode has."""


def resizable(image: Image.Image) -> Image.Image:
    """The picture in mode L, LA, RGB, RGBA or CMYK."""
    if image.mode.startswith(("I", "F")):
        return _in_8_bits(image)
    if "transparency" in image.info:
        return image.convert("RGBA")
    if image.mode in _RESIZABLE:
        return image
    if image.mode == "1":
        return image.convert(_GREY)
    if image.mode == "LAB":
        return _from_lab(image)
    return image.convert("RGBA" if image.mode in {"PA", "La", "RGBa"} else "RGB")


def _in_8_bits(image: Image.Image) -> Image.Image:
    """Grey values of 16 bits or more in 8: of 16 bits, unless they are smaller or larger."""
    whole = image.convert("F")
    low, high = cast("tuple[float, float]", whole.getextrema())  # of its one channel
    if image.mode.startswith("I;16") or (low >= 0 and 255 < high <= 65535):
        low, high = 0.0, 65535.0
    elif low >= 0 and high <= 255:
        return whole.convert(_GREY)
    scale = 255 / max(high - low, 1e-9)
    return whole.point(lambda value: value * scale - low * scale).convert(_GREY)


def _from_lab(image: Image.Image) -> Image.Image:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    made = ImageCms.profileToProfile(image, lab, _srgb(), outputMode="RGB")
    return made or image.convert("RGB")


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The picture in sRGB, as RGB, RGBA or L. A profile that cannot be used is ignored."""
    alpha = image.getchannel("A") if image.mode in {_GREY_ALPHA, "RGBA"} else None
    opaque = image.convert(image.mode.removesuffix("A")) if alpha else image
    transform = _transform(profile, opaque.mode) if profile else None
    if transform:
        is_grey = opaque.mode == _GREY
        opaque = ImageCms.applyTransform(opaque, transform) or opaque
        opaque = opaque.convert(_GREY) if is_grey else opaque
    if opaque.mode == _CMYK:
        opaque = opaque.convert("RGB")
    return _with_alpha(opaque, alpha)


def _with_alpha(opaque: Image.Image, alpha: Image.Image | None) -> Image.Image:
    """The picture with an alpha channel, unless nothing shines through."""
    if alpha is None or alpha.getextrema() == (255, 255):
        return opaque
    whole = opaque.convert("RGB")
    whole.putalpha(alpha)
    return whole


def flattened(image: Image.Image, background: str) -> Image.Image:
    """The picture on a background, without an alpha channel."""
    if image.mode != "RGBA":
        return image
    flat = Image.new("RGB", image.size, background)
    flat.paste(image, mask=image.getchannel("A"))
    return flat


@lru_cache(maxsize=1)
def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """From a profile to sRGB; None if it is sRGB, damaged, or not for this mode."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if source.profile.xcolor_space != _PROFILE_SPACES[mode]:
            return None
        if "srgb" in (source.profile.profile_description or "").lower():
            return None
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        flags = ImageCms.Flags.BLACKPOINTCOMPENSATION
        return ImageCms.buildTransform(source, _srgb(), mode, "RGB", intent, flags)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None
