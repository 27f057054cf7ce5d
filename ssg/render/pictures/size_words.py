"""Sizes of pictures in one word or more, as in Hugo: `640x`, `600x400 top webp q75`."""

from __future__ import annotations

import re

from ssg.model.images.focus import read_focus
from ssg.model.images.recipe import Fit, Recipe
from ssg.model.images.settings import ImageFormat
from ssg.render.pictures.image_request import ImageRequest, ImageRequestError

_SIZE = re.compile(r"(\d*)x(\d*)")
_QUALITY = re.compile(r"q(\d{1,3})")
_FORMATS = {**{str(form): str(form) for form in ImageFormat}, "jpg": "jpeg"}
SIZE_FILTERS = ("crop", "fill", "fit", "resize")
_FITS = {"fit": Fit.CONTAIN, "fill": Fit.COVER, "crop": Fit.CROP, "resize": Fit.SCALE}
_WITHOUT_EFFECT = frozenset({
    *("smart", "picture", "photo", "drawing", "icon", "text", "box", "lanczos", "catmullrom"),
    *("mitchellnetravali", "linear", "nearestneighbor", "bspline", "gaussian", "hann", "hamming"),
    *("blackman", "bartlett", "welch", "cosine", "hermite"),
})  # fmt: skip
"""Hints of Hugo: what is in the picture, and how pixels are computed."""


def request_of_size(operation: str, spec: str) -> ImageRequest:
    """The request of a filter: `fit`, `fill`, `crop` or `resize`. Raises ImageRequestError."""
    width = height = quality = 0
    form = focus = ""
    for word in str(spec).lower().split():
        if found := _SIZE.fullmatch(word):
            width, height = int(found[1] or 0), int(found[2] or 0)
        elif found := _QUALITY.fullmatch(word):
            quality = int(found[1])
        elif word in _FORMATS:
            form = _FORMATS[word]
        elif read_focus(word):
            focus = word
        elif word not in _WITHOUT_EFFECT:
            raise ImageRequestError(f'"{word}" is not a part of a size', 'Write "600x400 webp q75"')
    if operation != "resize" and not (width and height):
        raise ImageRequestError(f'"{spec}" has no width and height', 'Write "600x400"')
    try:
        return ImageRequest.single(Recipe.of(width, height, _FITS[operation], focus, quality), form)
    except ValueError as error:
        raise ImageRequestError(f'"{spec}": {error}', 'Write "640x" or "600x400"') from None
