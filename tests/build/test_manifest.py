"""`.ssg/manifest.json`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import ssg
from ssg.build import manifest
from ssg.build.manifest import write_manifest
from ssg.plan.pictures import BY_USE
from tests.conftest import Built

FILES = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org"\n[[deferred.rules]]\nmatch = '
    '"blog/**"\nttl = 60\nstale = "1m"\ncache_tags = ["blog"]\n',
    "content/blog/ö.md": "",
    "content/blog/a.md": "---\nttl: 90\nstale: 0\ncache_tags: [b, a]\n---\n",
}


def test_a_manifest_names_every_deferred_page(site: Callable[..., Built]) -> None:
    built = site(FILES, target="netlify")
    found = json.loads(built.report.manifest.read_text())
    assert found == {
        "version": 1,
        "generator": f"ssg {ssg.__version__}",
        "build_id": built.report.build_id,
        "build_time": "2026-01-31T12:00:00+00:00",
        "base_url": "https://example.org/",
        "target": "netlify",
        "builder": "/.netlify/builders/ssg-pages",
        "routes": [],
        "live_pages": [],
        "images": None,
        "pages": [
            {
                "path": "/blog/a/", "source": "blog/a.md", "template": "page.html", "ttl": 90,
                "stale": 0, "cache_tags": ["b", "a"],
                "reason": 'rule 1 (match "blog/**")',
            },
            {
                "path": "/blog/ö/", "source": "blog/ö.md", "template": "page.html", "ttl": 60,
                "stale": 60, "cache_tags": ["blog"],
                "reason": 'rule 1 (match "blog/**")',
            },
        ],
    }  # fmt: skip


def test_a_manifest_names_pictures_and_recipes(
    site: Callable[..., Built], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(manifest, "_MAX_PICTURES", 2)
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="2"/>'
    config = FILES["ssg.toml"] + '[images]\nwidths = [9]\nformats = ["webp"]\n'
    config += '[[deferred.rules]]\nkind = "image"\nmatch = "b*"\n'
    images = {"static/a.jpg": "", "static/b.svg": dot, "static/c.svg": dot}
    built = site({**FILES, **images, "ssg.toml": config}, target="netlify")
    found = json.loads(built.report.manifest.read_text())["images"]
    assert (found["count"], found["recipes"]) == (3, ["9 original", "9 webp"])
    broken, drawn = found["pictures"]
    assert (broken["path"], broken["size"], broken["format"]) == ("/a.jpg", [0, 0], None)
    assert (broken["problem"], broken["deferred"], broken["reason"]) == ("is empty", None, BY_USE)
    assert (drawn["source"], drawn["size"], drawn["format"]) == ("static/b.svg", [1, 2], "svg")
    assert (drawn["problem"], drawn["deferred"]) == (None, True)
    assert drawn["reason"] == 'rule 2 (match "b*", kind "image")'


def test_a_page_has_a_line_of_its_own(site: Callable[..., Built]) -> None:
    lines = site(FILES, target="netlify").report.manifest.read_text().splitlines()
    assert sum('"path"' in line for line in lines) == 2


@pytest.mark.parametrize("config", [FILES["ssg.toml"], ""])
def test_pages_of_the_build_before_are_taken_over(
    site: Callable[..., Built], tmp_path: Path, config: str
) -> None:
    built = site(
        {**FILES, "ssg.toml": config or 'base_url = "https://example.org"'}, target="netlify"
    )
    asked = tmp_path / "manifest.json", built.site, "netlify", "/builder"
    counted = write_manifest(*asked)
    made = asked[0].read_bytes()
    assert write_manifest(*asked, asked[0]) == counted == (2 if config else 0)
    assert asked[0].read_bytes() == made


@pytest.mark.parametrize("text", ["", "{}", ',\n  "pages": [', "\xff"])
def test_what_is_no_manifest_is_not_taken_over(
    site: Callable[..., Built], tmp_path: Path, text: str
) -> None:
    built = site(FILES, target="netlify")
    (tmp_path / "before.json").write_bytes(text.encode("latin-1"))
    for before in (tmp_path / "before.json", tmp_path / "missing.json"):
        asked = tmp_path / "manifest.json", built.site, "netlify", None
        assert write_manifest(*asked, before) == 2
        assert len(json.loads(asked[0].read_text("utf-8"))["pages"]) == 2


def test_a_site_without_deferred_pages_has_a_manifest(site: Callable[..., Built]) -> None:
    manifest = json.loads(site(FILES).report.manifest.read_text())
    assert (manifest["pages"], manifest["builder"], manifest["target"]) == ([], None, "static")
