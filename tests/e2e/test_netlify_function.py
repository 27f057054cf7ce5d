"""What a deploy of a function does, with Netlify's own CLI: build, bundle, serve."""

from __future__ import annotations

import base64
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image

from ssg.model.images.recipe import Recipe
from ssg.model.images.variant import Variant
from ssg.model.queries.site import Site
from ssg.model.urls import quote_path
from ssg.render.dependencies.tags import page_tag
from tests.conftest import Files, write
from tests.e2e.netlify import REPOSITORY, Deploy, ask, deploy_and_render, environment, netlify_dev
from tests.targets.netlify.images.function import drawn, saved

pytestmark = [pytest.mark.node, pytest.mark.netlify, pytest.mark.xdist_group("netlify")]

CALLER = Path(__file__).parent / "call-function.mjs"
CONFIG = """
title = "Harbour notes"
base_url = "https://example.org/"
[target]
name = "netlify"
kind = "function"
keep_cache = true
[taxonomies.tags]
[[deferred.rules]]
match = "blog/old/**"
ttl = 120
stale = 30
[[deferred.rules]]
match = "käse/**"
"""
POST = "---\ntitle: Post {0}\ndate: 2024-01-0{0}\ntags: [boats]\n---\nBoats, *number* {0}.\n"
SITE = {
    "ssg.toml": CONFIG,
    "content/blog/new.md": POST.format(9),
    **{f"content/blog/old/{n}.md": POST.format(n) for n in range(1, 5)},
    "content/käse/gouda.md": POST.format(5),
    "content/käse/édam.md": POST.format(6),
    "netlify.toml": f"""
[build]
command = "PYTHONPATH={REPOSITORY} {sys.executable} -m ssg build"
publish = "public"
""",
}


@dataclass(frozen=True, slots=True)
class Called:
    """An answer of the bundle."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def made(work: Path, files: Files) -> Deploy:
    folder = work / "site"
    write(folder, files)
    return deploy_and_render(folder)


@pytest.fixture(scope="module")
def deploy(tmp_path_factory: pytest.TempPathFactory) -> Deploy:
    config = CONFIG + "[images]\nwidths = [40]\n"
    picture = saved(drawn(120, 90), "png")
    files: Files = {**SITE, "ssg.toml": config, "static/boat.png": picture}
    return made(tmp_path_factory.mktemp("function"), files)


@pytest.fixture(scope="module")
def variant(deploy: Deploy) -> str:
    """The path of a deferred variant."""
    picture = Site.open(deploy.folder / ".ssg/site.db").picture("/boat.png")
    assert picture
    return Variant(picture, Recipe(40), "webp").path


@pytest.fixture(scope="module")
def unpacked(deploy: Deploy, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of a deploy, far from its site."""
    return unpack(deploy, "ssg-pages", tmp_path_factory.mktemp("unpacked"))


def unpack(deploy: Deploy, function: str, folder: Path) -> Path:
    with zipfile.ZipFile(deploy.folder / f".netlify/functions/{function}.zip") as archive:
        archive.extractall(folder)
    return folder


def call(folder: Path, method: str, *paths: str) -> list[Called]:
    """Call an unpacked bundle in a fresh process."""
    done = subprocess.run(
        ["node", CALLER, folder, method, *paths], env=environment(folder.parent),
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stderr.split("\n") if line.startswith("{")]
    assert len(answers) == len(paths)
    return [
        Called(
            one["status"],
            {name: ", ".join(values) for name, values in one["headers"].items()},
            base64.b64decode(one["body"]),
        )
        for one in answers
    ]


def test_the_bundle_gives_the_bytes_of_a_full_build(deploy: Deploy, unpacked: Path) -> None:
    paths = deploy.deferred_paths
    assert len(paths) == 6
    answers = call(unpacked, "GET", *map(quote_path, paths))
    for path, answer in zip(paths, answers, strict=True):
        assert (path, answer.status) == (path, 200)
        assert answer.body == deploy.written(path), path
        assert page_tag(path) in answer.headers["netlify-cache-tag"].split(",")
    old = answers[paths.index("/blog/old/1/")].headers
    assert old["netlify-cdn-cache-control"] == (
        "public, durable, s-maxage=120, stale-while-revalidate=30"
    )
    assert old["cache-control"] == "public, max-age=0, must-revalidate"
    assert old["netlify-cache-id"] == "ssg"
    assert old["content-type"] == "text/html; charset=UTF-8"


def test_the_bundle_redirects_answers_head_and_knows_unknown_paths(
    deploy: Deploy, unpacked: Path
) -> None:
    bare, unknown = call(unpacked, "GET", "/blog/old/1", "/blog/old/no/?utm=1")
    assert (bare.status, bare.headers["location"], bare.body) == (301, "/blog/old/1/", b"")
    assert unknown.status == 404
    assert unknown.body == deploy.written("/404.html")
    (head,) = call(unpacked, "HEAD", "/blog/old/1/")
    assert (head.status, head.body) == (200, b"")


def test_the_bundle_of_pictures_gives_the_bytes_of_a_variant(
    deploy: Deploy, variant: str, tmp_path: Path
) -> None:
    found, missing = call(
        unpack(deploy, "ssg-images", tmp_path / "unpacked"),
        *("GET", f"{variant}?utm=1", variant.replace("-40", "-41")),
    )
    with Image.open(io.BytesIO(found.body)) as image:
        assert (found.status, image.format, image.size) == (200, "WEBP", (40, 30))
    assert found.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert found.headers["netlify-vary"] == "query=_ssg"
    assert missing.status == 404


def test_netlify_reads_the_settings_that_were_written(deploy: Deploy) -> None:
    manifest = json.loads((deploy.folder / ".netlify/functions/manifest.json").read_text("utf-8"))
    functions = {function["name"]: function for function in manifest["functions"]}
    assert sorted(functions) == ["ssg-images", "ssg-pages", "ssg-pages-purge"]
    routes = [route["pattern"] for route in functions["ssg-images"]["routes"]]
    assert routes == ["/_img/*", "/_img", "/_img/"]
    pages = functions["ssg-pages"]
    assert [route["pattern"] for route in pages["routes"]] == [
        *["/blog/old/*", "/blog/old", "/blog/old/"],
        *["/k%C3%A4se/*", "/k%C3%A4se", "/k%C3%A4se/"],
        *["/k%c3%a4se/*", "/k%c3%a4se", "/k%c3%a4se/"],
    ]
    assert all(route["prefer_static"] for route in pages["routes"])
    assert all(route["methods"] == ["GET", "HEAD"] for route in pages["routes"])
    assert pages["runtimeVersion"].startswith("nodejs")
    assert "reached by  paths of its own" in deploy.log
    assert not (deploy.folder / "public/_redirects").exists()


def _serves(deploy: Deploy, port: int) -> None:
    deferred = map(quote_path, deploy.deferred_paths)
    for path in ["/", "/blog/", "/blog/new/", "/sitemap.xml", *deferred]:
        answer = ask(port, path)
        assert (path, answer.status) == (path, 200)
        assert answer.body == deploy.written(unquote(path)), path
    assert ask(port, "/nothing/here/").status == 404
    missing = ask(port, "/blog/old/nothing/")
    assert (missing.status, missing.body) == (404, deploy.written("/404.html"))
    assert "netlify-cdn-cache-control" in missing.headers  # the function's own
    assert ask(port, "/blog/old/1/", "HEAD").body == b""


def test_netlify_dev_asks_the_function_at_its_paths_after_files(
    deploy: Deploy, variant: str
) -> None:
    # Paths of a function come before rules: this is why ssg gives it none where a rule is for them.
    rules = deploy.folder / "public/_redirects"
    rules.write_text("/blog/old/1 /blog/new/ 302!\n/moved /blog/new/ 302!\n")
    with netlify_dev(deploy.folder, "/blog/old/nothing/") as port:
        assert ask(port, "/moved").status == 302
        _serves(deploy, port)
        assert ask(port, variant).headers["content-type"] == "image/webp"
        assert ask(port, "/blog/old/1/", "POST").status != 200
    rules.unlink()


def test_netlify_dev_reads_the_rules_of_a_site_before_those_for_the_function(
    tmp_path: Path,
) -> None:
    """And the function fetches the texts of pages from the deploy, if it does not contain them."""
    config = CONFIG.replace("keep_cache = true", 'texts = "publish"')
    rules = "/blog/old/gone /blog/new/ 302\n/blog/old/3 /blog/new/ 302 Language=pt\n"
    deploy = made(tmp_path, {**SITE, "ssg.toml": config, "static/_redirects": rules})
    assert not (deploy.folder / ".netlify/functions-internal/ssg-pages/texts").exists()
    manifest = json.loads((deploy.folder / ".netlify/functions/manifest.json").read_text("utf-8"))
    pages = next(one for one in manifest["functions"] if one["name"] == "ssg-pages")
    assert pages.get("routes", []) == []
    assert (
        "`/blog/old/gone /blog/new/ 302` (static/_redirects:1:1) has to come before" in deploy.log
    )
    with netlify_dev(deploy.folder, "/.netlify/functions/ssg-pages/") as port:
        for path, moved in (
            ("/blog/old/gone/", True),
            ("/blog/old/3/", False),
            ("/blog/old/2/", False),
        ):
            assert ask(port, path).status == (302 if moved else 200)
        assert ask(port, "/blog/old/3/", **{"Accept-Language": "pt"}).status == 302
        for path in ("/blog/old/1/", "/k%C3%A4se/gouda/"):
            assert ask(port, path).body == deploy.written(unquote(path))
