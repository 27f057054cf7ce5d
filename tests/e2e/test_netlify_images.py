"""What functions fetch from their deploy, with Netlify's own CLI: texts, and pictures.

The redirect rules and addresses are those of `content/docs/images.md`, "Addresses of your own".
"""

from __future__ import annotations

import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from ssg.model.images.recipe import Recipe
from ssg.model.images.service_url import variant_url
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from tests.conftest import write
from tests.e2e.netlify import REPOSITORY, Answer, Deploy, ask, deploy_and_render, netlify_dev
from tests.e2e.test_netlify_function import CONFIG, SITE
from tests.images.pictures import photo
from tests.targets.netlify.images.function import NAME, asked

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]

PAGE = (REPOSITORY / "content/docs/images.md").read_text("utf-8")
SECTION = PAGE.partition("## Addresses of your own")[2].partition("\n## ")[0]
BUILDER = "/.netlify/builders/ssg-images"


def block(language: str) -> str:
    blocks = re.findall(r"^```(\w*)[^\n]*\n(.*?)^```$", SECTION, re.M | re.S)
    (text,) = (text for name, text in blocks if name == language)
    return str(text)


FUNCTION = 'kind = "function"\nkeep_cache = true'
assert FUNCTION in CONFIG
FILES = {
    **SITE,
    "ssg.toml": CONFIG.replace(FUNCTION, 'kind = "builder"\ntexts = "publish"') + block("toml"),
    "content/_index.md": "---\ntitle: Pictures\n---\n" + block("html"),
    "static/_redirects": f"/images/* {BUILDER} 200\n" + block(""),
}


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    """A site that Netlify's CLI has built, whose functions have to fetch texts and pictures."""
    folder = tmp_path_factory.mktemp("images") / "site"
    write(folder, FILES)
    (folder / "static/blog").mkdir()
    photo(800, 600).save(folder / "static/kittens.jpg")
    photo(600, 300).save(folder / "static/blog/boat.png")
    photo(700, 500).save(folder / "static/blog/käse & boat.png")
    return deploy_and_render(folder)


@pytest.fixture(scope="module")
def folder(deploy: Deploy) -> Path:
    return deploy.folder


@pytest.fixture(scope="module")
def kittens(folder: Path) -> Variant:
    picture = Site.open(folder / ".ssg/site.db").picture("/kittens.jpg")
    assert picture
    return Variant(picture, Recipe(640), "webp")


@pytest.fixture(scope="module")
def port(folder: Path, bundle: Path) -> Iterator[int]:
    """`netlify dev`, with a function that has to fetch pictures from it."""
    assert bundle.is_dir()  # made before the server empties its folder
    shutil.rmtree(folder / f".netlify/functions-internal/{NAME}/pictures")
    with netlify_dev(folder, f"{BUILDER}/_img/x") as port:
        yield port


@pytest.fixture(scope="module")
def bundle(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle that Netlify's CLI has made, far from its site."""
    place = tmp_path_factory.mktemp("unpacked") / NAME
    with zipfile.ZipFile(folder / f".netlify/functions/{NAME}.zip") as archive:
        archive.extractall(place)
    return place.parent


def size(answer: Answer) -> tuple[str | None, tuple[int, int]]:
    assert answer.status == 200
    with Image.open(io.BytesIO(answer.body)) as image:
        return image.format, image.size


def test_the_bundle_that_netlify_makes_answers_with_variants(
    bundle: Path, kittens: Variant
) -> None:
    paths = [kittens.path, f"{BUILDER}/file/kittens.jpg/width/320", "/img/kittens.jpg/321"]
    first, second, missing = asked(bundle, [("GET", path) for path in paths])
    assert (first.image.format, first.image.size) == ("WEBP", (640, 480))
    assert (second.image.format, second.image.size) == ("JPEG", (320, 240))
    assert missing.status == 404


@pytest.mark.parametrize(
    "path",
    [
        f"{BUILDER}/file/kittens.jpg/width/640",
        "/img/kittens.jpg/640",
        "/images/file/kittens.jpg/width/640",
    ],
)
def test_netlifys_own_examples_work(port: int, path: str) -> None:
    answer = ask(port, path)
    assert size(answer) == ("JPEG", (640, 480))
    assert answer.headers["content-type"] == "image/jpeg"


def test_a_page_shows_the_picture_of_the_builder(port: int) -> None:
    (source,) = re.findall(r'src="(/\.netlify/builders/[^"]+)"', ask(port, "/").body.decode())
    assert size(ask(port, source)) == ("JPEG", (640, 480))


def test_a_query_becomes_a_path(port: int) -> None:
    moved = ask(port, "/generated/image?url=kittens.jpg&w=320")
    assert moved.status == 301
    assert moved.headers["location"].partition("?")[0] == "/img/kittens.jpg/320"
    assert size(ask(port, moved.headers["location"])) == ("JPEG", (320, 240))
    moved = ask(port, "/generated/image?url=blog/boat.png&w=320")
    assert size(ask(port, moved.headers["location"])) == ("PNG", (320, 160))


def test_a_path_of_a_picture_may_be_percent_encoded(port: int) -> None:
    for file in ("blog%2Fk%C3%A4se%20%26%20boat.png", "blog/k%C3%A4se%20%26%20boat.png"):
        assert size(ask(port, f"/img/{file}/320")) == ("PNG", (320, 229))


@pytest.mark.parametrize(
    "path",
    [
        "/img/kittens.jpg/641", "/img/puppies.jpg/640", "/_img/0123456789abcdef-640.webp",
        f"{BUILDER}/file/kittens.jpg/width/641", "/generated/image?url=kittens.jpg",
        "/images/kittens.jpg",
    ],
)  # fmt: skip
def test_what_the_site_does_not_list_is_not_found(port: int, path: str) -> None:
    assert ask(port, path).status == 404


def test_a_deferred_variant_is_made_on_request_and_a_file_wins(
    port: int, folder: Path, kittens: Variant
) -> None:
    answer = ask(port, kittens.path)
    assert size(answer) == ("WEBP", (640, 480))
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"] == "image/webp"
    file = folder / "public" / kittens.path[1:].replace("-640", "-320")
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"a variant that the build has made")
    assert ask(port, "/" + file.relative_to(folder / "public").as_posix()).body == file.read_bytes()


@pytest.mark.parametrize(
    ("recipe", "kind", "expected"),
    [
        ("320", "webp", ("WEBP", (320, 240))),
        ("1600", "jpeg", ("JPEG", (800, 600))),
        ("100x100-cover", "avif", ("AVIF", (100, 100))),
        ("100x50-scale", "png", ("PNG", (100, 50))),
    ],
)
def test_netlifys_service_makes_the_variants_of_its_urls(
    port: int, kittens: Variant, recipe: str, kind: str, expected: tuple[str, tuple[int, int]]
) -> None:
    parsed = Recipe.parse(recipe)
    assert parsed
    url = variant_url(Variant(kittens.picture, parsed, kind), ImageSettings(service="netlify"))
    assert url.startswith("/.netlify/images?url=%2Fkittens.jpg&")
    assert size(ask(port, url)) == expected


def test_the_report_of_netlify_names_the_function(folder: Path) -> None:
    manifest = json.loads((folder / ".netlify/functions/manifest.json").read_text("utf-8"))
    (found,) = (one for one in manifest["functions"] if one["name"] == NAME)
    assert found["displayName"] == "Variants of pictures"


def test_a_function_without_the_texts_fetches_them(deploy: Deploy, port: int) -> None:
    assert not (deploy.folder / ".netlify/functions-internal/ssg-pages/texts").exists()
    answers = {path: ask(port, quote_path(path)) for path in deploy.deferred_paths}
    differing = [path for path, got in answers.items() if got.body != deploy.written(path)]
    assert len(answers) == 6
    assert differing == []
