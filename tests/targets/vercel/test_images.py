"""What a build for Vercel says of pictures in `config.json`."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.model.images.picture import Picture
from ssg.model.images.recipe import Recipe
from ssg.model.images.service_url import variant_url
from ssg.model.images.settings import ImageSettings
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.model.settings import SiteSettings
from ssg.targets.vercel.images import images_config, images_problems
from tests.conftest import NOW, Files, write
from tests.images.pictures import photo
from tests.targets.vercel.test_output import checked

SETTINGS = ImageSettings(service="vercel", widths=(640,), quality={"webp": 78, "jpeg": 80})
RECIPES = {
    ("640", "webp"), ("640", "original"), ("1200-q40", "webp"), ("320x200-cover", "webp"),
    ("x100", "original"), ("16000", "webp"),
}  # fmt: skip
ROW = Picture(
    "/blog/boat.JPG", "", "0123456789abcdef", "ab" * 32, 2000, 1000, "jpeg", is_animated=False,
    has_alpha=False, focus="", color="", placeholder="", problem="",
)  # fmt: skip


@dataclass(frozen=True)
class PictureSite:
    listed: list[Picture] = field(default_factory=lambda: [ROW])
    images: ImageSettings | None = SETTINGS
    listed_recipes: set[tuple[str, str]] = field(default_factory=lambda: RECIPES)

    @property
    def settings(self) -> SiteSettings:
        return SiteSettings(images=self.images)

    def pictures(self) -> list[Picture]:
        return self.listed

    def recipes(self) -> frozenset[tuple[str, str]]:
        return frozenset(self.listed_recipes)


def config(site: PictureSite) -> dict[str, Any] | None:
    return images_config(cast("Site", site))


def test_only_the_widths_and_qualities_of_the_site_are_allowed() -> None:
    found = config(PictureSite([ROW, ROW._replace(path="https://b.example:81/x/a.png")]))
    assert found == {
        "sizes": [640, 1200],
        "domains": [],
        "remotePatterns": [
            {
                "protocol": "https",
                "hostname": r"^b\.example$",
                "port": "81",
                "pathname": "^/x/.*$",
            }
        ],
        "localPatterns": [{"pathname": r"^/.*\.(?:JPG)$", "search": ""}],
        "formats": ["image/webp"],
        "qualities": [40, 78, 80],
        "minimumCacheTTL": 2_678_400,
    }


@pytest.mark.parametrize("recipe", sorted(RECIPES))
def test_the_service_may_make_each_variant_that_has_its_url(recipe: tuple[str, str]) -> None:
    found = config(PictureSite())
    parsed = Recipe.parse(recipe[0])
    assert found
    assert parsed
    url = variant_url(Variant(ROW, parsed, ROW.format_of(recipe[1])), SETTINGS)
    if not url.startswith("/_vercel/"):
        assert parsed.height or parsed.width > 10_000
        return
    query = dict(pair.split("=") for pair in url.partition("?")[2].split("&"))
    assert int(query["w"]) in found["sizes"]
    assert int(query["q"]) in found["qualities"]
    assert re.search(found["localPatterns"][0]["pathname"], query["url"].replace("%2F", "/"))


@pytest.mark.parametrize(
    "site",
    [
        PictureSite([]),
        PictureSite([ROW._replace(format="svg")]),
        PictureSite(images=ImageSettings()),
        PictureSite(images=None),
        PictureSite(listed_recipes={("640x400-cover", "webp")}),
    ],
    ids=["no pictures", "a drawing", "another service", "no images", "no widths"],
)
def test_a_site_that_needs_no_service_has_no_configuration(site: PictureSite) -> None:
    assert config(site) is None


def test_more_than_vercel_takes_is_a_problem() -> None:
    many = config(PictureSite(listed_recipes={(f"{width}", "webp") for width in range(1, 60)}))
    (problem,) = images_problems(many)
    assert "59 widths, but Vercel takes 50" in problem.message
    assert list(images_problems(None)) == []


@pytest.mark.node
@pytest.mark.xdist_group("vercel")
def test_vercel_reads_the_configuration_of_a_build(tmp_path: Path) -> None:
    files: Files = {
        "ssg.toml": '[target]\nname = "vercel"\n[images]\nwidths = [200, 400]\n',
        "content/_index.md": "---\ntitle: Home\n---\n",
        "content/about.md": "---\ndeferred: false\n---\nText.",
    }
    write(tmp_path, files)
    (tmp_path / "static").mkdir()
    photo().save(tmp_path / "static/boat.jpg")
    project = load(tmp_path, environment={})
    build(project, Layout.of(project), BuildOptions(NOW), Silent())
    output = tmp_path / ".vercel/output"
    written = json.loads((output / "config.json").read_text("utf-8"))
    assert written["images"]["sizes"] == [200, 400]
    found = checked(output)
    assert (found["warnings"], found["routesError"], found["schemaErrors"]) == ([], None, [])
