"""The function that makes variants of pictures on Netlify, called directly in Node.

Its variants are compared with those of a build, which Pillow makes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageStat

from ssg.images.encoding_job import EncodingJob
from ssg.images.run_job import run_job
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant
from ssg.redirects.header_rule import HeaderRule
from ssg.targets.netlify.images.emit_images import ORIGINALS, TABLE
from tests.images.jobs import opened
from tests.images.similarity import similarity
from tests.images.test_variants import swapped_profile
from tests.targets.netlify.images.function import (
    NAME,
    SETTINGS,
    Answer,
    asked,
    drawn,
    emitted,
    picture,
    published,
    saved,
)

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("netlify-images")]

FOR_EVER = "public, max-age=31536000, immutable"
SIX = 0x0112, 6
"""The EXIF entry of a picture that is shown turned to the right."""


def turned(image: Image.Image) -> bytes:
    exif = Image.Exif()
    exif[SIX[0]] = SIX[1]
    exif[0x010E] = "a secret place"
    return saved(image, "jpeg", quality=95, exif=exif)


FILES: Mapping[str, bytes] = {
    "kittens.jpg": saved(drawn(1000, 600), "jpeg", quality=95),
    "blog/boat.jpg": saved(drawn(800, 900), "jpeg", quality=92),
    "a/twin.png": saved(drawn(300, 200), "png"),
    "b/twin.png": saved(drawn(301, 200), "png"),
    "blog/käse & brot.png": saved(drawn(700, 300), "png"),
    "turned.jpg": turned(drawn(900, 600)),
    "cmyk.jpg": saved(drawn(500, 400, "CMYK"), "jpeg", quality=95),
    "gray.png": saved(drawn(500, 400, "L"), "png"),
    "deep.png": saved(Image.linear_gradient("L").resize((300, 200)).convert("I;16"), "png"),
    "moving.gif": saved(drawn(60, 40), "gif", save_all=True, append_images=[drawn(60, 40, "L")]),
    "cut.jpg": saved(drawn(400, 300), "jpeg")[:-3000],
    "bomb.png": saved(Image.new("L", (12_000, 9_000)), "png"),
    "swapped.jpg": saved(drawn(400, 300), "jpeg", icc_profile=swapped_profile(), quality=95),
    "scan.tif": saved(drawn(400, 300), "tiff"),
    "palette.png": saved(drawn(400, 300).quantize(16), "png"),
    "tall.png": saved(Image.new("L", (640, 17_000)), "png"),
}


def clear() -> bytes:
    image = drawn(400, 300, "RGBA")
    image.putalpha(Image.linear_gradient("L").resize((400, 300)))
    return saved(image, "png")


def rows() -> dict[str, Picture]:
    content = {**FILES, "clear.png": clear()}
    facts: dict[str, dict[str, Any]] = {
        "blog/boat.jpg": {"focus": "0.100"},
        "cut.jpg": {"width": 400, "height": 300, "format": "jpeg"},
        "bomb.png": {"width": 12_000, "height": 9_000, "format": "png"},
    }
    return {
        name: picture(f"/{name}", file, **facts.get(name, {})) for name, file in content.items()
    }


ROWS = rows()


def path_of(name: str, recipe: str, suffix: str) -> str:
    return f"/_img/{ROWS[name].digest}-{recipe}.{suffix}"


RULES = (
    HeaderRule("/*", (("x-frame-options", "DENY"), ("cache-control", "max-age=5"))),
    HeaderRule("/_img/*", (("access-control-allow-origin", "*"),)),
)


@pytest.fixture(scope="module", params=["builder", "function"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, kind: str) -> Path:
    folder = tmp_path_factory.mktemp("function")
    emitted(folder, {**FILES, "clear.png": clear()}, list(ROWS.values()), kind, headers=RULES)
    return folder


VARIANTS = (
    ("kittens.jpg", "640", "webp"), ("kittens.jpg", "640", "jpg"), ("kittens.jpg", "4000", "webp"),
    ("kittens.jpg", "120x120-cover", "avif"), ("kittens.jpg", "120x120-cover-0.0", "webp"),
    ("kittens.jpg", "120x120-crop-100.100", "png"), ("kittens.jpg", "120x60-scale", "png"),
    ("blog/boat.jpg", "120x120-cover", "webp"), ("blog/boat.jpg", "x100", "webp"),
    ("turned.jpg", "640", "webp"), ("turned.jpg", "120x120-cover", "jpg"),
    ("cmyk.jpg", "200", "png"), ("gray.png", "x100", "webp"), ("deep.png", "200", "png"),
    ("clear.png", "200", "png"), ("clear.png", "640", "webp"), ("clear.png", "200", "jpg"),
    ("kittens.jpg", "200", "jpg"), ("kittens.jpg", "200-q10", "jpg"),
    ("swapped.jpg", "200", "png"), ("scan.tif", "640", "webp"), ("palette.png", "640", "webp"),
)  # fmt: skip
MISSING = (
    path_of("kittens.jpg", "641", "webp"), path_of("kittens.jpg", "640", "avif"),
    path_of("kittens.jpg", "640", "png"), path_of("moving.gif", "640", "webp"),
    "/_img/0123456789abcdef-640.webp", "/_img/", "/_img/x", "/", "/_img/%zz", "/_img/%00",
    path_of("kittens.jpg", "0640", "webp"), path_of("kittens.jpg", "640", "webp") + "/",
    path_of("kittens.jpg", "original", "jpg"), "/img/kittens.jpg/641", "/img/no.jpg/640",
    "/img/twin.png/640", "/img/..%2Fkittens.jpg/640", "/img/a%2F..%2Fkittens.jpg/640",
    "/img/kittens.jpg/640/", "/img//640", "/img/%ff/640", "/img/" + "a" * 3000 + "/640",
    path_of("tall.png", "640", "webp"), "/img/tall.png/640",
    "/img/moving.gif/640", "/img/kittens.jpg/300", "/img/https%3A%2F%2Fevil.example%2Fa.jpg/640",
    "/.netlify/builders/other/file/kittens.jpg/width/640", "/img/%22/640",
)  # fmt: skip
BROKEN = ("cut.jpg", "bomb.png")
OWN = "/.netlify/builders/ssg-images", "/.netlify/functions/ssg-images"
ADDRESSES = {
    "/img/kittens.jpg/640": "kittens.jpg",
    "/images/file/kittens.jpg/width/640": "kittens.jpg",
    "/file/kittens.jpg/width/640": "kittens.jpg",
    f"{OWN[0]}/file/kittens.jpg/width/640": "kittens.jpg",
    f"{OWN[1]}/file/kittens.jpg/width/640": "kittens.jpg",
    f"{OWN[0]}/img/blog/boat.jpg/640": "blog/boat.jpg",
    "/img/blog/boat.jpg/640": "blog/boat.jpg",
    "/img/blog%2Fboat.jpg/640": "blog/boat.jpg",
    "/img/boat.jpg/640": "blog/boat.jpg",
    "/img/a%2Ftwin.png/640": "a/twin.png",
    "/img/k%C3%A4se%20%26%20brot.png/640": "blog/käse & brot.png",
    "/img/turned.jpg/640": "turned.jpg",
}
"""Each with the picture that it is an address of."""


@pytest.fixture(scope="module")
def answers(folder: Path, kind: str) -> Mapping[tuple[str, str], Answer]:
    """The answers of one process to all that these tests ask."""
    variants = [path_of(*one) for one in VARIANTS]
    broken = [path_of(one, "640", "webp") for one in BROKEN]
    paths = [*variants, *MISSING, *broken, *ADDRESSES]
    requests = [("GET", path) for path in paths]
    requests += [("HEAD", variants[0]), ("POST", variants[0]), ("DELETE", MISSING[0])]
    return dict(zip(requests, asked(folder, requests, kind), strict=True))


def by_pillow(folder: Path, name: str, recipe_name: str, kind: str) -> Image.Image:
    """The variant as a build makes it."""
    recipe = Recipe.parse(recipe_name)
    assert recipe
    variant = Variant(ROWS[name], recipe, kind)
    job = EncodingJob.of(published(folder) / name, [variant], SETTINGS)
    (made,) = run_job(job, SETTINGS.max_pixels).variants
    return opened(made.data)


def shown_on(color: str, image: Image.Image) -> Image.Image:
    """A picture on a background, as a page shows it."""
    background = Image.new("RGBA", image.size, color)
    return Image.alpha_composite(background, image.convert("RGBA")).convert("RGB")


@pytest.mark.parametrize("variant", VARIANTS, ids="-".join)
def test_a_variant_looks_as_a_build_makes_it(
    answers: Mapping[tuple[str, str], Answer], variant: tuple[str, str, str], folder: Path
) -> None:
    name, recipe, suffix = variant
    answer = answers["GET", path_of(*variant)]
    assert answer.status == 200
    kind = {"jpg": "jpeg"}.get(suffix, suffix)
    expected, image = by_pillow(folder, name, recipe, kind), answer.image
    assert (image.format, image.size) == (expected.format, expected.size)
    assert answer.headers["content-type"] == f"image/{kind}"
    for color in ("white", "black"):
        one, other = (shown_on(color, each) for each in (image, expected))
        difference = ImageStat.Stat(ImageChops.difference(one, other))
        assert max(difference.rms) < 8
    part = (0, 0, min(200, image.width), min(200, image.height))
    assert similarity(one.crop(part), other.crop(part)) > 0.95


def test_nothing_of_the_metadata_is_left(answers: Mapping[tuple[str, str], Answer]) -> None:
    for recipe, suffix in (("640", "webp"), ("120x120-cover", "jpg")):
        answer = answers["GET", path_of("turned.jpg", recipe, suffix)]
        assert b"a secret place" not in answer.body
        assert not answer.image.getexif()
        assert "icc_profile" not in answer.image.info


def test_a_quality_makes_a_smaller_file(answers: Mapping[tuple[str, str], Answer]) -> None:
    usual, low = (
        answers["GET", path_of("kittens.jpg", one, "jpg")].body for one in ("200", "200-q10")
    )
    assert len(low) < len(usual) * 0.7


def test_a_variant_is_kept_for_ever(answers: Mapping[tuple[str, str], Answer], kind: str) -> None:
    answer = answers["GET", path_of(*VARIANTS[0])]
    assert answer.headers["cache-control"] == FOR_EVER
    assert answer.headers["etag"].startswith('"')
    assert answer.ttl in {None, 0}
    if kind == "function":
        shared = answer.headers["netlify-cdn-cache-control"]
        assert shared == "public, durable, s-maxage=31536000"
        assert answer.headers["netlify-vary"] == "query=_ssg"


def test_a_variant_has_the_headers_of_the_site_as_a_file_would(
    answers: Mapping[tuple[str, str], Answer],
) -> None:
    variant, address = answers["GET", path_of(*VARIANTS[0])], answers["GET", "/img/kittens.jpg/640"]
    missing = answers["GET", MISSING[0]]
    for answer in (variant, address, missing, answers["GET", path_of("cut.jpg", "640", "webp")]):
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["cache-control"] != "max-age=5"
    assert variant.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in address.headers


def test_the_same_variant_has_the_same_bytes_and_tag_again(
    answers: Mapping[tuple[str, str], Answer], folder: Path, kind: str
) -> None:
    path = path_of(*VARIANTS[0])
    (again,) = asked(folder, [("GET", path)], kind)
    assert (again.body, again.headers) == (answers["GET", path].body, answers["GET", path].headers)


@pytest.mark.parametrize("path", MISSING)
def test_what_the_site_does_not_list_is_not_found(
    answers: Mapping[tuple[str, str], Answer], path: str
) -> None:
    answer = answers["GET", path]
    assert (answer.status, answer.body) == (404, b"Not Found")
    assert "immutable" not in answer.headers["cache-control"]


@pytest.mark.parametrize("name", BROKEN)
def test_an_error_is_never_stored(
    answers: Mapping[tuple[str, str], Answer], name: str, kind: str
) -> None:
    answer = answers["GET", path_of(name, "640", "webp")]
    assert (answer.status, answer.body) == (500, b"Internal Server Error")
    assert answer.headers["cache-control"] == "no-store"
    if kind == "function":
        assert answer.headers["netlify-cdn-cache-control"] == "no-store"


@pytest.mark.parametrize("path", ADDRESSES)
def test_an_address_is_answered_with_the_format_of_the_picture(
    answers: Mapping[tuple[str, str], Answer], path: str
) -> None:
    name = ADDRESSES[path]
    answer = answers["GET", path]
    assert answer.status == 200
    assert answer.image.width == min(640, ROWS[name].width)
    assert answer.image.format == ROWS[name].format.upper()
    assert answer.headers["cache-control"] == "public, max-age=0, must-revalidate"


def test_other_methods_are_refused(answers: Mapping[tuple[str, str], Answer], kind: str) -> None:
    path = path_of(*VARIANTS[0])
    head, got = answers["HEAD", path], answers["GET", path]
    assert (head.status, head.headers) == (200, got.headers)
    for method, wanted in (("POST", path), ("DELETE", MISSING[0])):
        assert answers[method, wanted].status == 405
    if kind == "function":
        assert head.body == b""
        assert answers["POST", path].headers["allow"] == "GET, HEAD"
        assert answers["POST", path].headers["cache-control"] == "no-store"


def test_the_folder_contains_small_pictures_by_their_digests(folder: Path) -> None:
    names = {file.name for file in (folder / NAME / ORIGINALS).iterdir()}
    assert len(names) == len(ROWS) - 1  # an animated one stays whole
    table = json.loads((folder / NAME / TABLE).read_text("utf-8"))
    assert len(table["pictures"]) == len(ROWS) - 1
    assert names <= {row[2] for row in table["pictures"]}


def test_a_picture_that_was_changed_in_the_function_is_not_decoded(
    tmp_path: Path, kind: str
) -> None:
    content = FILES["kittens.jpg"]
    row = picture("/kittens.jpg", content)
    emitted(tmp_path, {"kittens.jpg": content}, [row], kind)
    (original,) = (tmp_path / NAME / ORIGINALS).iterdir()
    original.write_bytes(FILES["turned.jpg"])
    (answer,) = asked(tmp_path, [("GET", f"/_img/{row.digest}-640.webp")], kind)
    assert answer.status == 500


def test_digests_are_of_the_file() -> None:
    assert ROWS["kittens.jpg"].sha256 == hashlib.sha256(FILES["kittens.jpg"]).hexdigest()
