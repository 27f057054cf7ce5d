"""Pictures, and files that are none, as somebody may upload them."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image

PROFILE = b"no profile at all " * 20


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    output = BytesIO()
    image.save(output, kind, **options)
    return output.getvalue()


def picture(kind: str = "PNG", *, mode: str = "RGB", size: tuple[int, int] = (60, 40)) -> bytes:
    return saved(Image.new(mode, size, "teal" if mode.startswith("RGB") else 7), kind)


def corners(kind: str, **options: Any) -> bytes:
    """A picture that is red at the left, blue at the right, and wider than it is high."""
    image = Image.new("RGB", (80, 40), "red")
    image.paste("blue", (40, 0, 80, 40))
    return saved(image, kind, **options)


def animation(frames: int, size: tuple[int, int] = (30, 20)) -> bytes:
    images = [
        Image.new("RGB", size, (number * 37 % 256, 200 - number, 9)) for number in range(frames)
    ]
    return saved(images[0], "GIF", save_all=True, append_images=images[1:], duration=90)


def png_of_size(width: int, height: int) -> bytes:
    """A small file that says it is very large."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    pixels = zlib.compress(bytes(1_000_000), 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", pixels)
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def webp_of_size(width: int, height: int) -> bytes:
    """An animation whose canvas is very large, and whose only frame is small."""
    frame = picture("WEBP")[12:]
    sides = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    rest = bytes(6) + (59).to_bytes(3, "little") + (39).to_bytes(3, "little") + bytes(4)
    body = (
        b"WEBPVP8X" + struct.pack("<I", 10) + b"\x02\0\0\0" + sides
        + b"ANIM" + struct.pack("<I", 6) + bytes(6)
        + b"ANMF" + struct.pack("<I", 16 + len(frame)) + rest + frame
    )  # fmt: skip
    return b"RIFF" + struct.pack("<I", len(body)) + body


HOSTILE = {
    "nothing": b"",
    "a text": b"hello",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "another format": picture("TIFF"),
    "a JPEG that ends too soon": corners("JPEG")[:-300],
    "a PNG that ends too soon": picture(size=(300, 300))[:60],
    "a WebP that ends too soon": picture("WEBP")[:-9],
    "a small file of 900 megapixels": png_of_size(30_000, 30_000),
    "a small file of 41 megapixels": png_of_size(6_410, 6_400),
    "a line": png_of_size(1, 1_000_000),
    "a canvas of 268 megapixels": webp_of_size(16_383, 16_383),
    "a JPEG of many scans": corners("JPEG") + b"\xff\xda" * 100,
    "the largest size": png_of_size(2**31 - 1, 2**31 - 1),
}
