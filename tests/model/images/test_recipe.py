"""Recipes: their names, and what variants show."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.images.focus import focus_name, read_focus
from ssg.model.images.recipe import Fit, Frame, Recipe

SIDES = st.integers(1, 16_383)
POINTS = st.builds("{}.{}".format, st.integers(0, 100), st.integers(0, 100))
QUALITIES = st.integers(0, 100)
ONE_SIDE = st.builds(Recipe, width=SIDES, quality=QUALITIES) | st.builds(
    Recipe, height=SIDES, quality=QUALITIES
)
CUT = st.builds(
    Recipe, SIDES, SIDES, st.sampled_from([Fit.COVER, Fit.CROP]), POINTS | st.just(""), QUALITIES
)
WHOLE = st.builds(Recipe, SIDES, SIDES, st.sampled_from([Fit.CONTAIN, Fit.SCALE]))
RECIPES = ONE_SIDE | CUT | WHOLE


@given(RECIPES)
def test_a_name_means_one_recipe(recipe: Recipe) -> None:
    assert Recipe.parse(recipe.name) == recipe


@pytest.mark.parametrize(
    "name",
    ["", "x", "0", "0640", "640x400", "640-cover", "640x400-cover-101.0", "640-q0", "640-q101",
     "640x400-contain-1.1", "99999", "640-cover-q1", "640x0400-cover", "640 ", "٦٤٠", "-q5"],
)  # fmt: skip
def test_other_names_mean_none(name: str) -> None:
    assert Recipe.parse(name) is None


@given(RECIPES)
def test_what_a_person_writes_means_the_recipe(recipe: Recipe) -> None:
    assert Recipe.of(**tomllib.loads(f"a = {recipe.toml}")["a"]) == recipe


@given(RECIPES, SIDES, SIDES)
def test_a_variant_shows_a_part_of_the_picture_and_enlarges_nothing(
    recipe: Recipe, width: int, height: int
) -> None:
    frame = recipe.frame(width, height)
    assert 0 <= frame.left < frame.right <= width
    assert 0 <= frame.top < frame.bottom <= height
    assert 1 <= frame.width <= frame.right - frame.left
    assert 1 <= frame.height <= frame.bottom - frame.top


@given(RECIPES, SIDES, SIDES)
def test_a_variant_is_within_its_recipe(recipe: Recipe, width: int, height: int) -> None:
    frame = recipe.frame(width, height)
    assert not recipe.width or frame.width <= recipe.width
    assert not recipe.height or frame.height <= recipe.height


@given(st.builds(Recipe, SIDES, SIDES, st.just(Fit.COVER), POINTS), SIDES, SIDES)
def test_a_cover_has_the_wanted_size_where_the_picture_is_large_enough(
    recipe: Recipe, width: int, height: int
) -> None:
    frame = recipe.frame(width, height)
    if width >= recipe.width and height >= recipe.height:
        assert (frame.width, frame.height) == (recipe.width, recipe.height)


@pytest.mark.parametrize(
    ("name", "size", "frame"),
    [
        ("640", (4000, 3000), Frame(0, 0, 4000, 3000, 640, 480)),
        ("640", (300, 200), Frame(0, 0, 300, 200, 300, 200)),
        ("x400", (4000, 3000), Frame(0, 0, 4000, 3000, 533, 400)),
        ("640x400-contain", (4000, 3000), Frame(0, 0, 4000, 3000, 533, 400)),
        ("640x400-cover", (4000, 3000), Frame(0, 250, 4000, 2750, 640, 400)),
        ("640x400-cover-50.0", (4000, 3000), Frame(0, 0, 4000, 2500, 640, 400)),
        ("640x400-cover-50.100", (4000, 3000), Frame(0, 500, 4000, 3000, 640, 400)),
        ("400x400-cover-10.50", (4000, 3000), Frame(0, 0, 3000, 3000, 400, 400)),
        ("400x400-cover-100.50", (4000, 3000), Frame(1000, 0, 4000, 3000, 400, 400)),
        ("400x400-crop", (4000, 3000), Frame(1800, 1300, 2200, 1700, 400, 400)),
        ("400x400-scale", (4000, 3000), Frame(0, 0, 4000, 3000, 400, 400)),
        ("800x100-cover", (400, 300), Frame(0, 125, 400, 175, 400, 50)),
    ],
)
def test_frames(name: str, size: tuple[int, int], frame: Frame) -> None:
    recipe = Recipe.parse(name)
    assert recipe is not None
    assert recipe.frame(*size) == frame


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("30% 40%", (30, 40)), ("30.40", (30, 40)), ("top", (50, 0)), ("TopLeft", (0, 0)),
        ("bottom right", (100, 100)), ("center", (50, 50)), ("101% 0%", None), ("up", None),
        ("", None), ("topside", None),
    ],
)  # fmt: skip
def test_focal_points(text: str, point: tuple[int, int] | None) -> None:
    assert read_focus(text) == point
    if point:
        assert read_focus(focus_name(text)) == point


def test_a_recipe_has_the_focal_point_of_its_picture_unless_it_has_its_own() -> None:
    assert Recipe.of(640, 400).at_focus("30.40").name == "640x400-cover-30.40"
    assert Recipe.of(640, 400, focus="center").at_focus("30.40").name == "640x400-cover-50.50"
    assert Recipe.of(640).at_focus("30.40").name == "640"


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({}, "needs a width or a height"),
        ({"width": 20_000}, "1 to 16383 pixels"),
        ({"width": 6, "height": 4, "fit": "stretch"}, 'unknown fit "stretch"'),
        ({"width": 6, "height": 4, "focus": "up"}, '"up" is not a focal point'),
        ({"width": 6, "quality": 101}, "1 to 100"),
    ],
)
def test_what_is_wrong_with_a_recipe(values: dict[str, object], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        Recipe.of(**values)  # type: ignore[arg-type]
