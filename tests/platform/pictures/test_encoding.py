from __future__ import annotations

import resource
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageColor

from blog.pictures.encoding import MAX_BYTES, MAX_SIDE, Picture, PictureError, encode_picture
from tests.platform.pictures.files import (
    HOSTILE,
    PROFILE,
    animation,
    corners,
    picture,
    saved,
)


def opened(found: Picture) -> Image.Image:
    image = Image.open(BytesIO(found.data))
    assert (image.format, image.size) == ("WEBP", (found.width, found.height))
    image.load()
    return image


def is_near(image: Image.Image, place: tuple[int, int], wanted: tuple[int, ...]) -> bool:
    pixel = image.convert("RGBA" if len(wanted) == 4 else "RGB").getpixel(place)
    assert isinstance(pixel, tuple)
    return all(abs(one - other) < 12 for one, other in zip(pixel, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_pictures_of_all_formats_become_webp(kind: str) -> None:
    image = opened(encode_picture(corners(kind)))
    assert image.size == (80, 40)
    assert is_near(image, (5, 20), (254, 0, 0))
    assert is_near(image, (75, 20), (0, 0, 254))


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("CMYK", (0, 255, 255, 0), (255, 0, 0)),
        ("L", 130, (130, 130, 130)),
        ("RGB", (10, 120, 200), (10, 120, 200)),
    ],
)
def test_colours_of_jpegs_are_kept(mode: str, colour: int, wanted: tuple[int, ...]) -> None:
    image = opened(encode_picture(saved(Image.new(mode, (50, 50), colour), "JPEG")))
    assert is_near(image, (9, 9), wanted)


@pytest.mark.parametrize(
    ("mode", "colour", "wanted"),
    [
        ("1", 1, (255, 255, 255)),
        ("I;16", 40_000, (156, 156, 156)),
        ("LA", (100, 90), (100, 100, 100, 90)),
        ("RGBA", (10, 120, 200, 90), (10, 120, 200, 90)),
        ("RGBA", (10, 120, 200, 255), (10, 120, 200)),
    ],
)
def test_colours_of_pngs_are_kept(
    mode: str, colour: int | tuple[int, ...], wanted: tuple[int, ...]
) -> None:
    image = opened(encode_picture(saved(Image.new(mode, (50, 50), colour), "PNG")))
    assert image.mode == ("RGBA" if len(wanted) == 4 else "RGB")
    assert is_near(image, (9, 9), wanted)


def test_a_transparent_colour_of_a_palette_stays_transparent() -> None:
    image = Image.new("P", (40, 40), 1)
    image.putpalette([0, 0, 0, 255, 0, 0])
    image.paste(0, (0, 0, 20, 40))
    found = opened(encode_picture(saved(image, "GIF", transparency=0)))
    assert found.convert("RGBA").getpixel((5, 5))[3] == 0  # type: ignore[index] # of RGBA
    assert is_near(found, (35, 20), (254, 0, 0, 255))


@pytest.mark.parametrize(
    ("orientation", "size", "red"),
    [
        (1, (80, 40), (5, 20)),
        (2, (80, 40), (75, 20)),
        (3, (80, 40), (75, 20)),
        (4, (80, 40), (5, 20)),
        (5, (40, 80), (20, 5)),
        (6, (40, 80), (20, 5)),
        (7, (40, 80), (20, 75)),
        (8, (40, 80), (20, 75)),
        (9, (80, 40), (5, 20)),
    ],
)
def test_pictures_are_turned_as_their_cameras_say(
    orientation: int, size: tuple[int, int], red: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    image = opened(encode_picture(corners("JPEG", exif=exif)))
    assert image.size == size
    assert is_near(image, red, (254, 0, 0))


def test_nothing_of_the_upload_but_its_pixels_survives() -> None:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    upload = corners(
        "JPEG", exif=exif, comment=b"SecretComment", icc_profile=PROFILE, xmp=b"SecretPlace"
    )
    found = encode_picture(upload + b"<script>alert('SecretTail')</script>")
    assert b"Secret" in upload
    assert not [word for word in (b"Secret", b"script", b"EXIF", b"ICCP") if word in found.data]
    assert found.data == encode_picture(corners("JPEG")).data
    animated = Image.open(BytesIO(animation(3)))
    moving = saved(animated, "WEBP", save_all=True, exif=exif, xmp=b"SecretPlace")
    assert b"Secret" not in encode_picture(moving).data


def test_a_profile_changes_the_colours_and_a_broken_one_is_ignored() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = profile.replace(b"rXYZ", b"?").replace(b"bXYZ", b"rXYZ").replace(b"?", b"bXYZ")
    red = Image.new("RGB", (40, 40), "red")
    for used, wanted in ((profile, "red"), (swapped, "blue"), (PROFILE, "red")):
        found = encode_picture(saved(red, "PNG", icc_profile=used))
        assert is_near(opened(found), (9, 9), ImageColor.getrgb(wanted))


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_large_pictures_become_smaller(kind: str) -> None:
    found = encode_picture(picture(kind, size=(4000, 1000)))
    assert (found.width, found.height) == (MAX_SIDE, MAX_SIDE // 4)
    tall = encode_picture(picture(kind, size=(200, 3200)))
    assert (tall.width, tall.height) == (100, MAX_SIDE)


def test_a_short_animation_moves_and_a_long_one_is_its_first_frame() -> None:
    assert getattr(opened(encode_picture(animation(7))), "n_frames", 1) == 7
    assert getattr(opened(encode_picture(animation(151, (4, 4)))), "n_frames", 1) == 1
    assert getattr(opened(encode_picture(animation(30, (1000, 900)))), "n_frames", 1) == 1


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_are_refused_without_decoding_them(name: str) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(PictureError, match=r"\.$"):
        encode_picture(HOSTILE[name])
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000, "kB of memory"


def test_a_file_that_is_too_large_is_refused() -> None:
    with pytest.raises(PictureError, match="larger than 10 MB"):
        encode_picture(corners("PNG") + bytes(MAX_BYTES))


@given(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF", "AVIF"]), st.data())
def test_damaged_files_are_pictures_or_refused(kind: str, data: st.DataObject) -> None:
    upload = bytearray(corners(kind))
    places = st.integers(0, len(upload) - 1)
    changes = st.lists(st.tuples(places, st.integers(0, 255)), max_size=6)
    for place, value in data.draw(changes):
        upload[place] = value
    try:
        found = encode_picture(bytes(upload))
    except PictureError:
        return
    opened(found)
