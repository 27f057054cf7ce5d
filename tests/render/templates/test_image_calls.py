"""Recipes that the calls in templates name."""

from __future__ import annotations

import pytest

from ssg.model.images.recipe import Recipe
from ssg.model.images.settings import ImageSettings
from ssg.model.page import Template
from ssg.render.templates.image_calls import read_image_calls

SETTINGS = ImageSettings(widths=(10, 20), formats=("webp",), recipes={"thumb": Recipe(5)})


def _names(text: str) -> set[str]:
    calls = read_image_calls([Template("page.html", "templates/page.html", text)])
    return {f"{name} {form}" for name, form in calls.rows(SETTINGS)}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("{{ image(p, width=7) }}", {"7 webp", "14 webp"}),
        ("{{ image(p, 7, 3, density=1).url }}", {"7x3-cover webp"}),
        ("{% set x = image(p, width=7, density=[1], format='avif') %}", {"7 avif"}),
        ("{{ image(p) }}", {"10 webp", "20 webp"}),
        ("{{ image(p, quality=3) }}", {"10-q3 webp", "20-q3 webp"}),
        ("{{ image(p, recipe='thumb') }}", {"5 webp", "10 webp"}),
        ("{% macro m(p) %}{{ image(p, 7, density=1) }}{% endmacro %}", {"7 webp"}),
        ("{{ image(p, width=7 if x else 8, density=1) }}", {"7 webp", "8 webp"}),
        ("{% for w in [7, 8] %}{{ image(p, w, density=1) }}{% endfor %}", {"7 webp", "8 webp"}),
        ("{% for w in x %}{{ image(p, w) }}{% endfor %}", set()),
        ("{{ image(p, width=w) }}", set()),
        ("{{ image(p, width=7, fit='nonsense', height=7) }}", set()),
        ("{{ p | resize('7x') }}{{ p|fit('7x8') }}", {"7 original", "7x8-contain original"}),
        ("{{ resize_image(path=p, width=7, op='fit_width') }}", {"7 original"}),
        ("{{ image(p, 7", set()),
        ("{{ page.image }} <img src='image(7)'>", set()),
    ],
)
def test_a_call_with_constants_names_recipes(text: str, names: set[str]) -> None:
    assert _names(text) == names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{{ image(p).color }}", True),
        ("{{ image(p, placeholder='blur') }}", True),
        ("{{ image(p, placeholder='none') }}<input placeholder='x'>", False),
        ("{{ p | dominant_color }}", True),
        ("{{ p | placeholder }}", True),
        ("{{ page.extra.color }}", False),
    ],
)
def test_colours_are_found_only_for_sites_that_show_them(text: str, expected: bool) -> None:
    calls = read_image_calls([Template("page.html", "templates/page.html", text)])
    assert calls.use_colors is expected
