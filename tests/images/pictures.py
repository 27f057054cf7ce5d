"""Pictures that tests make: of every mode, orientation and format, and damaged ones."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw

RED, GREEN, BLUE, WHITE = (230, 30, 30), (20, 200, 60), (30, 60, 220), (250, 250, 250)
CORNERS = (RED, GREEN, BLUE, WHITE)
"""The colours of the quarters of `quarters`: top left, top right, bottom left, bottom right."""


@cache
def photo(width: int = 600, height: int = 400) -> Image.Image:
    """A picture with soft and sharp parts."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    fine = Image.effect_mandelbrot((width, height), (-2.2, -1.2, 0.8, 1.2), 60)
    made = Image.merge("RGB", (across, fine, down))
    pen = ImageDraw.Draw(made)
    for step in range(0, width, max(1, width // 12)):
        pen.ellipse(
            (step, step // 2, step + width // 10, step // 2 + height // 8),
            fill=(step % 256, 90, 40),
        )
        pen.line((step, 0, width - step, height), fill=(240, 240, 200), width=2)
    return made


@cache
def quarters(width: int = 120, height: int = 80) -> Image.Image:
    """A picture whose quarters have the four colours `CORNERS`."""
    made = Image.new("RGB", (width, height))
    for place, color in enumerate(CORNERS):
        left, top = place % 2 * width // 2, place // 2 * height // 2
        made.paste(color, (left, top, left + width // 2, top + height // 2))
    return made


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """A picture in the format `kind` of Pillow."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def turned(image: Image.Image, orientation: int) -> Image.Image:
    """The stored pixels that are shown as `image` by this orientation."""
    undo = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    return image if undo is None else image.transpose(undo)


def exif(orientation: int) -> bytes:
    """EXIF data with an orientation, a maker and a place."""
    data = Image.Exif()
    data[0x0112] = orientation
    data[0x010F] = "Secret Camera"
    data.get_ifd(0x8825)[1] = "N"
    return data.tobytes()


def frames(kind: str) -> bytes:
    """An animation of two frames."""
    other = quarters().transpose(Image.Transpose.ROTATE_180)
    return encoded(
        quarters(), kind, save_all=True, append_images=[other], duration=[100, 100], loop=0
    )


def pages(kind: str) -> bytes:
    """A file with a second picture, such as the preview or the depth in photos of phones."""
    other = quarters().resize((60, 40))
    return encoded(quarters(), kind, save_all=True, append_images=[other], quality=95)


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG_START = b"\x89PNG\r\n\x1a\n"


def png_bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A small file that announces many pixels, and has a few of them."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 1_000_000, 9)
    return PNG_START + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    """A picture of 8 x 8 pixels with a text of 300 MB, compressed thrice over."""
    text = zlib.compressobj(9)
    packed = b"".join(text.compress(bytes(1_000_000)) for _ in range(300)) + text.flush()
    whole = encoded(Image.new("RGB", (8, 8)), "PNG")
    place = whole.index(b"IDAT") - 4
    return whole[:place] + chunk(b"zTXt", b"Comment\0\0" + packed) + whole[place:]


def gif_bomb() -> bytes:
    """A GIF whose header announces 65535 x 65535 pixels."""
    whole = encoded(Image.new("P", (8, 8)), "GIF")
    return whole[:6] + struct.pack("<HH", 65535, 65535) + whole[10:]


def webp_bomb() -> bytes:
    """An animation whose header announces 16383 x 16383 pixels, the most that WebP can."""
    whole = frames("WEBP")
    place = whole.index(b"VP8X") + 12
    return whole[:place] + (16382).to_bytes(3, "little") * 2 + whole[place + 6 :]


def avif_bomb() -> bytes:
    """A picture whose header announces 60000 x 60000 pixels, and contains a few of them."""
    whole = encoded(Image.new("RGB", (8, 8)), "AVIF", speed=10)
    place = whole.index(b"ispe") + 8
    return whole[:place] + struct.pack(">II", 60_000, 60_000) + whole[place + 8 :]


def truncations(whole: bytes) -> Iterator[bytes]:
    """The first tenth of a file, the first two tenths, and so on."""
    for tenth in range(1, 10):
        yield whole[: len(whole) * tenth // 10]


def written(folder: Path, name: str, data: bytes) -> Path:
    """A file with these bytes."""
    path = folder / name
    path.write_bytes(data)
    return path


def near(found: Sequence[int], expected: Sequence[int], by: int = 12) -> bool:
    """Whether two colours are about the same."""
    return all(abs(a - b) <= by for a, b in zip(found, expected, strict=True))
