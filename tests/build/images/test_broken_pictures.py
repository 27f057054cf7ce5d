"""Copies of pictures that are broken, and pictures that a process could not decode."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ssg.build.incremental.up_to_date import build_fingerprint
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.fingerprint import files
from ssg.images.encoder_pool import EncoderPool
from ssg.images.encoding_job import EncodingJob, EncodingResult
from ssg.images.picture_error import PictureError
from tests.build.images.in_process import encode_in_process
from tests.build.images.test_build_images import SITE, photo, published, shown
from tests.conftest import NOW, Built, write

CUT = photo()[:-30]
LENIENT = {**SITE, "ssg.toml": SITE["ssg.toml"] + 'broken = "warn"\n'}


@pytest.fixture(autouse=True)
def _in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    encode_in_process(monkeypatch)


def test_all_copies_of_a_broken_picture_are_named_at_once(
    problems: Callable[..., list[str]],
) -> None:
    names = ("a", "b", "c")
    pages = {f"content/{name}.md": f"![x](/{name}.jpg)" for name in names}
    found = problems({**SITE, **pages, **{f"static/{name}.jpg": CUT for name in names}})
    shown_in = [one.partition(" is truncated")[0] for one in found if "truncated" in one]
    assert shown_in == [f'content/{name}.md:1: the picture "/{name}.jpg"' for name in names]


def test_copies_of_a_broken_picture_are_shown_as_they_are(site: Callable[..., Built]) -> None:
    text = "![x](/a.jpg) ![y](/b.jpg)"
    built = site({**LENIENT, "content/boat.md": text, "static/a.jpg": CUT, "static/b.jpg": CUT})
    assert shown(built, "boat/index.html") == published(built) == set()
    warned = sorted(str(one).partition(":")[0] for one in built.report.warnings)
    assert warned == ["static/a.jpg", "static/b.jpg"]


def test_a_copy_with_another_suffix_takes_no_variants_away(site: Callable[..., Built]) -> None:
    built = site({**SITE, "static/boat.jpg": photo(), "static/a.png": photo()})
    assert published(built) == shown(built, "boat/index.html") != set()
    assert built.report.images.made == 4


def test_a_build_with_a_picture_to_try_again_is_not_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(_pool: EncoderPool, next_job: Callable[[], EncodingJob]) -> EncodingResult:
        next_job()
        raise PictureError("takes longer than 60 seconds")

    write(tmp_path, {**LENIENT, "static/boat.jpg": photo()})
    project = load(tmp_path, environment={})
    layout, options = Layout.of(project), BuildOptions(NOW, package=False)
    noted = build_fingerprint(project, options.key)

    def has_note() -> bool:
        build(project, layout, replace(options, fingerprint=noted), Silent())
        return layout.up_to_date.is_file()

    with monkeypatch.context() as patch:
        patch.setattr(EncoderPool, "make_next", late)
        assert not has_note()
    assert has_note()


def test_a_build_knows_of_broken_pictures_what_a_clean_one_does(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    shown_once = site({**LENIENT, "static/boat.jpg": CUT})
    assert len(shown_once.report.warnings) == 1
    later, clean = site({"content/boat.md": "none"}), site({}, no_cache=True)
    assert later.report.warnings == clean.report.warnings == ()
    assert later.report.build_id == clean.report.build_id


def test_a_picture_that_is_too_long_for_a_size_has_no_variant_of_it(
    site: Callable[..., Built],
) -> None:
    config = SITE["ssg.toml"] + '[[deferred.rules]]\nkind = "image"\ndeferred = false\n'
    tall = photo(size=(20, 17_000), form="PNG")
    text = "![x](/tall.png)"
    built = site({**SITE, "ssg.toml": config, "content/boat.md": text, "static/tall.png": tall})
    assert {name.rpartition("-")[2] for name in published(built)} == {"10.png", "10.webp"}
    assert shown(built, "boat/index.html") == published(built)
    (picture,) = built.site.pictures()
    found = [built.site.find_variant(f"/_img/{picture.digest}-{n}.png") for n in (10, 20)]
    assert [bool(one) for one in found] == [True, False]
