"""The site as it is for Netlify: what `examples/blog-platform/netlify/site.py` writes."""

from __future__ import annotations

import runpy
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.platform.site.conftest import SITE, PlatformSite, build_platform

PROGRAM = SITE / "netlify/site.py"
Run = Callable[..., int]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    def call(*arguments: object) -> int:
        monkeypatch.setattr(sys, "argv", [str(PROGRAM), *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            runpy.run_path(str(PROGRAM), run_name="__main__")
        return int(ended.value.code or 0)

    return call


def test_the_api_answers_before_pages_of_users(
    run: Run, tmp_path: Path, platform_site: PlatformSite
) -> None:
    assert run("https://api.example.org/", tmp_path / "site") == 0
    built = build_platform(tmp_path / "site", platform_site.api, target="netlify")
    guards = [str(one) for one in built.report.warnings]
    assert [one for one in guards if "guards pages of the function with a role" not in one] == []
    lines = built.read("_redirects").splitlines()
    rules = [line.split() for line in lines if line.startswith("/")]
    assert rules[:3] == [
        [
            f"/{name}/*",
            f"https://api.example.org/{name}/:splat",
            "200!",
            "Sign=NETLIFY_PROXY_SECRET",
        ]
        for name in ("api", "account", "media")
    ]
    assert ["/:user/:slug", "/.netlify/functions/ssg-pages", "200"] in rules[3:]


def test_no_page_is_a_file_that_nothing_can_purge(
    run: Run, tmp_path: Path, platform_site: PlatformSite
) -> None:
    run("https://api.example.org", tmp_path / "site")
    built = build_platform(tmp_path / "site", platform_site.api, target="netlify")
    assert built.report.live.critical == 0
    assert "index.html" not in built.files
    assert "/ana/the-pier/</loc>" in built.read("sitemap.xml")


@pytest.mark.parametrize("api", ["api.example.org", "http://api.example.org", "https://", "x"])
def test_an_address_that_is_none_writes_nothing(
    run: Run, tmp_path: Path, api: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(api, tmp_path / "site") == 1
    assert "is not an address" in capsys.readouterr().err
    assert not (tmp_path / "site").exists()


def test_a_folder_with_files_stays_as_it_is(
    run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    assert run("https://api.example.org", tmp_path) == 1
    assert "is not empty" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["mine.txt"]
