"""Which variants a build makes: those that are shown, by rule, or that a service cannot make."""

from __future__ import annotations

import pytest

from ssg.build.images.wanted_variants import SiteVariants
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings

RECIPES = [("10", "webp"), ("10", "original"), ("20x10-crop", "webp")]
DIGEST, OTHER = "0" * 16, "1" * 16


def _picture(path: str, deferred: bool | None = None, **more: object) -> Picture:
    digest = str(more.pop("digest", DIGEST))
    row = Picture(
        path, path[1:], digest, "", 40, 30, "jpeg", False, False, "", "", "", "", deferred
    )
    return row._replace(**more)  # type: ignore[arg-type]


def _wanted(
    *pictures: Picture, shown: tuple[str, ...] = (), defers: bool = True, service: str = "ssg"
) -> set[str]:
    variants = SiteVariants(pictures, RECIPES, ImageSettings(service=service))
    wanted = variants.wanted(shown, defers=defers)
    assert all(variant.file_name == name for name, variant in wanted.items())
    return {name.removeprefix(DIGEST) for name in wanted}


ALL = {"-10.webp", "-10.jpg", "-20x10-crop.webp"}
SHOWN = (f"{DIGEST}-10.webp", f"{DIGEST}-20x10-crop.webp")


@pytest.mark.parametrize(
    ("name", "is_known"),
    [
        (f"{DIGEST}-10.webp", True),
        (f"{DIGEST}-10.jpg", True),
        (f"{DIGEST}-20x10-crop.webp", True),
        (f"{DIGEST}-20x10-crop.jpg", False),
        (f"{DIGEST}-10.png", False),
        (f"{DIGEST}-11.webp", False),
        (f"{OTHER}-10.webp", False),
        (f"{DIGEST}-original.jpg", False),
        ("boat.jpg", False),
    ],
)
def test_a_name_is_that_of_a_known_variant_or_of_none(name: str, is_known: bool) -> None:
    assert bool(_wanted(_picture("/a.jpg"), shown=(name,))) == is_known


def test_what_is_shown_is_wanted_unless_a_rule_defers_it() -> None:
    assert _wanted(_picture("/a.jpg"), shown=SHOWN) == {"-10.webp", "-20x10-crop.webp"}
    assert _wanted(_picture("/a.jpg", True), shown=SHOWN) == set()
    assert _wanted(_picture("/a.jpg", True), shown=SHOWN, defers=False) != set()


def test_a_rule_makes_all_variants() -> None:
    assert _wanted(_picture("/a.jpg", False)) == ALL
    assert _wanted(_picture("/a.jpg", False, is_animated=True)) == set()
    assert _wanted(_picture("/a.jpg", False, problem="is empty")) == set()


def test_of_equal_pictures_the_least_deferred_counts() -> None:
    first, last = _picture("/a.jpg", True), _picture("/b.jpg", False)
    assert _wanted(first, last) == _wanted(last, first) == ALL


def test_what_a_service_cannot_make_is_made_by_the_build() -> None:
    assert _wanted(_picture("/a.jpg"), service="netlify") == {"-20x10-crop.webp"}
    assert _wanted(_picture("/a.jpg"), service="netlify", defers=False) == set()


def test_all_variants_are_counted_once() -> None:
    pictures = (
        _picture("/a.jpg"),
        _picture("/b.jpg"),
        _picture("/c.png", digest=OTHER, format="png"),
    )
    assert SiteVariants(pictures, RECIPES, ImageSettings()).count == 2 * len(ALL)
