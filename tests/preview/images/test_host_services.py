"""The queries of the image services of Netlify and Vercel."""

from __future__ import annotations

import pytest

from ssg.edge.images.image_function import FoundPicture, RefusedPicture
from ssg.model.images.picture import Picture
from ssg.preview.images.host_services import NetlifyService, VercelService
from ssg.runtime.variant_lookup import FoundVariant

BOAT = Picture(
    "/boat.jpg", "static/boat.jpg", "0123456789abcdef", "5" * 64, 4000, 3000, "jpeg",
    False, False, "", "", "", "",
)  # fmt: skip
REMOTE = BOAT._replace(path="https://photos.example.org/b.png", format="png", has_alpha=True)
MOVING = BOAT._replace(path="/x.gif", format="gif", is_animated=True)
KNOWN = {one.path: one for one in (BOAT, REMOTE, MOVING)}
MODERN = "image/avif,image/webp,*/*;q=0.8"
NETLIFY = NetlifyService(KNOWN.get)
VERCEL = VercelService(KNOWN.get, (640, 1200), ("webp",))


def name_of(found: FoundPicture) -> tuple[str, str]:
    assert isinstance(found, FoundVariant)
    assert not found.is_lasting
    return found.variant.recipe.name, found.variant.format


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("url=/boat.jpg&w=640&fm=webp&q=60", "", ("640-q60", "webp")),
        ("url=%2Fboat.jpg&w=640&fm=jpg", MODERN, ("640-q75", "jpeg")),
        ("url=/boat.jpg&h=400", "", ("x400-q75", "jpeg")),
        ("url=/boat.jpg&w=640&h=400", MODERN, ("640x400-contain-q75", "avif")),
        ("url=/boat.jpg&w=640&h=400&fit=cover", "", ("640x400-cover-50.50-q75", "jpeg")),
        ("url=/boat.jpg&w=64&h=40&fit=cover&position=top", "", ("64x40-cover-50.0-q75", "jpeg")),
        ("url=/boat.jpg&w=640&h=400&fit=fill&q=9", "", ("640x400-scale-q9", "jpeg")),
        ("url=/boat.jpg", "", ("4000-q75", "jpeg")),
        ("url=https://photos.example.org/b.png&w=9", "image/webp", ("9-q75", "webp")),
    ],
)
def test_netlify_resizes_to_any_size(query: str, accept: str, expected: tuple[str, str]) -> None:
    assert name_of(NETLIFY(query, accept)) == expected


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("url=/boat.jpg&w=-1", '"w"'),
        ("url=/boat.jpg&w=999999", "16383"),
        ("url=/boat.jpg&w=640&q=101", "quality"),
        ("url=/boat.jpg&w=640&fit=crop", '"fit"'),
        ("url=/boat.jpg&w=640&h=9&fit=cover&position=there", "there"),
        ("url=/x.gif&w=640", "resized"),
    ],
)
def test_netlify_refuses_what_it_cannot_read(query: str, reason: str) -> None:
    found = NETLIFY(query, "")
    assert isinstance(found, RefusedPicture)
    assert (found.status, reason in found.reason) == (400, True)


@pytest.mark.parametrize("query", ["", "url=/nothing.jpg&w=640", "url=https://evil.example/&w=1"])
def test_netlify_knows_only_the_pictures_of_the_site(query: str) -> None:
    assert NETLIFY(query, "") is None


def test_vercel_resizes_to_the_widths_of_the_deploy() -> None:
    assert name_of(VERCEL("url=/boat.jpg&w=640&q=75", MODERN)) == ("640-q75", "webp")
    assert name_of(VERCEL("url=/boat.jpg&w=1200&q=75", "image/avif")) == ("1200-q75", "jpeg")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("url=/boat.jpg&w=641&q=75", '"w" is 641'),
        ("url=/boat.jpg&q=75", '"w"'),
        ("url=/boat.jpg&w=640", '"q"'),
        ("url=/boat.jpg&w=640&q=0", '"q"'),
        ("url=/nothing.jpg&w=640&q=75", '"url"'),
        ("w=640&q=75", '"url"'),
    ],
)
def test_vercel_refuses_all_others(query: str, reason: str) -> None:
    found = VERCEL(query, "")
    assert isinstance(found, RefusedPicture)
    assert (found.status, reason in found.reason) == (400, True)
