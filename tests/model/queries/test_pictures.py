"""Questions about pictures, and the variants that exist."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model import database
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant, VariantName
from ssg.model.queries.pictures import PictureQueries

BOAT = Picture(
    "/blog/boat.jpg", "content/blog/boat.jpg", "0123456789abcdef", "5" * 64, 1000, 500, "jpeg",
    False, False, "30.40", "", "", "",
)  # fmt: skip
CAT = BOAT._replace(path="/cat.gif", digest="fedcba9876543210", format="gif", is_animated=True)
SCAN = BOAT._replace(path="/scan.tiff", digest="0000000000000000", format="tiff", deferred=True)


class _Pictures(PictureQueries):
    def __init__(self, path: Path) -> None:
        self._connection = database.open_readonly(path)
        self.listener = None


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> _Pictures:
    path = tmp_path_factory.mktemp("site") / "site.db"
    connection = database.create(path)
    database.insert_pictures(connection, [BOAT, CAT, SCAN])
    recipes = [("640", "webp"), ("640", "original"), ("640x400-cover", "avif")]
    connection.executemany("INSERT INTO recipe VALUES (?, ?)", recipes)
    database.finish(connection)
    return _Pictures(path)


def test_a_picture_is_found_by_its_path(site: _Pictures) -> None:
    assert site.picture("/blog/boat.jpg") == BOAT
    assert site.picture("/scan.tiff") == SCAN
    assert site.picture("/nothing.jpg") is None
    assert list(site.pictures()) == [BOAT, CAT, SCAN]


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("0123456789abcdef-640.webp", (640, 320)),
        ("0123456789abcdef-640.jpg", (640, 320)),
        ("0123456789abcdef-640x400-cover.avif", (640, 400)),
        ("0000000000000000-640.jpg", (640, 320)),
    ],
)
def test_a_variant_is_found_by_its_path(site: _Pictures, name: str, size: tuple[int, int]) -> None:
    variant = site.find_variant(f"/_img/{name}")
    assert variant is not None
    assert (variant.frame.width, variant.frame.height) == size
    assert variant.path == f"/_img/{name}"


@pytest.mark.parametrize(
    "path",
    [
        "/_img/0123456789abcdef-641.webp",
        "/_img/0123456789abcdef-640.avif",
        "/_img/0123456789abcdef-640.png",
        "/_img/0123456789abcdef-640.jpeg",
        "/_img/0123456789abcdef-original.jpg",
        "/_img/0123456789ABCDEF-640.webp",
        "/_img/1123456789abcdef-640.webp",
        "/_img/fedcba9876543210-640.webp",
        "/_img/0000000000000000-640.tiff",
        "/_img/../_img/0123456789abcdef-640.webp",
        "/_img/",
        "/0123456789abcdef-640.webp",
    ],
)
def test_other_paths_have_no_variant(site: _Pictures, path: str) -> None:
    assert site.find_variant(path) is None


def test_a_variant_shows_what_is_around_the_focal_point_of_its_picture() -> None:
    frame = Variant(BOAT, Recipe.of(100, 100), "webp").frame
    assert (frame.left, frame.right) == (50, 550)


def test_a_name_has_three_parts() -> None:
    name = VariantName.parse("0123456789abcdef-640-q60.jpg")
    assert name == VariantName("0123456789abcdef", "640-q60", "jpeg")
    assert VariantName.parse("0123456789abcdef-640.jpg\n") is None
