"""The services of hosts: what they can make, and at which URL."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Fit, Recipe
from ssg.model.images.service_url import service_makes, variant_url
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant

PICTURE = Picture(
    "/blog/boat.jpg", "content/blog/boat.jpg", "0123456789abcdef", "ab" * 32, 1000, 500, "jpeg",
    is_animated=False, has_alpha=False, focus="", color="", placeholder="", problem="",
)  # fmt: skip
NETLIFY = ImageSettings(service="netlify")
VERCEL = ImageSettings(service="vercel")


def variant(recipe: str, kind: str = "webp", **facts: Any) -> Variant:
    parsed = Recipe.parse(recipe)
    assert parsed
    return Variant(PICTURE._replace(**facts), parsed, kind)


@pytest.mark.parametrize(
    ("made", "url"),
    [
        (variant("640"), "?url=%2Fblog%2Fboat.jpg&w=640&fm=webp&q=78"),
        (variant("640", "jpeg"), "?url=%2Fblog%2Fboat.jpg&w=640&fm=jpg&q=80"),
        (variant("640", "png"), "?url=%2Fblog%2Fboat.jpg&w=640&fm=png"),
        (variant("640-q40"), "?url=%2Fblog%2Fboat.jpg&w=640&fm=webp&q=40"),
        (variant("1600"), "?url=%2Fblog%2Fboat.jpg&w=1000&fm=webp&q=78"),
        (variant("x250"), "?url=%2Fblog%2Fboat.jpg&w=500&h=250&fm=webp&q=78"),
        (
            variant("300x300-cover"),
            "?url=%2Fblog%2Fboat.jpg&w=300&h=300&fit=cover&fm=webp&q=78",
        ),
        (
            variant("300x300-cover", focus="0.50"),
            "?url=%2Fblog%2Fboat.jpg&w=300&h=300&fit=cover&position=left&fm=webp&q=78",
        ),
        (
            variant("300x300-scale", "avif"),
            "?url=%2Fblog%2Fboat.jpg&w=300&h=300&fit=fill&fm=avif&q=55",
        ),
        (
            variant("640", path="/a b/käse & x.jpg"),
            "?url=%2Fa%20b%2Fk%C3%A4se%20%26%20x.jpg&w=640&fm=webp&q=78",
        ),
        (
            variant("640", path="https://photos.example.org/a.jpg?v=1"),
            "?url=https%3A%2F%2Fphotos.example.org%2Fa.jpg%3Fv%3D1&w=640&fm=webp&q=78",
        ),
    ],
)  # fmt: skip
def test_netlifys_service_has_a_url_for_a_variant(made: Variant, url: str) -> None:
    assert variant_url(made, NETLIFY) == f"/.netlify/images{url}"


@pytest.mark.parametrize(
    ("made", "url"),
    [
        (variant("640"), "?url=%2Fblog%2Fboat.jpg&w=640&q=78"),
        (variant("640", "jpeg"), "?url=%2Fblog%2Fboat.jpg&w=640&q=80"),
        (variant("1600", "avif"), "?url=%2Fblog%2Fboat.jpg&w=1600&q=55"),
        (variant("640", "png", format="png"), "?url=%2Fblog%2Fboat.jpg&w=640&q=78"),
    ],
)
def test_vercels_service_has_a_url_for_a_variant(made: Variant, url: str) -> None:
    assert variant_url(made, VERCEL) == f"/_vercel/image{url}"


@pytest.mark.parametrize(
    ("made", "netlify", "vercel"),
    [
        (variant("640"), True, True),
        (variant("x400"), True, False),
        (variant("640x400-cover"), True, False),
        (variant("640x400-contain"), True, False),
        (variant("640x400-scale"), True, False),
        (variant("640x400-crop"), False, False),
        (variant("640x400-cover-30.40"), False, False),
        (variant("640x400-cover", focus="30.40"), False, False),
        (variant("640x400-cover-100.50", focus="30.40"), True, False),
        (variant("640", focus="30.40"), True, True),
        (variant("640", "png"), True, False),
        (variant("640", "png", format="png"), True, True),
        (variant("640", is_animated=True), False, False),
        (variant("640", format="svg"), False, False),
        (variant("640", format="tiff"), False, False),
        (variant("640", problem="it is cut off"), False, False),
    ],
)
def test_the_build_makes_what_a_service_cannot(made: Variant, netlify: bool, vercel: bool) -> None:
    assert service_makes(made, "netlify") is netlify
    assert service_makes(made, "vercel") is vercel
    assert service_makes(made, "ssg") is False
    if not netlify:
        assert variant_url(made, NETLIFY) == made.path
    if not vercel:
        assert variant_url(made, VERCEL) == made.path
    assert variant_url(made, ImageSettings()) == made.path


def test_a_service_reads_originals_where_the_build_publishes_them() -> None:
    settings = ImageSettings(service="netlify", publish_originals=False)
    found = variant_url(variant("640"), settings)
    assert "url=%2F_img%2F0123456789abcdef-original.jpg&" in found


@given(
    st.builds(Recipe, st.integers(0, 5000), st.integers(0, 5000), st.sampled_from(["", *Fit])),
    st.integers(1, 9000),
    st.integers(1, 9000),
)
def test_netlifys_service_is_never_asked_to_enlarge(
    recipe: Recipe, width: int, height: int
) -> None:
    made = Variant(PICTURE._replace(width=width, height=height), recipe, "webp")
    if recipe.problem or not service_makes(made, "netlify"):
        return
    query = dict(pair.split("=") for pair in variant_url(made, NETLIFY).split("?")[1].split("&"))
    assert int(query["w"]) <= width
    assert int(query.get("h", 1)) <= height
