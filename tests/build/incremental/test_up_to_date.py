"""Seeing that there is nothing to do."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ssg.build.incremental import up_to_date
from ssg.build.incremental.up_to_date import build_fingerprint, report_if_up_to_date
from ssg.build.layout import Layout
from ssg.build.options import BuildOptions
from ssg.build.pipeline import build
from ssg.build.stages import Silent
from ssg.config.load import load
from ssg.content.source.publication import IncludeOptions
from ssg.model.errors import ContentError
from tests.conftest import BARE, NOW, write

RULE = BARE["ssg.toml"] + '[[deferred.rules]]\nmatch = "**"\nolder_than = "10d"\n'
FILES = {
    **BARE,
    "content/a.md": "---\ndate: 2026-01-30\n---\nA",
    "static/x.css": "x",
    "data/d.json": "1",
    "themes/mine/templates/x.html": "x",
}


def _at_rest(root: Path, now: dt.datetime = NOW, **asked: Any) -> bool:
    """Whether a build would do nothing; if not, it is done."""
    project = load(root, overrides={("target", "name"): "netlify"}, environment={})
    options = BuildOptions(now, package=False, **asked)
    layout, fingerprint = Layout.of(project), build_fingerprint(project, options.key)
    report = report_if_up_to_date(layout, fingerprint, now) if fingerprint else None
    if report is not None:
        return True
    build(project, layout, replace(options, fingerprint=fingerprint), Silent())
    return False


@pytest.fixture
def root(tmp_path: Path) -> Path:
    write(tmp_path, FILES)
    assert not _at_rest(tmp_path)
    return tmp_path


def test_what_was_built_is_at_rest_and_stays_there(root: Path) -> None:
    assert _at_rest(root)
    assert _at_rest(root)


@pytest.mark.parametrize(
    "files",
    [
        {"content/a.md": "B"}, {"content/b.md": ""}, {"content/deep/b.md": ""},
        {"templates/page.html": ""}, {"static/x.css": "y"}, {"static/y.css": ""},
        {"data/d.json": "2"}, {"i18n/en.toml": ""}, {"hooks.py": "def setup(hooks): ..."},
        {"netlify.toml": ""}, {"ssg.toml": BARE["ssg.toml"] + 'title = "x"\n'},
        {"public/index.html": "by hand"}, {".ssg/site.db": ""}, {".ssg/manifest.json": ""},
        {".ssg/cache/up_to_date.json": "{"}, {".ssg/cache/up_to_date.json": "{}"},
    ],
)  # fmt: skip
def test_any_change_ends_the_rest(root: Path, files: dict[str, str]) -> None:
    write(root, files)
    assert not _at_rest(root)


@pytest.mark.parametrize("name", ["content/a.md", "public/a/index.html", ".ssg/site.db"])
def test_a_file_that_is_gone_ends_the_rest(root: Path, name: str) -> None:
    (root / name).unlink()
    assert not _at_rest(root)
    assert _at_rest(root)


class _Author(Silent):
    """Changes a file while a build is at a stage."""

    def __init__(self, stage: str, file: Path) -> None:
        self._stage = stage
        self._file = file

    def begin(self, stage: str, total: int) -> None:  # noqa: ARG002 an observer is told both
        if stage == self._stage:
            self._file.write_bytes(self._file.read_bytes().swapcase())


@pytest.mark.parametrize(
    ("name", "place", "shown"),
    [
        ("content/a.md", "a/index.html", "A|<p>a</p>\n"),
        ("content/_index.md", "index.html", "T: /a/"),
        ("content/a.txt", "a.txt", "A"),
        ("static/x.css", "x.css", "X"),
    ],
)
@pytest.mark.parametrize("stage", ["scan", "plan"])
def test_a_change_during_a_build_is_never_missed(
    tmp_path: Path, stage: str, name: str, place: str, shown: str
) -> None:
    write(tmp_path, {**FILES, "content/a.txt": "a", "content/_index.md": "---\ntitle: t\n---"})
    project = load(tmp_path, overrides={("target", "name"): "netlify"}, environment={})
    options = BuildOptions(NOW, package=False)
    layout, fingerprint = Layout.of(project), build_fingerprint(project, options.key)
    build(
        project, layout, replace(options, fingerprint=fingerprint), _Author(stage, tmp_path / name)
    )
    assert not _at_rest(tmp_path)
    assert (tmp_path / "public" / place).read_text() == shown


def test_what_has_had_a_second_name_stays_at_rest(root: Path) -> None:
    """As files of a function have that are in the folder of the build before, too."""
    (root / "again").hardlink_to(root / ".ssg/site.db")
    (root / "again").unlink()
    assert _at_rest(root)


def test_what_must_not_be_there_ends_the_rest(root: Path) -> None:
    (root / "content/nowhere.md").symlink_to("gone.md")
    with pytest.raises(ContentError):
        _at_rest(root)


def test_other_options_are_another_build(root: Path) -> None:
    assert not _at_rest(root, include=IncludeOptions(drafts=True))
    assert not _at_rest(root)


def test_the_theme_is_looked_at(root: Path) -> None:
    write(root, {"ssg.toml": BARE["ssg.toml"].replace('theme = ""', 'theme = "mine"')})
    assert not _at_rest(root)
    assert _at_rest(root)
    write(root, {"themes/mine/templates/x.html": "other"})
    assert not _at_rest(root)


def test_the_hour_of_a_page_ends_the_rest(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "content/b.md": "---\ndate: 2026-02-02\n---\n"})
    assert not _at_rest(tmp_path)
    assert _at_rest(tmp_path, NOW + dt.timedelta(hours=35))
    assert not _at_rest(tmp_path, NOW + dt.timedelta(hours=36))
    assert (tmp_path / "public/b/index.html").is_file()


def test_the_age_of_a_page_ends_the_rest(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "ssg.toml": RULE})
    assert not _at_rest(tmp_path)
    born = dt.datetime(2026, 1, 30, tzinfo=dt.UTC)
    assert _at_rest(tmp_path, born + dt.timedelta(days=9, hours=23))
    assert not _at_rest(tmp_path, born + dt.timedelta(days=10, seconds=1))
    assert not (tmp_path / "public/a/index.html").exists()


def test_a_clock_that_goes_back_ends_the_rest(root: Path) -> None:
    assert not _at_rest(root, NOW - dt.timedelta(seconds=1))


@pytest.mark.parametrize("words", ["{{ now }}", "{{ site.build_time }}"])
def test_who_reads_the_clock_is_never_at_rest(root: Path, words: str) -> None:
    write(root, {"templates/page.html": words})
    assert not _at_rest(root)
    assert not _at_rest(root)


def test_who_may_read_the_world_is_never_at_rest(root: Path) -> None:
    write(root, {"build_hooks.py": "def setup(hooks): ..."})
    assert not _at_rest(root)
    assert not _at_rest(root)


def test_other_code_is_another_generator(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(up_to_date, "code_fingerprint", lambda: "other")
    assert not _at_rest(root)


def test_the_report_is_told_again(root: Path) -> None:
    note = json.loads((root / ".ssg/cache/up_to_date.json").read_text())
    assert note["report"]["critical"] > 0
    assert note["report"]["warnings"] == []
