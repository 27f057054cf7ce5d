"""`ssg build`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.cli.conftest import Ran

Ssg = Callable[..., Ran]
FILES = {
    "content/a.md": "",
    "content/draft.md": "---\ndraft: true\n---\n",
    "content/old.md": "---\nexpiry_date: 2020-01-01\n---\n",
    "content/soon.md": "---\ndate: 2030-01-01\n---\n",
}


def test_a_build_ends_with_its_figures(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("build", files=FILES)
    assert ran.status == 0
    assert "5 critical, 0 deferred" in ran.out
    assert str(tmp_path / "public") in ran.out
    assert "static" in ran.out
    assert [line for line in ran.err.splitlines() if line.startswith("skipped")] == [
        "skipped content/draft.md: draft",
        "skipped content/old.md: expired on 2020-01-01 00:00 UTC",
        "skipped content/soon.md: to be published on 2030-01-01 00:00 UTC",
    ]


def test_stages_are_lines_in_a_pipe(ssg: Ssg) -> None:
    ran = ssg("build", files=FILES)
    assert ran.err.splitlines()[:2] == ["scan", "plan"]
    assert "render (5)" in ran.err.splitlines()


def test_quiet_prints_nothing_on_success(ssg: Ssg) -> None:
    assert ssg("build", "-q", files=FILES) == Ran(0, "", "")


def test_verbose_prints_the_times(ssg: Ssg) -> None:
    assert "render 0." in ssg("build", "-v", files=FILES).out


def test_json_is_all_that_is_printed(ssg: Ssg) -> None:
    ran = ssg("build", "--json", files={**FILES, "content/w.md": "---\ntitel: x\n---\n"})
    report = json.loads(ran.out)
    assert (ran.status, ran.err) == (0, "")
    assert (report["critical"], report["deferred"], report["target"]) == (6, 0, "static")
    assert [skipped["source"] for skipped in report["skipped"]] == ["draft.md", "old.md", "soon.md"]
    assert report["warnings"][0]["hint"] == 'Did you mean "title"?'


def test_json_errors_have_their_places(ssg: Ssg) -> None:
    ran = ssg("build", "--json", files={"content/a.md": "---\n"})
    assert ran.status == 1
    assert json.loads(ran.out) == {
        "errors": [
            {
                "message": "the front matter that begins here has no closing ---",
                "where": {"path": "content/a.md", "line": 1, "column": 1},
                "hint": None,
                "pages": [],
            }
        ]
    }


def test_options_include_drafts_and_others(ssg: Ssg, tmp_path: Path) -> None:
    ssg("build", "-D", "-F", "-E", files=FILES)
    pages = {path.parent.name for path in (tmp_path / "public").rglob("index.html")}
    assert {"draft", "old", "soon", "a"} <= pages


def test_options_override_the_configuration(ssg: Ssg, tmp_path: Path) -> None:
    ran = ssg("build", "-o", "dist", "-b", "https://other.org/x", "--target", "static", files=FILES)
    assert ran.status == 0
    assert "https://other.org/x/a/" in (tmp_path / "dist" / "sitemap.xml").read_text()
    assert not (tmp_path / "public").exists()


def test_another_configuration_can_be_named(ssg: Ssg, tmp_path: Path) -> None:
    other = {"other.toml": 'theme = ""\noutput_dir = "elsewhere"\n'}
    assert ssg("build", "-c", "other.toml", files=other).status == 0
    assert (tmp_path / "elsewhere" / "index.html").exists()


def test_strict_fails_on_a_warning(ssg: Ssg) -> None:
    files = {"content/a.md": "---\ntitel: x\n---\n"}
    easy = ssg("build", files=files)
    assert easy.status == 0
    assert 'content/a.md:2:1: warning: unknown key "titel". Did you mean "title"?' in easy.err
    strict = ssg("build", "--strict")
    assert strict.status == 1
    assert 'content/a.md:2:1: error: unknown key "titel"' in strict.err


def test_a_wrong_option_is_named_as_such(ssg: Ssg) -> None:
    ran = ssg("build", "--target", "netlfy")
    assert ran.status == 1
    assert ran.err == '--target: error: unknown target "netlfy". Did you mean "netlify"?\n'


def test_a_second_build_says_that_nothing_has_changed(ssg: Ssg) -> None:
    build_id = json.loads(ssg("build", "--json", files=FILES).out)["build_id"]
    ran = ssg("build")
    assert ran == Ran(0, f"nothing has changed since build {build_id}\n", "")
    assert ssg("build", "-q") == Ran(0, "", "")
    report = json.loads(ssg("build", "--json").out)
    assert (report["build_id"], report["rendered"], report["read"]) == (build_id, 0, 0)
    assert report["kept"] == report["critical"] == 5


def test_warnings_are_printed_again(ssg: Ssg) -> None:
    ssg("build", files={"content/a.md": "---\ntitel: x\n---\n"})
    ran = ssg("build")
    assert ran.err.startswith('content/a.md:2:1: warning: unknown key "titel"')
    assert ran.out.startswith("nothing has changed")


def test_a_build_prints_what_it_rendered(ssg: Ssg) -> None:
    assert "5 pages, 0 kept; everything is new" in ssg("build", files=FILES).out
    assert "1 page, 4 kept; 1 file changed" in ssg("build", files={"content/a.md": "other"}).out


def test_without_the_cache_everything_is_built_again(ssg: Ssg) -> None:
    ssg("build", files=FILES)
    assert "5 pages, 0 kept; everything is new" in ssg("build", "--no-cache").out
    assert ssg("build").out.startswith("nothing has changed")
