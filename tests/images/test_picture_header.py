"""Headers of pictures: sizes, formats and kinds, and files that are not what they seem."""

from __future__ import annotations

import io
import warnings
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ssg.images.headers.header import PictureHeader
from ssg.images.picture_error import PictureError
from ssg.images.picture_header import parse_header, read_header
from tests.images.pictures import (
    avif_bomb,
    chunk,
    encoded,
    exif,
    frames,
    gif_bomb,
    pages,
    photo,
    png_bomb,
    quarters,
    truncations,
    turned,
    webp_bomb,
    written,
)

RGBA = quarters().convert("RGBA")
RGBA.putalpha(Image.linear_gradient("L").resize(RGBA.size))

CASES = {
    "a.jpg": (encoded(quarters(), "JPEG"), PictureHeader("jpeg", 120, 80)),
    "progressive.jpg": (
        encoded(quarters(), "JPEG", progressive=True),
        PictureHeader("jpeg", 120, 80),
    ),
    "cmyk.jpeg": (encoded(quarters().convert("CMYK"), "JPEG"), PictureHeader("jpeg", 120, 80)),
    "a.png": (encoded(quarters(), "PNG"), PictureHeader("png", 120, 80)),
    "alpha.png": (encoded(RGBA, "PNG"), PictureHeader("png", 120, 80, has_alpha=True)),
    "clear.png": (
        encoded(quarters().convert("P"), "PNG", transparency=1),
        PictureHeader("png", 120, 80, has_alpha=True),
    ),
    "16.png": (
        encoded(Image.new("I;16", (9, 7)), "PNG"),
        PictureHeader("png", 9, 7),
    ),
    "1.png": (encoded(Image.new("1", (9, 7)), "PNG"), PictureHeader("png", 9, 7)),
    "moving.png": (frames("PNG"), PictureHeader("png", 120, 80, is_animated=True)),
    "a.gif": (encoded(quarters().convert("P"), "GIF"), PictureHeader("gif", 120, 80)),
    "clear.gif": (
        encoded(quarters().quantize(4), "GIF", transparency=1),
        PictureHeader("gif", 120, 80, has_alpha=True),
    ),
    "moving.gif": (frames("GIF"), PictureHeader("gif", 120, 80, is_animated=True)),
    "a.webp": (encoded(quarters(), "WEBP"), PictureHeader("webp", 120, 80)),
    "lossless.webp": (
        encoded(quarters(), "WEBP", lossless=True),
        PictureHeader("webp", 120, 80),
    ),
    "alpha.webp": (encoded(RGBA, "WEBP"), PictureHeader("webp", 120, 80, has_alpha=True)),
    "alpha-lossless.webp": (
        encoded(RGBA, "WEBP", lossless=True),
        PictureHeader("webp", 120, 80, has_alpha=True),
    ),
    "moving.webp": (frames("WEBP"), PictureHeader("webp", 120, 80, is_animated=True)),
    "a.avif": (encoded(quarters(), "AVIF", speed=10), PictureHeader("avif", 120, 80)),
    "alpha.avif": (
        encoded(RGBA, "AVIF", speed=10),
        PictureHeader("avif", 120, 80, has_alpha=True),
    ),
    "moving.avif": (frames("AVIF"), PictureHeader("avif", 120, 80, is_animated=True)),
    "a.tif": (encoded(quarters(), "TIFF"), PictureHeader("tiff", 120, 80)),
    "alpha.tiff": (encoded(RGBA, "TIFF"), PictureHeader("tiff", 120, 80, has_alpha=True)),
    "of-a-phone.jpg": (pages("MPO"), PictureHeader("jpeg", 120, 80)),
    "pages.tif": (pages("TIFF"), PictureHeader("tiff", 120, 80)),
    "a.bmp": (encoded(quarters(), "BMP"), PictureHeader("bmp", 120, 80)),
}


@pytest.mark.parametrize("name", CASES)
def test_a_header_says_size_and_kind(tmp_path: Path, name: str) -> None:
    data, expected = CASES[name]
    assert read_header(written(tmp_path, name, data)) == expected


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_the_size_is_that_after_the_orientation(tmp_path: Path, kind: str) -> None:
    for orientation in range(1, 9):
        stored = turned(quarters(), orientation)
        data = encoded(stored, kind, exif=exif(orientation))
        header = read_header(written(tmp_path, f"{orientation}.{kind.lower()}", data))
        turn = 1 if kind == "TIFF" else orientation  # Pillow turns a TIFF while it decodes it
        assert (header.width, header.height, header.orientation) == (120, 80, turn)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
@pytest.mark.parametrize("wrong", [0, 9, 70])
def test_an_unknown_orientation_is_none(tmp_path: Path, kind: str, wrong: int) -> None:
    data = encoded(quarters(), kind, exif=exif(wrong))
    header = read_header(written(tmp_path, f"a.{kind.lower()}", data))
    assert (header.width, header.height, header.orientation) == (120, 80, 1)


SVG = '<svg xmlns="http://www.w3.org/2000/svg" {}><rect width="5" height="5"/></svg>'
SIZES = {
    'width="120" height="80"': (120, 80),
    'width="120px" height="6cm"': (120, 227),
    'viewBox="0 0 120 80"': (120, 80),
    'viewBox="-5,-5,120.4,80.4"': (120, 80),
    'width="100%" height="100%" viewBox="0 0 120 80"': (120, 80),
    'width="240" viewBox="0 0 120 80"': (240, 160),
    'height="40" viewBox="0 0 120 80"': (60, 40),
    'width="1e999" height="NaN" viewBox="0 0 0 7"': (300, 150),
    "": (300, 150),
}


@pytest.mark.parametrize("attributes", SIZES)
def test_the_size_of_svg_follows_from_its_root(tmp_path: Path, attributes: str) -> None:
    path = written(tmp_path, "a.svg", SVG.format(attributes).encode())
    header = read_header(path)
    assert (header.format, header.width, header.height) == ("svg", *SIZES[attributes])


def test_svg_may_start_with_comments_marks_and_short_entities(tmp_path: Path) -> None:
    entity = '<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]>'
    body = '<svg xmlns="&ns;" width="12" height="8"/>'
    for data in (
        f"\ufeff<?xml version='1.0'?>\n<!-- {'x' * 5000} -->{entity}{body}".encode(),
        f"<?xml version='1.0' encoding='utf-16'?>{entity}{body}".encode("utf-16"),
    ):
        header = read_header(written(tmp_path, "a.svg", data))
        assert (header.format, header.width, header.height) == ("svg", 12, 8)


LAUGHS = '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg width="&b;" height="1"/>'
REASONS = {
    "empty.jpg": (b"", "is empty"),
    "text.jpg": (b"Hello", "is not a picture of a known format"),
    "page.jpg": (b"<!DOCTYPE html><title>404</title>", "is an HTML page"),
    "page.png": (b"\n<html><body>404<br></html>", "is an HTML page"),
    "page.svg": (b'<?xml version="1.0"?><html/>', "is an HTML page"),
    "other.svg": (b"<feed/>", "is not a picture of a known format"),
    "broken.svg": (b"<svg width=3>", "is not well-formed SVG"),
    "short.svg": (b"<!-- nothing follows -->", "ends within its header"),
    "laughs.svg": (LAUGHS.encode(), "declares an XML entity"),
    "outside.svg": (b'<!DOCTYPE svg [<!ENTITY a SYSTEM "/etc/passwd">]><svg/>', "an XML entity"),
    "a.heic": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is a HEIC picture"),
    "a.jxl": (b"\xff\x0a" + bytes(40), "is a file of JPEG XL"),
    "a.svgz": (b"\x1f\x8b" + bytes(40), "is a file of gzip"),
    "bomb.png": (png_bomb(), "has 60000 x 60000 pixels, more than max_pixels = 100_000_000"),
    "bomb.webp": (webp_bomb(), "has 16383 x 16383 pixels"),
    "bomb.avif": (avif_bomb(), "damaged"),
    "bomb.gif": (gif_bomb(), "has 65535 x 65535 pixels"),
    "wrong.jpg": (encoded(quarters(), "PNG"), "is a PNG picture, but its name ends in .jpg"),
    "wrong.png": (encoded(quarters(), "WEBP"), "is a WEBP picture, but its name ends in .png"),
    "wrong.webp": (b"<svg/>", "is a SVG picture, but its name ends in .webp"),
    "no-size.jpg": (b"\xff\xd8\xff\xda\0\2", "ends within its header"),
    "flat.bmp": (b"BM" + bytes(60), "is damaged"),
    "no-frame.gif": (b"GIF89a\1\0\1\0\0\0\0;", "ends within its header"),
}


@pytest.mark.parametrize("name", REASONS)
def test_a_file_that_is_not_what_it_seems_is_named(tmp_path: Path, name: str) -> None:
    data, reason = REASONS[name]
    with pytest.raises(PictureError) as caught:
        read_header(written(tmp_path, name, data))
    assert reason in caught.value.reason


def test_a_name_without_a_known_suffix_may_have_any_format(tmp_path: Path) -> None:
    path = written(tmp_path, "3f8a", encoded(quarters(), "PNG"))
    assert read_header(path).format == "png"


@pytest.mark.parametrize("name", CASES)
def test_a_truncated_picture_is_read_as_far_or_refused(tmp_path: Path, name: str) -> None:
    data, whole = CASES[name]
    for part in [*truncations(data), data[:3], data[:12], data[:24]]:
        path = written(tmp_path, name, part)
        try:
            header = read_header(path)
        except PictureError as error:
            assert error.reason
        else:
            assert (header.width, header.height) == (whole.width, whole.height)


def test_a_gif_may_end_within_any_part_of_a_frame(tmp_path: Path) -> None:
    frames = [Image.new("L", (4, 4), shade) for shade in (10, 200)]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    second = data.rindex(b",")
    for end in range(second, len(data)):
        path = written(tmp_path, "a.gif", data[:end])
        with suppress(PictureError):
            assert read_header(path).width == 4


@given(st.sampled_from(sorted(CASES)), st.binary(max_size=60), st.integers(0, 300))
def test_damaged_headers_are_pictures_or_errors(
    tmp_path_factory: pytest.TempPathFactory, name: str, noise: bytes, place: int
) -> None:
    data = CASES[name][0]
    path = tmp_path_factory.getbasetemp() / name
    path.write_bytes(data[:place] + noise + data[place + len(noise) :])
    try:
        header = read_header(path)
    except PictureError as error:
        assert error.reason
    else:
        assert header.pixels > 0 and 1 <= header.orientation <= 8


def test_nothing_is_printed_about_a_damaged_header(tmp_path: Path) -> None:
    data = encoded(quarters(), "TIFF")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for part in truncations(data):
            with suppress(PictureError):
                read_header(written(tmp_path, "a.tif", part))


class _CountedFile(io.BytesIO):
    """A file that counts the bytes that are read."""

    count = 0

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        self.count += len(data)
        return data


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_the_pixels_of_a_large_picture_are_not_read(kind: str) -> None:
    """Also if no EXIF data are found."""
    large = photo(300, 200).resize((4000, 3000))
    data = encoded(large, kind, quality=90, compress_level=1, icc_profile=bytes(100_000))
    file = _CountedFile(data)
    header = parse_header(file, f".{kind.lower()}")
    assert (header.width, header.height) == (4000, 3000)
    assert file.count < 200_000 < len(data) / 3


def test_exif_data_after_much_else_is_found(tmp_path: Path) -> None:
    whole = encoded(quarters(), "PNG")
    data = Image.Exif()
    data[0x0112] = 6
    place = whole.index(b"IDAT") - 4
    text = chunk(b"tEXt", b"Comment\0" + b"x" * 100_000)
    turned_by_exif = whole[:place] + text + chunk(b"eXIf", data.tobytes()[6:]) + whole[place:]
    header = read_header(written(tmp_path, "a.png", turned_by_exif))
    assert (header.width, header.height, header.orientation) == (80, 120, 6)
