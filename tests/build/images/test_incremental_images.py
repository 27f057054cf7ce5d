"""After any edits, an incremental build publishes the pictures of a clean build."""

from __future__ import annotations

import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ssg.fingerprint import files
from ssg.model.errors import SsgError
from tests.build.images.in_process import encode_in_process
from tests.conftest import BARE, build_site, write
from tests.examples import examples


def _photo(color: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (24, 18), color).save(file, "JPEG")
    return file.getvalue()


RED, BLUE = _photo("red"), _photo("blue")
CONFIG = BARE["ssg.toml"] + '[images]\nwidths = [8, 16]\nformats = ["webp"]\nbroken = "warn"\n'
RULE = '[[deferred.rules]]\nkind = "image"\n'
CHOICES: Mapping[str, tuple[str | bytes | None, ...]] = {
    "content/a.md": ("![A](/one.jpg)", "![A](/two.jpg) [whole](/one.jpg)", "none", None),
    "content/b.md": ("![A](/one.jpg)", "---\ndeferred: true\n---\n![B](/two.jpg)", None),
    "content/c/index.md": ("![A](own.jpg)", "---\ntitle: C\n---\n", None),
    "content/c/own.jpg": (RED, BLUE, None),
    "static/one.jpg": (RED, BLUE, RED[:-100], b""),
    "static/two.jpg": (RED, BLUE),
    "ssg.toml": (
        CONFIG,
        CONFIG + 'quality = {webp = 20}\n[images.focus]\n"one.jpg" = "top"\n',
        CONFIG + RULE,
        CONFIG + "publish_originals = false\n",
        CONFIG + "publish_originals = false\n[images.recipes]\nthumb = {width = 5}\n",
        CONFIG + RULE + 'match = "one.*"\ndeferred = false\n',
        BARE["ssg.toml"],
    ),
    "templates/page.html": (
        "{{ page.content }}",
        "{{ image('/two.jpg', width=6).html }}",
        "{{ page.title }} {% for p in site.pages %}{{ p.summary }}{% endfor %}",
    ),
}
START: Mapping[str, str | bytes] = {
    **BARE,
    "content/a.md": "![A](/one.jpg)",
    "content/b.md": "![A](/one.jpg)",
    "static/one.jpg": RED,
    "static/two.jpg": BLUE,
    "ssg.toml": CONFIG,
}
edits = st.sampled_from(sorted(CHOICES)).flatmap(
    lambda name: st.tuples(st.just(name), st.sampled_from(CHOICES[name]))
)


def _published(site: Path, target: str) -> object:
    """The files of the publish folder, or the problems of a build."""
    try:
        built = build_site(site, target=target)
    except SsgError as error:
        return sorted(map(str, error.problems))
    output = built.report.output
    return {
        name: (output / name).read_bytes() for name in built.files
    }, built.report.images.deferred


@pytest.mark.parametrize("target", ["static", "netlify"])
def test_an_incremental_build_publishes_what_a_clean_one_does(
    monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    monkeypatch.setattr(files, "COARSE_TICK_NANOSECONDS", 0)
    encode_in_process(monkeypatch)

    @settings(max_examples=examples(4), deadline=None)
    @given(st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=3))
    def check(rounds: list[list[tuple[str, str | bytes | None]]]) -> None:
        with TemporaryDirectory() as name:
            site, clean = Path(name) / "site", Path(name) / "clean"
            write(site, START)
            _published(site, target)
            for changes in rounds:
                for file, value in changes:
                    if value is None:
                        (site / file).unlink(missing_ok=True)
                    else:
                        write(site, {file: value})
                found = _published(site, target)
                ignored = shutil.ignore_patterns("public", ".ssg", ".netlify")
                shutil.copytree(site, clean, ignore=ignored)
                assert found == _published(clean, target)
                shutil.rmtree(clean)

    check()
