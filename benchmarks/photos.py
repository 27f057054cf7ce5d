"""Pictures that cost as much to decode and to encode as photos of 12 MP.

A photo has detail at every scale, most of it in the focus, edges, and little colour in its detail.
These are drawn from noise of a fixed seed, so each run has the same bytes.
"""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter

SIZE = WIDTH, HEIGHT = 4000, 3000
BASES = 4
"""Scenes that are drawn; all other photos are parts of them."""
ENCODED = 24
"""Photos that are encoded; all others have the same pixels and other bytes."""
QUALITIES = (89, 92, 94)
_START = b"\xff\xd8"
_DETAIL = ((500, 70), (250, 48), (100, 36), (40, 27), (16, 21), (6, 17), (3, 14), (1, 13))
"""The size of a grain in pixels, and its contrast."""
_COLOR = ((1000, 36), (200, 16), (20, 6))


def write_photos(folder: Path, count: int) -> list[Path]:
    """Photos of 4000x3000 pixels and about 4 MB, no two with the same bytes."""
    encoded = _encoded(min(count, ENCODED))
    paths = [folder / f"photo-{number:04d}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(with_comment(encoded[number % len(encoded)], f"photo {number}"))
    return paths


def with_comment(jpeg: bytes, text: str) -> bytes:
    """The same picture in other bytes."""
    comment = text.encode()
    segment = b"\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
    return _START + segment + jpeg.removeprefix(_START)


def _encoded(count: int) -> list[bytes]:
    scenes = [scene(seed) for seed in range(min(count, BASES))]
    return [_encode(scenes[n % len(scenes)], n // len(scenes)) for n in range(count)]


def _encode(whole: Image.Image, number: int) -> bytes:
    """Another part of a scene, mirrored or not, in another quality."""
    moved = ImageChops.offset(whole, 613 * number, 389 * number)
    turned = moved.transpose(Image.Transpose.FLIP_LEFT_RIGHT) if number % 2 else moved
    stream = BytesIO()
    turned.save(stream, "JPEG", quality=QUALITIES[number % len(QUALITIES)])
    return stream.getvalue()


def scene(seed: int) -> Image.Image:
    """A scene: light and colour, things with edges, and a part that is out of focus."""
    chance = random.Random(seed)
    channels = [_noise(chance, scales) for scales in (_DETAIL, _COLOR, _COLOR)]
    sharp = Image.merge("YCbCr", channels).convert("RGB")
    _draw_things(sharp, chance)
    focus = _grain(chance, 700).point(lambda value: max(0, min(255, (value - 70) * 4)))
    return Image.composite(sharp, sharp.filter(ImageFilter.BoxBlur(3)), focus)


def _noise(chance: random.Random, scales: tuple[tuple[int, int], ...]) -> Image.Image:
    total = Image.new("L", SIZE, 128)
    for grain, contrast in scales:
        half = _grain(chance, grain).point(lambda value, by=contrast: value * by // 128)
        total = ImageChops.add(total, half, offset=-contrast)
    return total


def _grain(chance: random.Random, size: int) -> Image.Image:
    """Noise whose grains have a size in pixels."""
    across = (WIDTH // size + 1, HEIGHT // size + 1)
    noise = Image.frombytes("L", across, chance.randbytes(across[0] * across[1]))
    return noise if size == 1 else noise.resize(SIZE, Image.Resampling.BICUBIC)


def _draw_things(picture: Image.Image, chance: random.Random) -> None:
    """Shapes that show what is below them in another light."""
    for _ in range(40):
        x, y = chance.randrange(WIDTH), chance.randrange(HEIGHT)
        w, h = chance.randrange(60, 900), chance.randrange(60, 700)
        box = (x, y, min(x + w, WIDTH), min(y + h, HEIGHT))
        mask = Image.new("L", (box[2] - box[0], box[3] - box[1]))
        shape = ImageDraw.Draw(mask)
        (shape.ellipse if chance.random() < 0.6 else shape.rectangle)((0, 0, w, h), fill=150)
        color = tuple(chance.randrange(20, 235) for _ in range(3))
        picture.paste(color, box[:2], mask)
