"""Frames are cut out of stored pixels, whatever way these are turned."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from ssg.images.resizing import premultiplied, resized, stored_box, straight
from ssg.model.images.recipe import Frame, Recipe
from tests.images.pictures import photo, turned

WIDTH, HEIGHT = 61, 37
PICTURE = photo(WIDTH, HEIGHT)
ORIENTATIONS = st.integers(1, 8)


@st.composite
def parts(draw: st.DrawFn) -> Frame:
    """A part of the picture in its own size."""
    left, top = draw(st.integers(0, WIDTH - 1)), draw(st.integers(0, HEIGHT - 1))
    right, bottom = draw(st.integers(left + 1, WIDTH)), draw(st.integers(top + 1, HEIGHT))
    return Frame(left, top, right, bottom, right - left, bottom - top)


@given(parts(), ORIENTATIONS)
def test_a_part_is_the_same_whatever_way_pixels_are_stored(frame: Frame, orientation: int) -> None:
    found = resized(turned(PICTURE, orientation), frame, PICTURE.size, orientation)
    assert ImageChops.difference(found, PICTURE.crop(frame[:4])).getbbox() is None


FITS = st.sampled_from(["cover", "contain", "crop", "scale"])
POINTS = st.sampled_from(["", "0.0", "100.100", "33.67"])
MIRRORED = {2, 3, 4}


@given(st.integers(1, 99), st.integers(1, 99), FITS, POINTS, ORIENTATIONS)
def test_every_recipe_makes_its_size_and_nearly_the_same_pixels(
    width: int, height: int, fit: str, focus: str, orientation: int
) -> None:
    frame = Recipe.of(width, height, fit, focus).frame(WIDTH, HEIGHT)
    upright = resized(PICTURE, frame, PICTURE.size, 1)
    found = resized(turned(PICTURE, orientation), frame, PICTURE.size, orientation)
    assert found.size == upright.size == (frame.width, frame.height)
    if frame.width * 4 > frame.right - frame.left and frame.height * 4 > frame.bottom - frame.top:
        mean = max(ImageStat.Stat(ImageChops.difference(found, upright)).mean)
        assert mean <= (0 if orientation in MIRRORED else 5)  # others are scaled down first


@given(parts(), ORIENTATIONS, st.integers(1, 8))
def test_a_box_is_within_pixels_that_are_scaled_down(
    frame: Frame, orientation: int, scale: int
) -> None:
    stored = turned(PICTURE, orientation).size
    small = (-(-stored[0] // scale), -(-stored[1] // scale))
    left, top, right, bottom = stored_box(frame, PICTURE.size, small, orientation)
    assert 0 <= left < right <= small[0] and 0 <= top < bottom <= small[1]


def test_alpha_is_multiplied_for_the_time_of_scaling() -> None:
    for mode in ("RGBA", "LA"):
        image = PICTURE.convert(mode)
        assert premultiplied(image).mode == mode.replace("A", "a")
        assert straight(premultiplied(image)).mode == mode
    for mode in ("RGB", "L", "CMYK"):
        image = Image.new(mode, (2, 2))
        assert premultiplied(image) is image and straight(image) is image
