"""A preview makes variants as the host of its site would."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image

from benchmarks.kept_cache import rebuilder_of
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.preview.deployment import PreviewDeployment
from tests.conftest import write
from tests.preview.dashboard_page import Console, console

FILES = {
    "templates/page.html": "<body>{{ page.content }}</body>",
    "templates/section.html": "<body></body>",
    "content/a.md": "A",
}
TOML = """\
theme = ""
[target]
name = "{target}"
[images]
service = "{service}"
widths = [64, 128]
addresses = [{addresses}]
[[deferred.rules]]
kind = "image"
match = "**"
"""
pytestmark = pytest.mark.xdist_group("previewed pictures")


@contextmanager
def previewed(
    root: Path, target: str, service: str, addresses: str = ""
) -> Iterator[tuple[Console, PreviewDeployment]]:
    values = {"target": target, "service": service, "addresses": addresses}
    write(root, {**FILES, "ssg.toml": TOML.format(**values), "static/x": ""})
    Image.radial_gradient("L").resize((240, 160)).convert("RGB").save(root / "static/boat.jpg")
    with rebuilder_of(root) as rebuilder, console(root / "console") as shown:
        deployment = rebuilder.build()
        shown.app.deploy(shown.tools.instrument(deployment))
        yield shown, deployment


def variant_of(deployment: PreviewDeployment, width: int, kind: str) -> Variant:
    assert deployment.info
    with closing(Site.open(deployment.info.database)) as site:
        picture = site.picture("/boat.jpg")
        assert picture
        found = site.find_variant(f"/_img/{picture.digest}-{width}.{kind}")
    assert found
    return found


def size_of(body: bytes) -> tuple[str | None, tuple[int, int]]:
    made = Image.open(io.BytesIO(body))
    return made.format, made.size


def test_the_function_of_netlify(tmp_path: Path) -> None:
    with previewed(tmp_path, "netlify", "ssg", '"/img/{file}/{width}"') as (shown, deployment):
        variant = variant_of(deployment, 128, "webp")
        first, second = shown.get(variant.path), shown.get(variant.path)
        assert size_of(first.body) == ("WEBP", (128, 85))
        assert (second.body, second.headers["cache-status"]) == (first.body, "ssg; hit")
        for path in ("/img/boat.jpg/64", "/.netlify/builders/ssg-images/file/boat.jpg/width/64"):
            assert size_of(shown.get(path).body) == ("JPEG", (64, 43))
        assert shown.get("/img/boat.jpg/65").status == 404
        assert shown.get(f"{variant.path[:-5]}.avif").status == 404
        text = shown.text()
        assert "Pictures 1 with 4 variants" in text
        assert "Made by the build 0 4 deferred" in text
        assert "Made on request 2" in text
        assert "Variants in the cache 2" in text
        assert f"/boat.jpg {variant.file_name} made" in text
        cached = {one.name[:19] for one in (tmp_path / ".ssg/images/variants").glob("??/*")}
        assert f"{variant.file_name[2:]}."[:19] in cached


def test_the_image_service_of_netlify(tmp_path: Path) -> None:
    with previewed(tmp_path, "netlify", "netlify") as (shown, _):
        got = shown.get("/.netlify/images?url=/boat.jpg&w=100&h=50&fit=cover&fm=webp&q=60")
        assert size_of(got.body) == ("WEBP", (100, 50))
        assert got.headers["vary"] == "Accept"
        accepted = shown.get("/.netlify/images?url=/boat.jpg&w=99", Accept="image/webp,*/*")
        assert size_of(accepted.body) == ("WEBP", (99, 66))
        assert shown.get("/.netlify/images?url=/boat.jpg&w=x").status == 400
        other = quote("https://evil.example.org/x.jpg", safe="")
        assert shown.get(f"/.netlify/images?url={other}&w=99").status == 404
        assert shown.get("/.netlify/images").status == 404


def test_the_image_service_of_vercel(tmp_path: Path) -> None:
    with previewed(tmp_path, "vercel", "vercel") as (shown, _):
        got = shown.get("/_vercel/image?url=%2Fboat.jpg&w=64&q=75", Accept="image/webp")
        assert size_of(got.body) == ("WEBP", (64, 43))
        assert shown.get("/_vercel/image?url=%2Fboat.jpg&w=65&q=75").status == 400
        assert shown.get("/.netlify/images?url=/boat.jpg&w=64").status == 404


def test_a_card_of_a_page_whatever_the_host(tmp_path: Path) -> None:
    cards = "[images.cards]\nwidth = 240\nheight = 126\nmargin = 12\n"
    page = "{{ page.card }}"
    write(tmp_path, {**FILES, "ssg.toml": f'theme = ""\n{cards}', "templates/page.html": page})
    with rebuilder_of(tmp_path) as rebuilder, console(tmp_path / "console") as shown:
        shown.app.deploy(shown.tools.instrument(rebuilder.build()))
        path = shown.get("/a/").body.decode().split("<")[0].strip()
        assert path.startswith("/_img/cards/a/")
        got = shown.get(path)
        assert (got.status, size_of(got.body)) == (200, ("PNG", (240, 126)))
        assert shown.get(path.replace("/a/", "/b/")).status == 404
