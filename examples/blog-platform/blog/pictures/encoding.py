"""Makes a safe picture of what somebody uploads.

Pillow decodes the bytes and encodes the pixels as WebP. Nothing else of the upload survives: no
metadata (a place, the name of a camera), no text that is a page or a script at the same time.
The size is checked before pixels are decoded, so a small file cannot become a huge one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

from PIL import Image, ImageCms

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
MAX_SIDE = 1600
"""The longest side of what comes out."""
MAX_RATIO = 50
"""How many times longer than the other one a side may be."""
MAX_FRAMES = 150
MAX_FRAME_PIXELS = 24_000_000
"""Of all frames together. Of a longer animation, only the first frame is kept."""
MAX_SCANS = 64
_START_OF_SCAN = b"\xff\xda"

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")
EXTENSION = ".webp"
MEDIA_TYPE = "image/webp"
QUALITY = 82
_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What the orientation of EXIF asks for."""


class PictureError(Exception):
    """A file is not a picture that can be accepted; the message is for people."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is served."""

    data: bytes = field(repr=False)
    width: int
    height: int
    is_animated: bool = False

    @property
    def name(self) -> str:
        """A digest of the bytes: what is at an address never changes.

        The size is in it, too, because pages show a picture in several widths (`variants`).
        """
        digest = hashlib.sha256(self.data).hexdigest()[:32]
        size = "" if self.is_animated else f"-{self.width}x{self.height}"
        return digest + size + EXTENSION


@dataclass(frozen=True, slots=True)
class _Frame:
    image: Image.Image
    milliseconds: int = 0


def encode_picture(upload: bytes) -> Picture:
    """Decode an upload and encode it again. Raises PictureError."""
    if len(upload) > MAX_BYTES:
        raise PictureError(f"This file is larger than {MAX_BYTES // 1_000_000} MB.")
    try:
        with Image.open(BytesIO(upload), formats=FORMATS) as image:
            _check_size(image)
            _check_scans(image, upload)
            return _encoded(_frames(image))
    except PictureError:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception as error:  # decoders of hostile files raise errors of any kind
        raise PictureError(
            "This file cannot be read as a picture: choose a JPEG, PNG, WebP, AVIF or GIF."
        ) from error


def _check_size(image: Image.Image) -> None:
    """Raises PictureError. Nothing has been decoded yet but the header."""
    width, height = image.size
    if width * height > MAX_PIXELS:
        raise _too_large()
    if max(width, height) > MAX_RATIO * min(width, height):
        raise PictureError("This picture is too narrow.")


def _too_large() -> PictureError:
    return PictureError(f"This picture has more than {MAX_PIXELS // 1_000_000} megapixels.")


def _check_scans(image: Image.Image, upload: bytes) -> None:
    """A progressive JPEG may ask for its pixels to be refined any number of times."""
    if image.format in {"JPEG", "MPO"} and upload.count(_START_OF_SCAN) > MAX_SCANS:
        raise PictureError("This file has too many parts: save it as a simple JPEG.")


def _frames(image: Image.Image) -> list[_Frame]:
    """The frames as they are served: one, unless the file is a short animation."""
    if image.format in {"GIF", "WEBP"} and _is_short_animation(image):
        return list(_animation(image))
    return [_Frame(_prepared(image))]


def _is_short_animation(image: Image.Image) -> bool:
    count = getattr(image, "n_frames", 1)
    pixels = count * image.width * image.height
    return 1 < count <= MAX_FRAMES and pixels <= MAX_FRAME_PIXELS


def _animation(image: Image.Image) -> Iterator[_Frame]:
    for number in range(getattr(image, "n_frames", 1)):
        image.seek(number)
        frame = image.copy()
        milliseconds = min(max(int(frame.info.get("duration", 100)), 20), 60_000)
        yield _Frame(_prepared(frame), milliseconds)


def _prepared(image: Image.Image) -> Image.Image:
    """The pixels in sRGB, not larger than is served, the right way up."""
    turn = _turn(image)
    profile = image.info.get("icc_profile")
    image.draft(None, (MAX_SIDE, MAX_SIDE))  # a JPEG can be decoded at half its size, or less
    image = _eight_bits(image)
    image.thumbnail((MAX_SIDE, MAX_SIDE), Image.Resampling.LANCZOS)
    image = _in_srgb(image, profile)
    return image if turn is None else image.transpose(turn)


def _turn(image: Image.Image) -> Image.Transpose | None:
    try:
        return _TURNS.get(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # metadata that cannot be read turns nothing
        return None


def _eight_bits(image: Image.Image) -> Image.Image:
    """Channels of 8 bits, which can be scaled: gray with 16 bits, and palettes, cannot."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    if image.mode in {"P", "PA", "La", "RGBa"} or "transparency" in image.info:
        return image.convert("RGBA")
    return image.convert("L") if image.mode == "1" else image


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB, with alpha where something is transparent."""
    if image.mode == "LA":
        image = image.convert("RGBA")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() == (255, 255):
        image = image.convert("RGB")
    mode = "RGBA" if image.mode == "RGBA" else "RGB"
    return (_with_profile(image, profile, mode) if profile else image).convert(mode)


def _with_profile(image: Image.Image, profile: bytes, mode: str) -> Image.Image:
    """The colours as sRGB; as they are if the profile cannot be used."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        target = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return image


def _encoded(frames: list[_Frame]) -> Picture:
    output = BytesIO()
    first, *others = (_bare(frame.image) for frame in frames)
    durations = [frame.milliseconds for frame in frames]
    animation = {"save_all": True, "append_images": others, "duration": durations, "loop": 0}
    first.save(output, "WEBP", quality=QUALITY, method=4, **(animation if others else {}))
    return Picture(output.getvalue(), first.width, first.height, is_animated=bool(others))


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone: what `info` has would be saved, too."""
    image.info = {}
    return image
