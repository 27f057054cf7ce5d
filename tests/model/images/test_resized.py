"""Pictures that another service resizes."""

from __future__ import annotations

import pytest

from ssg.model.images.resized import ResizedPictures, SizedAddress

MEDIA = ResizedPictures(
    "/media/{name}-{width}x{height}.webp", "/media/{name}-{width}x{height}-{to}.webp", (400, 800)
)


def test_an_address_tells_the_size_and_the_variants() -> None:
    assert MEDIA.find("/media/my-boat-1600x900.webp") == SizedAddress(
        1600,
        900,
        (
            ("/media/my-boat-1600x900-400.webp", 400),
            ("/media/my-boat-1600x900-800.webp", 800),
            ("/media/my-boat-1600x900.webp", 1600),
        ),
    )


def test_no_variant_is_wider_than_the_picture() -> None:
    found = MEDIA.find("/media/boat-500x900.webp")
    assert found is not None
    assert [width for _, width in found.candidates] == [400, 500]
    small = MEDIA.find("/media/boat-400x900.webp")
    assert small is not None
    assert small.candidates == (("/media/boat-400x900.webp", 400),)


@pytest.mark.parametrize(
    "url",
    ["/media/boat.webp", "/media/a/b-1x1.webp", "/media/b-01x1.webp", "/media/b-1x1.webp?a=1",
     "https://x.org/media/b-1x1.webp", "/media/b-123456x1.webp", "/media/b-1x1xwebp"],
)  # fmt: skip
def test_other_addresses_are_other_pictures(url: str) -> None:
    assert MEDIA.find(url) is None
