"""Variants of pictures with few colours, such as screenshots, as PNG."""

from __future__ import annotations

import io
from pathlib import Path

from PIL import Image, ImageDraw

from ssg.images.run_job import run_job
from tests.images.jobs import MAX_PIXELS, job_of, opened, variant_of
from tests.images.similarity import similarity

COLORS = 64


def screenshot() -> Image.Image:
    """Text in boxes on a plain ground."""
    shot = Image.new("RGB", (800, 600), "#f8f8fb")
    pen = ImageDraw.Draw(shot)
    for number in range(12):
        x, y = number % 3 * 260 + 10, number // 3 * 145 + 10
        pen.rounded_rectangle((x, y, x + 240, y + 120), 12, "white", "#4338ca", 3)
        pen.text((x + 20, y + 40), f"Requests: {number}", "#1e1b4b", font_size=24)
    return shot


def png_of(image: Image.Image, path: Path) -> bytes:
    image.save(path, optimize=True)
    (made,) = run_job(job_of(path, variant_of(path, "600", "png")), MAX_PIXELS).variants
    return made.data


def test_a_png_of_few_colours_stays_small(tmp_path: Path) -> None:
    source = tmp_path / "few.png"
    few = png_of(screenshot().quantize(COLORS, dither=Image.Dither.NONE), source)
    many = png_of(screenshot(), tmp_path / "many.png")
    assert Image.open(io.BytesIO(few)).mode == "P"
    assert len(few) < len(many) * 0.6
    assert similarity(opened(few).convert("RGB"), opened(many).convert("RGB")) > 0.98


def test_transparency_stays_as_it_is(tmp_path: Path) -> None:
    clear = Image.new("RGBA", (800, 600))
    ImageDraw.Draw(clear).ellipse((200, 100, 600, 500), (67, 56, 202, 255))
    made = opened(png_of(clear.quantize(COLORS), tmp_path / "clear.png"))
    assert made.mode == "RGBA"
    assert made.getpixel((2, 2)) == (0, 0, 0, 0)
    assert made.getpixel((300, 225)) == (67, 56, 202, 255)
