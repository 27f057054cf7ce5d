"""The order of runs is that of raqm, which draws a line in one font by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageDraw

from ssg.images.cards.bidi import direction_of, levels_of, visual_order
from tests.images.cards.fonts import stack

_SIZE = (600, 60)


def _line() -> Image.Image:
    return Image.new("L", _SIZE)


@given(
    st.text(st.sampled_from("abcABאבגד 123 ()-,.%:!"), min_size=1, max_size=14),
    st.sampled_from(["ltr", "rtl"]),
)
def test_runs_stand_where_raqm_puts_them(text: str, direction: str) -> None:
    text, fonts = text.strip(), stack("heebo")
    whole, parts, x = _line(), _line(), 10.0
    font = fonts.font(0, 32, 400)
    ImageDraw.Draw(whole).text((10, 45), text, 255, font, anchor="ls", direction=direction)
    for run in fonts.runs(text, 32, 400, direction):
        ImageDraw.Draw(parts).text(
            (x, 45), run.text, 255, run.font, anchor="ls", direction=run.direction
        )
        x += run.width
    different = sum(ImageChops.difference(whole, parts).histogram()[128:])
    assert different <= 60  # a run begins at a fraction of a pixel


def test_numbers_and_brackets_in_arabic() -> None:
    assert levels_of("مع (3.14)", "rtl") == [1, 1, 1, 1, 2, 2, 2, 2, 1]
    assert levels_of("مع Python (3.14)", "rtl") == [1, 1, 1, *[2] * 13]
    assert levels_of("a (ב) c", "ltr") == [0, 0, 0, 1, 0, 0, 0]


def test_directions() -> None:
    assert direction_of("… 12 שלום") == "rtl"
    assert direction_of("Hello שלום") == "ltr"
    assert direction_of("12", "rtl") == "rtl"


def test_order() -> None:
    assert visual_order([1, 2, 1]) == [2, 1, 0]
    assert visual_order([0, 1, 2, 1, 0]) == [0, 3, 2, 1, 4]
    assert visual_order([2, 1, 2, 2]) == [2, 3, 1, 0]
