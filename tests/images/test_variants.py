"""Variants: sizes, orientation, colours and transparency, of every kind of picture."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageCms

from ssg.images import decoding, resizing
from ssg.images.picture_error import PictureError
from ssg.images.run_job import run_job
from ssg.model.images.recipe import Recipe
from ssg.model.images.settings import ImageSettings
from tests.images.jobs import MAX_PIXELS, bare_job, job_of, made, opened, variant_of
from tests.images.pictures import (
    BLUE,
    CORNERS,
    GREEN,
    RED,
    WHITE,
    encoded,
    exif,
    frames,
    near,
    pages,
    photo,
    png_bomb,
    png_text_bomb,
    quarters,
    truncations,
    turned,
    written,
)  # fmt: skip
from tests.images.similarity import similarity

Color = tuple[int, ...]


def corners(image: Image.Image, mode: str = "RGB") -> list[Color]:
    """The colours in the middles of the four quarters."""
    image = image.convert(mode)
    xs, ys = (image.width // 4, image.width * 3 // 4), (image.height // 4, image.height * 3 // 4)
    found = [image.getpixel((x, y)) for y in ys for x in xs]
    return [pixel for pixel in found if isinstance(pixel, tuple)]


def assert_colors(image: Image.Image, expected: tuple[Color, ...] = CORNERS, by: int = 12) -> None:
    found = corners(image)
    assert all(near(a, b, by) for a, b in zip(found, expected, strict=True)), found


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_variant_is_upright(tmp_path: Path, kind: str) -> None:
    for orientation in range(1, 9):
        data = encoded(turned(quarters(), orientation), kind, exif=exif(orientation), quality=90)
        path = written(tmp_path, f"{orientation}.{kind.lower()}", data)
        assert_colors(made(path, "60"))
        cut = made(path, "30x30-cover-0.100")
        assert cut.size == (30, 30)
        assert near(cut.convert("RGB").getpixel((5, 20)), BLUE), (kind, orientation)
        assert near(cut.convert("RGB").getpixel((5, 2)), RED), (kind, orientation)


SIZES = {
    "60": (60, 40), "x20": (30, 20), "1600": (120, 80), "40x40-cover": (40, 40),
    "40x40-contain": (40, 27), "40x40-crop": (40, 40), "40x10-scale": (40, 10),
    "400x400-cover": (80, 80),
}  # fmt: skip


@pytest.mark.parametrize("recipe", SIZES)
@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "avif"])
def test_a_variant_has_the_size_of_its_frame(tmp_path: Path, recipe: str, kind: str) -> None:
    path = written(tmp_path, "a.jpg", encoded(turned(quarters(), 6), "JPEG", exif=exif(6)))
    variant = variant_of(path, recipe, kind)
    image = made(path, recipe, kind)
    assert image.size == SIZES[recipe] == (variant.frame.width, variant.frame.height)
    assert image.format == kind.upper()


def test_the_focal_point_of_the_picture_stays(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(quarters(), "PNG"))
    assert near(made(path, "20x40-cover", focus="0.50").getpixel((10, 10)), RED)
    assert near(made(path, "20x40-cover", focus="100.50").getpixel((10, 10)), GREEN)
    assert near(made(path, "20x40-cover-0.50", focus="100.50").getpixel((10, 10)), RED)
    assert near(made(path, "20x20-crop-100.100").getpixel((10, 10)), WHITE)


def with_alpha() -> Image.Image:
    image = quarters().convert("RGBA")
    image.paste((0, 0, 0, 0), (0, 0, 60, 40))
    return image


MODES = {
    "rgb.png": encoded(quarters(), "PNG"),
    "palette.png": encoded(quarters().quantize(8), "PNG"),
    "palette.gif": encoded(quarters().quantize(8), "GIF"),
    "cmyk.jpg": encoded(quarters().convert("CMYK"), "JPEG", quality=95),
    "cmyk.tif": encoded(quarters().convert("CMYK"), "TIFF"),
    "ycbcr.tif": encoded(quarters().convert("YCbCr"), "TIFF"),
    "progressive.jpg": encoded(quarters(), "JPEG", progressive=True, quality=95),
    "rgb.bmp": encoded(quarters(), "BMP"),
    "lossless.webp": encoded(quarters(), "WEBP", lossless=True),
    "a.avif": encoded(quarters(), "AVIF", quality=95, speed=10),
    "phone.jpg": pages("MPO"),
    "pages.tif": pages("TIFF"),
}


@pytest.mark.parametrize("name", MODES)
def test_every_mode_keeps_its_colors(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, MODES[name])
    for kind in ("png", "jpeg", "webp", "avif"):
        image = made(path, "60", kind)
        assert image.mode == ("P" if kind == "png" and name.startswith("palette") else "RGB")
        assert_colors(image)


def grey(mode: str) -> Image.Image:
    """Grey quarters: 0, 80, 160 and 255 of 255."""
    image = Image.new("L", (120, 80))
    for place, value in enumerate((0, 80, 160, 255)):
        left, top = place % 2 * 60, place // 2 * 40
        image.paste(value, (left, top, left + 60, top + 40))
    if mode in {"I;16", "I", "F"}:
        return image.convert("I").point(lambda value: value * 257).convert(mode)
    return image.convert(mode)


GREYS = {
    "grey.jpg": ("L", "JPEG"), "grey.png": ("L", "PNG"), "alpha.png": ("LA", "PNG"),
    "16.png": ("I;16", "PNG"), "16.tif": ("I;16", "TIFF"), "32.tif": ("I", "TIFF"),
    "float.tif": ("F", "TIFF"),
}  # fmt: skip


@pytest.mark.parametrize("name", GREYS)
def test_grey_of_any_depth_keeps_its_values(tmp_path: Path, name: str) -> None:
    mode, kind = GREYS[name]
    path = written(tmp_path, name, encoded(grey(mode), kind))
    image = made(path, "60")
    assert image.mode == "L"
    assert_colors(image, tuple((value,) * 3 for value in (0, 80, 160, 255)), by=2)
    assert made(path, "60", "webp").mode == "RGB"


def test_black_and_white_becomes_grey(tmp_path: Path) -> None:
    lines = Image.new("1", (120, 80))
    for x in range(0, 120, 2):
        lines.paste(1, (x, 0, x + 1, 80))
    image = made(written(tmp_path, "1.png", encoded(lines, "PNG")), "60")
    assert image.mode == "L" and near((image.getpixel((30, 20)),), (128,), 3)


ALPHAS = {
    "rgba.png": encoded(with_alpha(), "PNG"),
    "rgba.webp": encoded(with_alpha(), "WEBP", quality=95),
    "rgba.avif": encoded(with_alpha(), "AVIF", quality=95, speed=10),
    "rgba.tif": encoded(with_alpha(), "TIFF"),
    "palette.png": encoded(with_alpha().quantize(8, Image.Quantize.FASTOCTREE), "PNG"),
    "color.png": encoded(quarters(), "PNG", transparency=RED),
    "index.gif": encoded(with_alpha(), "GIF"),
}


@pytest.mark.parametrize("name", ALPHAS)
def test_transparency_is_kept_or_flattened(tmp_path: Path, name: str) -> None:
    path = written(tmp_path, name, ALPHAS[name])
    for kind in ("png", "webp", "avif"):
        found = corners(made(path, "60", kind), "RGBA")
        assert found[0][3] < 3 and near(found[3], (*WHITE, 255)), (kind, found)
    assert_colors(made(path, "60", "jpeg"), ((255, 255, 255), *CORNERS[1:]))


def test_the_background_of_jpeg_is_that_of_the_settings(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(with_alpha(), "PNG"))
    job = job_of(path, variant_of(path, "60", "jpeg"), settings=ImageSettings(background="#102030"))
    (variant,) = run_job(job, MAX_PIXELS).variants
    assert_colors(opened(variant.data), ((16, 32, 48), *CORNERS[1:]))


def test_clear_pixels_leave_no_dark_fringes(tmp_path: Path) -> None:
    disc = Image.new("RGBA", (128, 128), (0, 0, 0, 0))
    disc.paste((250, 250, 250, 255), (33, 33, 95, 95))
    image = made(written(tmp_path, "a.png", encoded(disc, "PNG")), "32")
    data = image.tobytes()
    seen = [data[p : p + 3] for p in range(0, len(data), 4) if data[p + 3] > 40]
    assert seen and min(map(min, seen)) > 235


def test_alpha_that_hides_nothing_is_dropped(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(quarters().convert("RGBA"), "PNG"))
    assert made(path, "60", "png").mode == made(path, "60", "webp").mode == "RGB"


def profile(kind: str) -> tuple[bytes, ImageCms.ImageCmsProfile]:
    """A profile, made by littlecms or put together for this test."""
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile(kind))
    return made.tobytes(), made


def swapped_profile() -> bytes:
    """The profile of sRGB with the primaries of red and green exchanged, under another name."""
    data = profile("sRGB")[0].replace(b"s\0R\0G\0B", b"s\0w\0a\0p").replace(b"sRGB", b"swap")
    return data.replace(b"rXYZ", b"tXYZ").replace(b"gXYZ", b"rXYZ").replace(b"tXYZ", b"gXYZ")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "TIFF"])
def test_a_profile_becomes_srgb_and_is_dropped(tmp_path: Path, kind: str) -> None:
    swapped = quarters().copy()
    data = encoded(swapped, kind, icc_profile=swapped_profile(), quality=95)
    path = written(tmp_path, f"a.{kind.lower()}", data)
    for target in ("png", "jpeg", "webp", "avif"):
        image = made(path, "60", target)
        assert "icc_profile" not in image.info
        red, green, blue, white = CORNERS
        exchanged = tuple((c[1], c[0], c[2]) for c in (red, green, blue, white))
        assert_colors(image, exchanged, by=14)


@pytest.mark.parametrize("data", [b"nonsense", bytes(2000), profile("LAB")[0], profile("sRGB")[0]])
def test_a_profile_that_cannot_be_used_changes_nothing(tmp_path: Path, data: bytes) -> None:
    path = written(tmp_path, "a.png", encoded(quarters(), "PNG", icc_profile=data))
    assert_colors(made(path, "60"), by=1)


def test_metadata_are_stripped(tmp_path: Path) -> None:
    comment = {"comment": b"Secret Camera"}
    data = encoded(quarters(), "JPEG", exif=exif(1), icc_profile=swapped_profile(), **comment)
    assert data.count(b"Secret Camera") == 2
    path = written(tmp_path, "a.jpg", data)
    for kind in ("jpeg", "png", "webp", "avif"):
        (variant,) = run_job(job_of(path, variant_of(path, "60", kind)), MAX_PIXELS).variants
        assert b"Secret" not in variant.data and b"Exif" not in variant.data
        assert not opened(variant.data).info.keys() & {"exif", "icc_profile", "comment", "xmp"}


def test_jpeg_variants_are_progressive(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(quarters(), "PNG"))
    assert made(path, "60", "jpeg").info["progressive"] == 1


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A photo that is scaled down while it is decoded."""
    image = photo().resize((4000, 2600), Image.Resampling.BICUBIC)
    return written(tmp_path_factory.mktemp("large"), "a.jpg", encoded(image, "JPEG", quality=90))


@pytest.mark.parametrize("recipe", ["300", "300x300-cover"])
def test_a_variant_looks_like_a_slow_reference(large: Path, recipe: str) -> None:
    source = Image.open(large)
    frame = variant_of(large, recipe, "png").frame
    cut = source.crop(frame[:4])
    channels = [
        channel.convert("F").resize(frame[4:], Image.Resampling.LANCZOS).convert("L")
        for channel in cut.split()
    ]
    reference = Image.merge("RGB", channels)
    assert similarity(made(large, recipe), reference) > 0.99
    for kind in ("jpeg", "webp", "avif"):
        assert similarity(made(large, recipe, kind), reference) > 0.95


def test_bytes_do_not_depend_on_what_else_is_made(large: Path) -> None:
    recipes, kinds = ("100", "300", "300x200-cover", "200x100-crop"), ("jpeg", "webp")
    variants = [variant_of(large, recipe, kind) for recipe in recipes for kind in kinds]
    together = run_job(job_of(large, *variants), MAX_PIXELS).variants
    alone = [run_job(job_of(large, one), MAX_PIXELS).variants[0] for one in variants]
    assert list(together) == alone
    assert [one.file_name for one in together] == [one.file_name for one in variants]


def test_a_picture_is_decoded_and_scaled_once(large: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = list[str]()
    for name, function in (("decode", decoding.decode), ("resized", resizing.resized)):

        def counted(*args: object, _name: str = name, _call: object = function) -> object:
            calls.append(_name)
            return _call(*args)  # type: ignore[operator] it is one of the two functions

        monkeypatch.setattr(f"ssg.images.run_job.{name}", counted)
    variants = [variant_of(large, r, kind) for kind in ("webp", "jpeg") for r in ("100", "200")]
    run_job(job_of(large, *variants), MAX_PIXELS)
    assert calls == ["decode", "resized", "resized"]


def test_a_large_truncated_photo_is_an_error(large: Path, tmp_path: Path) -> None:
    whole = large.read_bytes()
    path = written(tmp_path, "a.jpg", whole[: len(whole) * 9 // 10])
    with pytest.raises(PictureError, match="is truncated"):
        run_job(job_of(path, variant_of(path, "100", "jpeg")), MAX_PIXELS)


def test_quality_is_that_of_the_recipe_or_the_format(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(photo(), "PNG"))
    names = ("300", "300-q20", "300-q90")
    for kind in ("jpeg", "webp", "avif"):
        job = job_of(path, *(variant_of(path, name, kind) for name in names))
        usual, low, high = (len(one.data) for one in run_job(job, MAX_PIXELS).variants)
        assert low < usual < high


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "AVIF", "PNG"])
def test_animations_have_no_variants_but_colors(tmp_path: Path, kind: str) -> None:
    path = written(tmp_path, f"a.{kind.lower()}", frames(kind))
    with pytest.raises(PictureError, match="is animated"):
        made(path)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "AVIF", "GIF", "TIFF", "BMP"])
def test_a_truncated_picture_is_an_error(tmp_path: Path, kind: str) -> None:
    for part in truncations(encoded(photo(), kind)):
        path = written(tmp_path, f"a.{kind.lower()}", part)
        with pytest.raises(PictureError):
            run_job(bare_job(path), MAX_PIXELS)


BROKEN = {
    "bomb.png": (png_bomb(), "more than max_pixels"),
    "few.png": (png_bomb(2000, 2000), "is truncated"),
    "text.png": (png_text_bomb(), "is damaged"),
    "empty.png": (b"", "is empty"),
    "wrong.jpg": (encoded(quarters(), "PNG"), "is a PNG picture"),
    "a.svg": (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "has no variants"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_picture_says_why(tmp_path: Path, name: str) -> None:
    data, reason = BROKEN[name]
    with pytest.raises(PictureError, match=reason):
        run_job(bare_job(written(tmp_path, name, data)), MAX_PIXELS)


def test_a_file_that_has_changed_is_an_error(tmp_path: Path) -> None:
    path = written(tmp_path, "a.png", encoded(quarters(), "PNG"))
    job = job_of(path, variant_of(path, "60", "png"))
    written(tmp_path, "a.png", encoded(photo(), "PNG"))
    with pytest.raises(PictureError, match="has changed"):
        run_job(job, MAX_PIXELS)
    path.unlink()
    with pytest.raises(PictureError, match="cannot be read: No such file"):
        run_job(job, MAX_PIXELS)


def test_a_picture_of_one_pixel_has_variants(tmp_path: Path) -> None:
    for size in ((1, 1), (1, 300), (300, 1)):
        path = written(tmp_path, "a.png", encoded(Image.new("RGB", size, RED), "PNG"))
        for kind in ("jpeg", "png", "webp", "avif"):
            assert near(made(path, "100", kind).convert("RGB").getpixel((0, 0)), RED)


def test_recipes_of_all_fits_fit_any_picture(tmp_path: Path) -> None:
    path = written(tmp_path, "a.jpg", encoded(photo(333, 77), "JPEG"))
    for fit in ("cover", "contain", "crop", "scale"):
        for width, height in ((1, 1), (400, 3), (3, 400), (332, 76), (333, 77)):
            recipe = Recipe.of(width, height, fit)
            variant = variant_of(path, recipe.name, "png")
            assert made(path, recipe.name).size == (variant.frame.width, variant.frame.height)
