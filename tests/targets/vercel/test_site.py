"""A site for Vercel from the command line: made new, built, and built again."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, ssg  # noqa: F401 the fixture
from tests.conftest import BARE, Built, write

DEFERRED = '[target]\nname = "vercel"\n{0}\n[[deferred.rules]]\nmatch = "**"\n{1}\n'


def config(target: str = "", rule: str = "") -> str:
    return str(BARE["ssg.toml"]) + DEFERRED.format(target, rule)


@pytest.mark.parametrize("url", ["", "https://example.org/"])
def test_a_new_site_says_how_vercel_builds_it(
    ssg: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
    url: str,
) -> None:
    ran = ssg("new", "site", "x", "--yes", "--target", "vercel", "--base-url", url)
    assert ran.status == 0, ran.err
    made = json.loads((tmp_path / "x/vercel.json").read_text())
    assert made["framework"] is None
    assert made["buildCommand"].endswith(".venv/bin/python -m ssg build")
    assert ("SSG_BASE_URL" in made["buildCommand"]) is (url == "")
    assert len(made["buildCommand"]) <= 256, "the longest command that Vercel takes"
    assert "pip install -r requirements.txt" in made["installCommand"]
    settings = (tmp_path / "x/ssg.toml").read_text()
    assert 'kind = "prerender"' in settings
    assert "/.vercel/" in (tmp_path / "x/.gitignore").read_text().splitlines()
    assert not (tmp_path / "x/netlify.toml").exists()
    planned = ssg("plan", "--root", "x")
    assert (planned.status, planned.err) == (0, "")


def test_a_kind_of_another_host_is_an_error(ssg: Callable[..., Ran], tmp_path: Path) -> None:  # noqa: F811
    write(tmp_path, {**BARE, "ssg.toml": config('kind = "builder"')})
    ran = ssg("plan")
    assert 'unknown kind of function "builder". One of prerender, function' in ran.err
    ran = ssg("new", "site", "x", "--yes", "--target", "netlify", "--kind", "prerender")
    assert '--kind: error: unknown kind of function "prerender"' in ran.err


def test_what_its_cache_cannot_do_is_told(problems: Callable[..., list[str]]) -> None:
    kept = config("keep_cache = true")
    (problem,) = problems({**BARE, "ssg.toml": kept, "content/a.md": ""}, target="vercel")
    assert '"keep_cache" cannot be true with Vercel\'s Prerender functions' in problem


def test_tags_need_a_plain_function(site: Callable[..., Built]) -> None:
    tagged = config(rule='cache_tags = ["a"]')
    built = site({**BARE, "ssg.toml": tagged, "content/a.md": ""}, target="vercel")
    (warning,) = built.report.warnings
    assert '"cache_tags" has no effect with Vercel\'s Prerender functions' in warning.message
    assert warning.hint == 'Write kind = "function" in [target]'
    own = config('kind = "function"', 'cache_tags = ["a"]')
    built = site({"ssg.toml": own}, target="vercel")
    assert built.report.warnings == ()


def test_a_new_token_is_a_change(
    ssg: Callable[..., Ran],  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    write(tmp_path, {**BARE, "content/a.md": "", "static/_redirects": "/x /a/\n"})
    assert ssg("build", "--target", "vercel").status == 0
    assert (tmp_path / ".vercel/output/static/a/index.html").is_file()
    assert "nothing has changed" in ssg("build", "--target", "vercel").out
    monkeypatch.setenv("VERCEL_BYPASS_TOKEN", "t" * 32)
    assert "nothing has changed" not in ssg("build", "--target", "vercel").out
