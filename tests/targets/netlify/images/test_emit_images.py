"""What a build for Netlify emits for pictures: the function, its rules, headers and size."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import pytest

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.report import BuildReport
from ssg.build.stages import Silent
from ssg.cli.build_summary import print_report
from ssg.config.load import load
from ssg.model.errors import TargetError
from ssg.model.images.picture import Picture
from ssg.model.images.settings import ImageSettings
from ssg.model.queries.site import Site
from ssg.redirects.formats.headers_file import parse_headers
from ssg.redirects.formats.redirects_file import parse_redirects
from ssg.targets.netlify.images.emit_images import ORIGINALS, ORIGINALS_BYTES, SOURCES, TABLE
from ssg.targets.netlify.images.image_cdn import image_cdn_config
from ssg.targets.netlify.images.pictures_table import pictures_table
from tests.conftest import NOW, Files, write
from tests.targets.netlify.images.function import (
    NAME,
    PictureSite,
    asked,
    drawn,
    emitted,
    picture,
    saved,
)

pytestmark = [pytest.mark.node, pytest.mark.xdist_group("netlify-images")]

CONFIG = """
theme = ""
base_url = "https://example.org/"
[target]
name = "netlify"
{target}
[[deferred.rules]]
match = "**"
deferred = false
[images]
widths = [200, 640]
{images}
"""
SITE: Files = {
    "templates/page.html": "{{ page.content }}",
    "templates/section.html": "{{ page.title }}",
    "templates/404.html": "Nothing",
    "content/_index.md": "---\ntitle: Home\n---\n",
}
BOAT = saved(drawn(800, 600), "jpeg")


def built(
    root: Path, target: str = "", images: str = "", files: Files | None = None
) -> BuildReport:
    config = CONFIG.format(target=target, images=images)
    write(root, {**SITE, "ssg.toml": config, **(files or {})})
    (root / "static").mkdir(exist_ok=True)
    (root / "static/boat.jpg").write_bytes(BOAT)
    project = load(root, environment={})
    return build(project, Layout.of(project), BuildOptions(NOW), Silent())


def test_a_build_emits_the_function_with_rules_headers_and_its_size(tmp_path: Path) -> None:
    report = built(tmp_path, images='addresses = ["/img/{file}/{width}"]')
    assert report.image_function == "/.netlify/builders/ssg-images"
    assert report.builder is None  # no page is deferred
    rules = parse_redirects((tmp_path / "public/_redirects").read_text("utf-8"), "").rules
    address = "/.netlify/builders/ssg-images"
    assert [(one.from_path, one.to, one.status, one.force) for one in rules] == [
        ("/_img/*", address, 200, False),
        ("/img/*", address, 200, False),
    ]
    headers = (tmp_path / "public/_headers").read_text("utf-8")
    assert "/_img/*\n  Cache-Control: public, max-age=31536000, immutable" in headers
    size = report.image_size
    assert size
    assert 8_000_000 < size.zipped < 10_000_000
    assert 18_000_000 < size.unzipped < 22_000_000
    function = tmp_path / ".netlify/functions-internal/ssg-images"
    settings = json.loads((function / "ssg-images.json").read_text("utf-8"))
    assert settings["config"]["includedFiles"] == [".netlify/functions-internal/ssg-images/**"]
    moved = function.rename(tmp_path / NAME)  # it depends on no other file of the site
    digest = json.loads((moved / TABLE).read_text("utf-8"))["pictures"][0][0]
    first, other = asked(
        tmp_path, [("GET", f"/_img/{digest}-640.webp"), ("GET", "/img/boat.jpg/200")]
    )
    assert (first.image.size, other.image.size) == ((640, 480), (200, 150))
    assert (first.image.format, other.image.format) == ("WEBP", "JPEG")


def test_the_second_build_links_what_is_unchanged(tmp_path: Path) -> None:
    built(tmp_path)
    library = "node_modules/@img/sharp-linux-x64/lib/sharp-linux-x64-0.35.5.node"
    file = tmp_path / ".netlify/functions-internal/ssg-images" / library
    before = file.stat()
    built(tmp_path, images="eager = 1")
    assert file.stat().st_ino == before.st_ino


def test_a_function_has_paths_unless_a_rule_of_the_site_needs_them(tmp_path: Path) -> None:
    target = 'kind = "function"\nimage_function = "my-images"'
    report = built(tmp_path, target, images='addresses = ["/img/{file}/{width}"]')
    assert report.image_function == "/.netlify/functions/my-images"
    assert not (tmp_path / "public/_redirects").exists()
    source = tmp_path / ".netlify/functions-internal/my-images/my-images.mjs"
    config = source.read_text("utf-8").partition("export const config = ")[2].partition(";\n")[0]
    assert json.loads(config)["path"] == ["/_img/*", "/_img", "/_img/", "/img/*", "/img", "/img/"]
    assert json.loads(config)["preferStatic"] is True
    rules = "/img/:url/:w /.netlify/functions/my-images 200\n"
    built(
        tmp_path,
        target,
        'addresses = ["/img/{file}/{width}"]',
        {"static/_redirects": rules},
    )
    assert 'export const config = {\n  "nodeBundler"' in source.read_text("utf-8")
    assert '"path"' not in source.read_text("utf-8")
    written = (tmp_path / "public/_redirects").read_text("utf-8")
    assert "/_img/* /.netlify/functions/my-images 200" in written


def test_a_function_of_all_pages_leaves_pictures_to_theirs(tmp_path: Path) -> None:
    pages = {f"content/{name}.md": "Text." for name in "abcdefgh"}
    config = CONFIG.replace("deferred = false", "deferred = true")
    write(
        tmp_path,
        {**SITE, **pages, "ssg.toml": config.format(target='kind = "function"', images="")},
    )
    (tmp_path / "static").mkdir()
    (tmp_path / "static/boat.jpg").write_bytes(BOAT)
    project = load(tmp_path, environment={})
    build(project, Layout.of(project), BuildOptions(NOW), Silent())
    source = tmp_path / ".netlify/functions-internal/ssg-pages/ssg-pages.mjs"
    config = source.read_text("utf-8").partition("export const config = ")[2].partition(";\n")[0]
    assert json.loads(config)["excludedPath"] == ["/.netlify/*", "/_img/*", "/_img", "/_img/"]


def test_a_rule_that_takes_all_pictures_is_an_error(tmp_path: Path) -> None:
    rules: Files = {"static/_redirects": "/_img/* /elsewhere/:splat 301\n"}
    with pytest.raises(TargetError) as raised:
        built(tmp_path, files=rules)
    assert "takes all pictures at /_img/* from the function" in str(raised.value)
    assert "static/_redirects:1:1" in str(raised.value)


@pytest.mark.parametrize(
    "images", ['service = "netlify"', "widths = [100]\nexclude = []", None]
)  # fmt: skip
def test_a_site_without_pictures_for_the_function_has_none(
    tmp_path: Path, images: str | None
) -> None:
    config = CONFIG.format(target="", images=images or "")
    if images is None:
        config = config.partition("[images]")[0]
    write(tmp_path, {**SITE, "ssg.toml": config.replace("widths = [200, 640]\nwidths", "widths")})
    if images is None or "service" in images:
        (tmp_path / "static").mkdir()
        (tmp_path / "static/boat.jpg").write_bytes(BOAT)
    project = load(tmp_path, environment={})
    report = build(project, Layout.of(project), BuildOptions(NOW), Silent())
    assert (report.image_function, report.image_size) == (None, None)
    assert not (tmp_path / ".netlify/functions-internal/ssg-images").exists()


def test_small_pictures_are_in_the_function_up_to_a_limit(tmp_path: Path) -> None:
    sizes = {"a.jpg": ORIGINALS_BYTES - 1000, "b.jpg": 800, "c.jpg": 300}
    files = {name: bytes([index]) * size for index, (name, size) in enumerate(sizes.items())}
    facts: dict[str, Any] = {"width": 10, "height": 10, "format": "jpeg"}
    rows = [picture(f"/{name}", content, **facts) for name, content in files.items()]
    folder = tmp_path / "function"
    size = emitted(folder, files, rows)
    found = sorted(file.stat().st_size for file in (folder / NAME / ORIGINALS).iterdir())
    assert found == [300, 800]
    assert size.unzipped < ORIGINALS_BYTES


def lines(pictures: list[Picture], files: Mapping[str, bytes]) -> str:
    return "".join(pictures_table(pictures, {("640", "webp")}, ImageSettings(), files))


def test_the_table_is_json_with_a_picture_on_each_line() -> None:
    facts: dict[str, Any] = {"width": 10, "height": 20, "format": "webp"}
    quoted = picture('/a "quoted", name.webp', b"1", **facts)
    remote = picture("https://example.org/b.webp", b"2", **facts, has_alpha=True)
    broken = picture("/c.webp", b"3", **facts, problem="it is cut off")
    hidden = picture("/d.webp", b"4", **facts, focus="30.40")
    moving = picture("/e.webp", b"5", **facts, is_animated=True)
    text = lines([quoted, remote, broken, hidden, moving], {quoted.path[1:]: b"1"})
    table = json.loads(text)
    assert [row[1] for row in table["pictures"]] == [quoted.path, "", "/d.webp"]
    assert [row[3:] for row in table["pictures"]] == [
        ["webp", 10, 20, "", 0, 1],
        ["webp", 10, 20, "", 1, 0],
        ["webp", 10, 20, "30.40", 0, 0],
    ]
    assert len(text.splitlines()) == 5
    assert json.loads(lines([], {}))["pictures"] == []


def test_a_picture_with_a_password_has_only_the_address_of_its_digest() -> None:
    facts: dict[str, Any] = {"width": 10, "height": 20, "format": "webp"}
    rows = [picture(path, path.encode(), **facts) for path in ("/open.webp", "/members/a.webp")]
    guards = parse_headers("/members/*\n  Basic-Auth: me:secret\n", "_headers").rules
    recipes, files = {("640", "webp")}, {"open.webp", "members/a.webp"}
    table = json.loads("".join(pictures_table(rows, recipes, ImageSettings(), files, guards)))
    assert [(row[1], row[8]) for row in table["pictures"]] == [("/open.webp", 1), ("", 0)]
    assert all(row[0] for row in table["pictures"])


LOOK_UP = """
const { PictureTable } = require(process.argv[1]);
const table = new PictureTable(process.argv[2]);
const found = [
  table.byDigest(process.argv[3]).path, table.byDigest('f'.repeat(16)),
  table.byFile('folder/picture-099999.jpg').path, table.byFile('picture-050000.jpg').path,
  table.byFile('nothing.jpg'),
];
console.log(JSON.stringify(found));
"""


def test_the_table_of_100_000_pictures_is_small_and_has_them(tmp_path: Path) -> None:
    one = picture("/x.jpg", b"", width=4000, height=3000, format="jpeg")
    rows = [
        one._replace(
            path=f"/folder/picture-{number:06}.jpg",
            digest=f"{number * 7919 + 1:016x}",
            sha256=f"{number:064x}",
        )
        for number in range(100_000)
    ]
    file = tmp_path / TABLE
    file.write_text(lines(rows, {}), "utf-8")
    assert file.stat().st_size < 14_000_000
    done = subprocess.run(
        ["node", "-e", LOOK_UP, SOURCES / "lib/pictures.js", file, rows[70_000].digest],
        capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert json.loads(done.stdout) == [
        "/folder/picture-070000.jpg", None, "/folder/picture-099999.jpg",
        "/folder/picture-050000.jpg", None,
    ]  # fmt: skip


def test_netlifys_service_knows_the_folders_of_remote_pictures(tmp_path: Path) -> None:
    facts: dict[str, Any] = {"width": 10, "height": 20, "format": "webp"}
    rows = [picture("/a.webp", b"1", **facts)]
    remote = picture("https://photos.example.org/x/b.webp", b"2", **facts)
    assert image_cdn_config(site_of(rows, "netlify")) is None
    assert image_cdn_config(site_of([*rows, remote], "ssg")) is None
    text = image_cdn_config(site_of([*rows, remote], "netlify"))
    assert text
    assert json.loads(text) == {
        "images": {"remote_images": [r"^https://photos\.example\.org/x/.*$"]}
    }


def site_of(rows: list[Picture], service: str) -> Site:
    return cast("Site", PictureSite(rows, images=ImageSettings(service=service)))


def test_a_picture_that_the_function_cannot_read_is_a_warning(tmp_path: Path) -> None:
    bitmap: Files = {"static/old.bmp": saved(drawn(300, 200), "bmp")}
    (warning,) = built(tmp_path, files=bitmap).warnings
    assert "cannot read BMP" in warning.message
    assert str(warning.where) == "static/old.bmp"
    rule = '[[deferred.rules]]\nkind = "image"\nmatch = "**.bmp"\ndeferred = false\n'
    config = CONFIG.format(target="", images="").replace("[[deferred", f"{rule}[[deferred", 1)
    write(tmp_path, {"ssg.toml": config})
    project = load(tmp_path, environment={})
    again = build(project, Layout.of(project), BuildOptions(NOW), Silent())
    assert again.warnings == ()


def test_the_report_names_the_function_and_its_size(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = built(tmp_path)
    print_report(report)
    printed = capsys.readouterr().out
    assert re.search(r"^images by +/\.netlify/builders/ssg-images$", printed, re.M)
    assert re.search(r"^image size +about \d\.\d MB of 52\.4 MB zipped, \d+\.\d MB", printed, re.M)
    values = report.to_json()
    assert values["image_size"]["zipped"] > 8_000_000
    assert values["routes"]["images"] == ["/_img/* /.netlify/builders/ssg-images 200"]


def test_a_picture_that_is_not_published_is_in_the_function(tmp_path: Path) -> None:
    images = "publish_originals = false"
    built(tmp_path, images=images)
    assert not (tmp_path / "public/boat.jpg").exists()
    function = tmp_path / ".netlify/functions-internal/ssg-images"
    (original,) = (function / ORIGINALS).iterdir()
    assert original.read_bytes() == BOAT
