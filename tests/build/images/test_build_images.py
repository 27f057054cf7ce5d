"""The stage `images`: what critical pages show is made once, and published while it is shown."""

from __future__ import annotations

import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from ssg.build.images import write_variants
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.profile import HitRate
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.fingerprint import files
from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob, EncodingResult
from ssg.images.picture_error import PictureError
from tests.build.incremental.test_session import build_again
from tests.conftest import BARE, NOW, Built, write

IMAGES = '[images]\nwidths = [10, 20]\nformats = ["webp", "original"]\n'
SITE = {
    **BARE,
    "ssg.toml": BARE["ssg.toml"] + IMAGES,
    "content/boat.md": "![Boat](/boat.jpg)",
}
_NAME = re.compile(r"_img/[0-9a-f]{16}-[0-9a-z.-]+")


def photo(color: str = "red", size: tuple[int, int] = (40, 30), form: str = "JPEG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", size, color).save(file, form)
    return file.getvalue()


def shown(built: Built, *pages: str) -> set[str]:
    return {name for page in pages for name in _NAME.findall(built.read(page))}


def content(built: Built) -> dict[str, bytes]:
    return {name: (built.report.output / name).read_bytes() for name in built.files}


def published(built: Built) -> set[str]:
    return {name for name in built.files if name.startswith("_img/")}


def sizes(built: Built) -> set[tuple[str | None, int]]:
    found = set()
    for name in published(built):
        with Image.open(built.report.output / name) as image:
            found.add((image.format, image.width))
    return found


def test_what_a_page_shows_is_made(site: Callable[..., Built]) -> None:
    built = site({**SITE, "static/boat.jpg": photo()})
    assert published(built) == shown(built, "boat/index.html") != set()
    assert sizes(built) == {(form, width) for form in ("WEBP", "JPEG") for width in (10, 20)}
    counts = built.report.images
    assert (counts.pictures, counts.made, counts.kept, counts.deferred) == (1, 4, 0, 0)


def test_what_was_made_is_kept_and_never_made_again(site: Callable[..., Built]) -> None:
    first = site({**SITE, "static/boat.jpg": photo()})
    times = {name: (first.report.output / name).stat().st_mtime_ns for name in published(first)}
    again = site({"content/boat.md": "New ![Boat](/boat.jpg)"})
    assert (again.report.images.made, again.report.images.kept) == (0, 4)
    assert {n: (again.report.output / n).stat().st_mtime_ns for n in published(again)} == times
    cached = {file: file.stat().st_mtime_ns for file in (again.root / ".ssg/images").rglob("*.*")}
    shutil.rmtree(again.root / "public")
    new = site({})
    assert (new.report.images.made, new.report.images.kept) == (0, 4)
    assert published(new) == times.keys()
    assert {file: file.stat().st_mtime_ns for file in cached} == cached


def test_a_variant_that_no_page_shows_is_removed(site: Callable[..., Built]) -> None:
    site({**SITE, "static/boat.jpg": photo(), "content/other.md": "![Boat](/boat.jpg)"})
    assert len(published(site({"content/boat.md": "none"}))) == 4
    assert published(site({"content/other.md": "none"})) == set()


def test_a_picture_with_other_settings_has_other_addresses(site: Callable[..., Built]) -> None:
    first = published(site({**SITE, "static/boat.jpg": photo()}))
    second = site({"ssg.toml": SITE["ssg.toml"] + "quality = {webp = 30}\n"})
    assert not first & published(second)
    assert published(second) == shown(second, "boat/index.html")


def test_a_picture_is_decoded_once_for_all_its_variants(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = list[EncodingJob]()
    make_next = EncoderPool.make_next

    def counted(pool: EncoderPool, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        job = next_job()
        jobs.append(job)
        return make_next(pool, lambda: job)

    monkeypatch.setattr(EncoderPool, "make_next", counted)
    site({**SITE, "static/boat.jpg": photo(), "content/same.jpg": photo()})
    assert [len(job.variants) for job in jobs] == [4]


GALLERY = {
    **SITE,
    "content/late.md": "---\ndeferred: true\n---\n![Tree](/gallery/tree.jpg)",
    "static/boat.jpg": photo(),
    "static/gallery/tree.jpg": photo("green"),
}


def test_what_only_deferred_pages_show_is_deferred(site: Callable[..., Built]) -> None:
    built = site(GALLERY, target="netlify")
    assert published(built) == shown(built, "boat/index.html")
    assert built.report.images.deferred == 4
    everything = site({}, target="static")
    assert len(published(everything)) == 8
    assert everything.report.images.deferred == 0


@pytest.mark.parametrize(("target", "made"), [("netlify", 0), ("static", 8)])
def test_a_preview_makes_variants_on_request_if_the_host_can(
    tmp_path: Path, target: str, made: int
) -> None:
    write(tmp_path, GALLERY)
    project = load(tmp_path, overrides={("target", "name"): target}, environment={})
    layout = Layout.for_preview(tmp_path)
    report = build(project, layout, BuildOptions(NOW, package=False), Silent())
    assert (report.images.made, report.images.deferred) == (made, 8 - made)


@pytest.mark.parametrize(
    ("deferred", "made", "others"), [("true", 0, 8), ("false", 8, 0)], ids=["all", "none"]
)
def test_a_rule_decides_for_its_pictures(
    site: Callable[..., Built], deferred: str, made: int, others: int
) -> None:
    rule = f'[[deferred.rules]]\nkind = "image"\ndeferred = {deferred}\n'
    built = site({**GALLERY, "ssg.toml": SITE["ssg.toml"] + rule}, target="netlify")
    assert len(published(built)) == made
    assert (built.report.images.made, built.report.images.deferred) == (made, others)


def test_rules_of_pages_do_not_concern_pictures(site: Callable[..., Built]) -> None:
    rule = '[[deferred.rules]]\nmatch = "**"\n'
    built = site({**GALLERY, "ssg.toml": SITE["ssg.toml"] + rule}, target="netlify")
    assert published(built) == set()  # all pages are deferred, and so by use all variants


CUT = photo()[:-200]


def test_a_broken_picture_is_told_where_it_is_shown(problems: Callable[..., list[str]]) -> None:
    two = "Text\n\n![B](/boat.jpg)\n\n![C](/cut.jpg)"
    files = {**SITE, "static/boat.jpg": CUT, "static/cut.jpg": CUT[:-9], "content/other.md": two}
    told = problems(files)
    assert [line.partition(" is ")[0] for line in told] == [
        f'{place}: the picture "{name}"'
        for place, name in [
            ("content/boat.md:1", "/boat.jpg"),
            ("content/other.md:3", "/boat.jpg"),
            ("content/other.md:5", "/cut.jpg"),
        ]
    ]
    assert problems({}) == told


def test_a_broken_picture_stays_as_it_is_if_the_site_asks_for_that(
    site: Callable[..., Built],
) -> None:
    files = {**SITE, "ssg.toml": SITE["ssg.toml"] + 'broken = "warn"\n', "static/boat.jpg": CUT}
    for _ in range(2):
        built = site(files)
        assert published(built) == set()
        assert 'src="/boat.jpg"' in built.read("boat/index.html")
        assert content(built)["boat.jpg"] == CUT
        (warning,) = built.report.warnings
        assert str(warning).startswith("static/boat.jpg: the picture ")
    mended = site({"static/boat.jpg": photo()})
    assert len(published(mended)) == 4
    assert mended.report.warnings == ()


def test_a_picture_that_took_too_long_is_tried_again(
    site: Callable[..., Built], problems: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(pool: EncoderPool, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        next_job()
        raise PictureError("takes longer than 60 seconds")

    with monkeypatch.context() as patch:
        patch.setattr(EncoderPool, "make_next", late)
        patch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
        assert "takes longer" in problems({**SITE, "static/boat.jpg": photo()})[0]
    assert len(published(site({}))) == 4


def test_a_picture_that_changes_during_the_build_is_read_again(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write_new, blue = write_variants.write_variants, photo("blue")

    def changed(*asked: Any) -> write_variants.WrittenVariants:
        write(tmp_path, {"static/boat.jpg": blue})
        return write_new(*asked)

    monkeypatch.setattr(write_variants, "write_variants", changed)
    built = site({**SITE, "static/boat.jpg": photo("red")})
    assert len(published(built)) == 4
    assert content(built)["boat.jpg"] == blue
    assert built.report.warnings == ()


def test_nothing_is_published_if_a_picture_is_broken(
    site: Callable[..., Built], problems: Callable[..., list[str]]
) -> None:
    before = site({**SITE, "static/boat.jpg": photo()})
    files = content(before)
    assert problems({"static/boat.jpg": CUT})
    assert content(before) == files


def test_a_profile_has_the_stage_and_the_variants_that_were_kept(tmp_path: Path) -> None:
    write(tmp_path, {**SITE, "static/boat.jpg": photo()})
    project = load(tmp_path, environment={})
    options = BuildOptions(NOW, package=False, profile=True)
    for rate in (HitRate(0, 4), HitRate(4, 0)):
        profile = build(project, Layout.of(project), options, Silent()).profile
        assert profile
        assert "images" in dict(profile.stages)
        assert profile.caches["variants"] == rate


def test_a_session_keeps_the_variants_of_pages_that_it_does_not_examine(tmp_path: Path) -> None:
    other = {"content/other.md": "![T](/gallery/tree.jpg)"}
    write(tmp_path, {**GALLERY, **other})
    first = build_again(tmp_path, None)
    write(tmp_path, {"content/boat.md": "none"})
    second = build_again(tmp_path, first.session, "content/boat.md")
    assert second.rendered < second.critical
    assert published(Built(tmp_path, second)) == shown(Built(tmp_path, second), "other/index.html")
    write(tmp_path, {"content/boat.md": "![Boat](/boat.jpg)"})
    third = build_again(tmp_path, second.session, "content/boat.md")
    assert (third.images.made, third.images.kept) == (0, 8)
