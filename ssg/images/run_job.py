"""Does an encoding job: one picture, decoded once for all its variants."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

from PIL import Image

from ssg.images.colors import resizable, to_srgb
from ssg.images.decoding import decode, scale_of
from ssg.images.encoding import encode
from ssg.images.encoding_job import EncodedVariant, EncodingJob, EncodingResult, WantedVariant
from ssg.images.headers.header import PictureHeader
from ssg.images.picture_error import PictureError
from ssg.images.picture_header import parse_header
from ssg.images.resizing import premultiplied, resized, straight
from ssg.images.tiny_picture import SAMPLE_SIDE, dominant_color, placeholder
from ssg.model.images.recipe import Frame, Recipe


def run_job(job: EncodingJob, max_pixels: int) -> EncodingResult:
    """Make what a job asks for. Raises PictureError."""
    data = _source(job.source, job.sha256)
    header = parse_header(io.BytesIO(data), job.source.suffix, max_pixels)
    if header.is_animated and job.variants:
        raise PictureError("is animated, and has no variants")
    picture = _DecodedPicture(data, header)
    variants = sorted(job.variants, key=lambda one: (scale_of(header, one.frame), one.frame))
    made = {wanted.file_name: _variant(picture, wanted, job.background) for wanted in variants}
    color, tiny = _colors(picture) if job.wants_colors else ("", "")
    encoded = (EncodedVariant(one.file_name, made[one.file_name]) for one in job.variants)
    return EncodingResult(tuple(encoded), color, tiny)


def _source(source: Path, sha256: str) -> bytes:
    try:
        data = source.read_bytes()
    except OSError as error:
        raise PictureError(f"cannot be read: {error.strerror}") from None
    if sha256 and hashlib.sha256(data).hexdigest() != sha256:
        raise PictureError("has changed since the build")
    return data


class _DecodedPicture:
    """A picture that is decoded when a frame is asked for.

    It is decoded once for frames of the same scale that are asked for one after another, and scaled
    once for formats of the same frame.
    """

    def __init__(self, data: bytes, header: PictureHeader) -> None:
        self._data = data
        self._header = header
        self._scale = 0
        self._pixels = Image.new("L", (1, 1))
        self._profile: bytes | None = None
        self.has_palette = False
        self._last: tuple[Frame, Image.Image] | None = None

    def frame(self, frame: Frame) -> Image.Image:
        """The pixels of a frame, upright and in sRGB."""
        if self._last is None or self._last[0] != frame:
            self._last = frame, self._make(frame)
        return self._last[1]

    def _make(self, frame: Frame) -> Image.Image:
        scale = scale_of(self._header, frame)
        if scale != self._scale:
            self._load(scale)
        upright = self._header.width, self._header.height
        made = resized(self._pixels, frame, upright, self._header.orientation)
        return to_srgb(straight(made), self._profile)

    def small(self) -> Image.Image:
        """The whole picture, at most `SAMPLE_SIDE` pixels wide and high."""
        recipe = Recipe.of(SAMPLE_SIDE, SAMPLE_SIDE, "contain")
        return self.frame(recipe.frame(self._header.width, self._header.height))

    def _load(self, scale: int) -> None:
        self._pixels = Image.new("L", (1, 1))  # frees the pixels of another scale
        image = decode(self._data, self._header, scale)
        self._profile = image.info.get("icc_profile")
        self.has_palette = image.mode in {"P", "PA"}
        self._pixels = premultiplied(resizable(image))
        self._scale = scale


def _variant(picture: _DecodedPicture, wanted: WantedVariant, background: str) -> bytes:
    pixels, palette = picture.frame(wanted.frame), picture.has_palette
    return encode(pixels, wanted.format, wanted.quality, background, has_palette=palette)


def _colors(picture: _DecodedPicture) -> tuple[str, str]:
    small = picture.small()
    return dominant_color(small), placeholder(small)
