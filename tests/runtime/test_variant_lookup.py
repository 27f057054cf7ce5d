"""Which variant an address stands for: only those that the site lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model import database
from ssg.model.images.picture import Picture
from ssg.model.queries.pictures import PictureQueries
from ssg.runtime.variant_lookup import VariantLookup

BOAT = Picture(
    "/blog/boat.jpg", "content/blog/boat.jpg", "0123456789abcdef", "5" * 64, 1000, 500, "jpeg",
    False, False, "", "", "", "",
)  # fmt: skip
OTHER = BOAT._replace(path="/blog/tree.jpg", digest="1" * 16)
TREE = BOAT._replace(path="/tree.jpg", digest="2" * 16)
CATS = (
    BOAT._replace(path="/a/cat.jpg", digest="3" * 16),
    BOAT._replace(path="/b/cat.jpg", digest="4" * 16),
)
GIF = BOAT._replace(path="/x.gif", digest="5" * 16, format="gif", is_animated=True)
FUNCTION = "/.netlify/builders/ssg-images"


class _Pictures(PictureQueries):
    def __init__(self, path: Path) -> None:
        self._connection = database.open_readonly(path)
        self.listener = None


@pytest.fixture(scope="module")
def lookup(tmp_path_factory: pytest.TempPathFactory) -> VariantLookup:
    path = tmp_path_factory.mktemp("site") / "site.db"
    connection = database.create(path)
    database.insert_pictures(connection, [BOAT, OTHER, TREE, *CATS, GIF])
    recipes = [("640", "webp"), ("640", "original"), ("320", "webp")]
    connection.executemany("INSERT INTO recipe VALUES (?, ?)", recipes)
    database.finish(connection)
    return VariantLookup(_Pictures(path), ("/img/{file}/{width}",), (FUNCTION,))


def test_an_address_with_a_digest_lasts(lookup: VariantLookup) -> None:
    for _ in range(2):
        found = lookup.find("/_img/0123456789abcdef-640.webp")
        assert found is not None
        assert (found.variant.picture, found.is_lasting) == (BOAT, True)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/img/blog/boat.jpg/640", "0123456789abcdef-640.jpg"),
        ("/img/boat.jpg/640", "0123456789abcdef-640.jpg"),
        ("/img/tree.jpg/640", f"{'2' * 16}-640.jpg"),
        (f"{FUNCTION}/file/boat.jpg/width/640", "0123456789abcdef-640.jpg"),
        ("/file/boat.jpg/width/640", "0123456789abcdef-640.jpg"),
    ],
)
def test_other_addresses_do_not_last(lookup: VariantLookup, path: str, name: str) -> None:
    found = lookup.find(path)
    assert found is not None
    assert (found.variant.file_name, found.is_lasting) == (name, False)


def test_a_picture_is_found_by_its_path_or_as_an_original(lookup: VariantLookup) -> None:
    for path in ("/blog/boat.jpg", "/_img/0123456789abcdef-original.jpg"):
        assert lookup.picture(path) == BOAT
    for path in ("/nothing.jpg", "/_img/9123456789abcdef-original.jpg", "/_img/x"):
        assert lookup.picture(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "/_img/0123456789abcdef-641.webp",
        "/_img/0123456789abcdef-640.avif",
        "/_img/",
        "/img/boat.jpg/641",
        "/img/boat.jpg/320",
        "/img/boat.jpg/0640",
        "/img/cat.jpg/640",
        "/img/nothing.jpg/640",
        "/img/x.gif/640",
        "/img/../blog/boat.jpg/640",
        "/img/boat.jpg",
        f"{FUNCTION}/file/boat.jpg/width/99999",
        f"{FUNCTION}x/file/boat.jpg/width/640",
        "/",
        "",
    ],
)
def test_all_others_stand_for_nothing(lookup: VariantLookup, path: str) -> None:
    """The width 320 is not listed in the format of the picture, and two pictures are `cat.jpg`."""
    assert lookup.find(path) is None
