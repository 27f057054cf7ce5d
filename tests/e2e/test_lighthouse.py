"""Lighthouse has nothing to say about the pictures of a gallery and of the documentation."""

from __future__ import annotations

import io
import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image

from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from tests.e2e.file_server import serving_folder
from tests.e2e.image_gallery import picture, static_gallery
from tests.e2e.netlify import REPOSITORY
from tests.e2e.test_browser import chromium
from tests.parity.conftest import NOW

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("image_browser")]

CHECKS = Path(__file__).parent / "checks"
AUDITS = {
    "image-aspect-ratio",
    "image-delivery-insight",
    "image-size-responsive",
    "lcp-lazy-loaded",
    "modern-image-formats",
    "offscreen-images",
    "unsized-images",
    "uses-optimized-images",
    "uses-responsive-images",
}
BAD = """<!doctype html><html lang="en"><title>Boat</title>
<meta name="viewport" content="width=device-width"><img src="boat.png" width="60" alt="A boat">"""

Scores = Mapping[str, Mapping[str, float]]


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Scores:
    """The scores of the audits of pictures, by page; one browser opens one page after another."""
    if not (CHECKS / "node_modules/lighthouse").exists():
        assert not os.environ.get("CI"), "Lighthouse is not installed"
        pytest.skip("Lighthouse is not installed: npm install --prefix tests/e2e/checks")
    root = tmp_path_factory.mktemp("sites")
    gallery = static_gallery(root / "gallery")
    write_bad_page(gallery / "bad")
    with serving_folder(gallery) as pictures, serving_folder(documentation(root)) as docs:
        urls = {
            "gallery": f"{pictures}boats/",
            "docs": f"{docs}docs/preview/",
            "bad": f"{pictures}bad/",
        }
        command = ["node", str(CHECKS / "lighthouse.mjs"), chromium(), *urls.values()]
        done = subprocess.run(command, capture_output=True, text=True, timeout=240)
    assert done.returncode == 0, done.stderr
    return dict(zip(urls, map(json.loads, done.stdout.splitlines()), strict=True))


def write_bad_page(folder: Path) -> None:
    """A page whose picture is too large, in a format without loss, and has no height."""
    folder.mkdir()
    (folder / "index.html").write_text(BAD, "utf-8")
    Image.open(io.BytesIO(picture(1))).save(folder / "boat.png", compress_level=0)


def documentation(work: Path) -> Path:
    """This repository's own site for a server: the pages that a build renders."""
    project = load(REPOSITORY, overrides={("target", "name"): "server"})
    layout = Layout(REPOSITORY, work / "dist", work / "state", work)
    return build(project, layout, BuildOptions(NOW), Silent()).output


def failures(scores: Mapping[str, float]) -> dict[str, float]:
    return {audit: score for audit, score in scores.items() if score != 1}


@pytest.mark.parametrize("page", ["gallery", "docs"])
def test_lighthouse_has_nothing_to_say(scores: Scores, page: str) -> None:
    assert scores[page].keys() == AUDITS
    assert failures(scores[page]) == {}


def test_lighthouse_finds_a_picture_that_is_too_large(scores: Scores) -> None:
    wrong = {"unsized-images", "uses-responsive-images", "modern-image-formats"}
    assert failures(scores["bad"]).keys() >= wrong
