"""Dominant colours, and tiny copies."""

from __future__ import annotations

import base64
import multiprocessing
from pathlib import Path

import pytest
from PIL import Image

from ssg.images.picture_colors import colors_of_picture
from ssg.images.picture_error import PictureError
from ssg.images.tiny_picture import PLACEHOLDER_CHARACTERS, dominant_color, placeholder
from tests.images.jobs import MAX_PIXELS, opened
from tests.images.pictures import BLUE, GREEN, RED, encoded, exif, frames, photo, quarters, written


def hex_of(color: str) -> tuple[int, ...]:
    assert len(color) == 7 and color.startswith("#")
    return tuple(bytes.fromhex(color[1:]))


def test_the_dominant_color_is_that_of_most_pixels() -> None:
    image = Image.new("RGB", (60, 60), BLUE)
    image.paste(RED, (0, 0, 25, 60))
    assert hex_of(dominant_color(image)) == BLUE
    for pixel in range(0, 60, 3):
        image.putpixel((40, pixel), (BLUE[0] + 1, BLUE[1] + 1, BLUE[2] + 1))
    assert hex_of(dominant_color(image)) == BLUE


def test_clear_pixels_do_not_count() -> None:
    image = Image.new("RGBA", (60, 60), (0, 0, 0, 0))
    assert dominant_color(image) == "#ffffff"
    image.paste((*GREEN, 255), (0, 0, 9, 9))
    assert hex_of(dominant_color(image)) == GREEN


@pytest.mark.parametrize("size", [(64, 43), (64, 1), (1, 64), (1, 1), (64, 64)])
def test_a_placeholder_is_small_and_has_the_shape_of_the_picture(size: tuple[int, int]) -> None:
    noise = Image.effect_noise(size, 250)
    image = Image.merge("RGBA", (noise, noise.rotate(90), noise.rotate(180), noise))
    url = placeholder(image)
    kind, _, data = url.partition(",")
    assert kind == "data:image/webp;base64" and len(url) <= PLACEHOLDER_CHARACTERS
    tiny = opened(base64.b64decode(data))
    assert max(tiny.size) <= 16
    assert abs(tiny.width / tiny.height - size[0] / size[1]) < max(1.0, size[0] / size[1]) * 0.8
    assert placeholder(image) == url


def test_colors_are_those_of_the_upright_picture(tmp_path: Path) -> None:
    tall = Image.new("RGB", (80, 120), RED)
    path = written(tmp_path, "a.jpg", encoded(tall, "JPEG", exif=exif(6)))
    found = colors_of_picture(path, MAX_PIXELS)
    assert all(abs(a - b) < 5 for a, b in zip(hex_of(found.color), RED, strict=True))
    tiny = opened(base64.b64decode(found.placeholder.partition(",")[2]))
    assert tiny.width > tiny.height
    assert colors_of_picture(path, MAX_PIXELS) == found


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_an_animation_has_the_colors_of_its_first_frame(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, f"a.{kind.lower()}", frames(kind))
    assert colors_of_picture(path, MAX_PIXELS).color


def test_a_broken_picture_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(photo(), "PNG")[:5000])
    with pytest.raises(PictureError, match="is truncated"):
        colors_of_picture(path, MAX_PIXELS)


def test_a_forked_process_has_an_encoder_of_its_own(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(quarters(), "PNG"))
    expected = colors_of_picture(path, MAX_PIXELS)
    with multiprocessing.get_context("fork").Pool(1) as workers:
        child = workers.apply_async(colors_of_picture, (path, MAX_PIXELS))
        assert [colors_of_picture(path, MAX_PIXELS) for _ in range(5)] == [expected] * 5
        assert child.get(30) == expected
