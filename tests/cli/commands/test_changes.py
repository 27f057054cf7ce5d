"""`ssg changes`, and what `ssg build` says of changes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.cli.build_summary import changes_line
from ssg.fingerprint.tag_table.changes import SiteChanges
from ssg.render.dependencies.tags import page_tag
from tests.cli.conftest import Ran

FILES = {
    "ssg.toml": 'theme = ""\nbase_url = "https://example.org/"\n[target]\nname = "netlify"\n'
    'kind = "function"\n[[deferred.rules]]\nmatch = "**"\n',
    "content/a.md": "---\ntitle: A\n---\na",
    "content/b.md": "---\ntitle: B\n---\nb",
}
OTHER = {"content/a.md": "---\ntitle: A\n---\nother"}


@pytest.fixture(autouse=True)
def no_package(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build makes no function: the table does not depend on it."""
    from ssg.build import pipeline
    from ssg.targets.load_target import target_for

    monkeypatch.setattr(
        pipeline, "target_for", lambda settings, **_: target_for(settings, package=False)
    )


def _id(root: Path) -> str:
    found: str = json.loads((root / "public/_ssg/tags.json").read_text())["build_id"]
    return found


def test_a_build_says_what_changed(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    assert "everything may have changed: no earlier build is known" in ssg("build", files=FILES).out
    first = _id(tmp_path)
    done = ssg("build", files=OTHER)
    assert f"at least 1 deferred page changed since build {first}" in " ".join(done.out.split())
    shown = ssg("changes")
    assert shown.status == 0
    assert shown.out.splitlines()[1:] == ["  /a/"]
    values = json.loads(ssg("changes", "--json").out)
    assert (values["since"], values["build"]) == (first, _id(tmp_path))
    assert (values["pages"], values["everything"]) == (["/a/"], False)
    assert page_tag("/a/") in values["tags"]
    assert json.loads((tmp_path / ".ssg/changes.json").read_text()) == values


def test_two_builds_are_compared_by_their_tables(ssg: Callable[..., Ran], tmp_path: Path) -> None:
    ssg("build", files=FILES)
    live = shutil.copytree(tmp_path / "public", tmp_path / "live")
    ssg("build", files=OTHER)
    ssg("build", files={"content/b.md": "---\ntitle: B\n---\nother"})
    assert ssg("changes").out.splitlines()[1:] == ["  /b/"]
    assert ssg("changes", "--since", str(live)).out.splitlines()[1:] == ["  /a/", "  /b/"]
    (table,) = (live / "_ssg/tags").iterdir()
    values = json.loads(ssg("changes", "--since", str(table), "--json").out)
    assert values["since"] == json.loads((live / "_ssg/tags.json").read_text())["build_id"]
    unknown = ssg("changes", "--since", str(tmp_path / "none.bin"))
    assert unknown.status == 0
    assert "No such file" in unknown.err
    assert unknown.out == "everything may have changed: no earlier build is known\n"


def test_a_build_that_has_nothing_to_do_is_compared_all_the_same(
    ssg: Callable[..., Ran], tmp_path: Path
) -> None:
    ssg("build", files=FILES)
    live = shutil.copytree(tmp_path / "public", tmp_path / "live")
    ssg("build", files=OTHER)
    ssg("build", files={"content/b.md": "---\ntitle: B\n---\nother"})
    done = ssg("build", "--since", str(live))
    assert "nothing has changed since build" in done.out
    assert json.loads((tmp_path / ".ssg/changes.json").read_text())["pages"] == ["/a/", "/b/"]
    done = ssg("build", "--since", str(tmp_path / "none.bin"), "--json")
    assert json.loads(done.out)["changes"] == {
        "since": None, "tags": 1, "pages": 0, "everything": True,
    }  # fmt: skip
    assert "no tag table of" in done.err


def test_without_a_build_there_is_nothing_to_compare(ssg: Callable[..., Ran]) -> None:
    for words in (["changes"], ["changes", "--since", "none.bin"]):
        done = ssg(*words)
        assert done.status == 1
        assert "Run ssg build" in done.err


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (SiteChanges("a", "b", ("x", "y")), "2 tags changed since build a"),
        (SiteChanges("a", "b"), "nothing that caches keep has changed since build a"),
        (
            SiteChanges(None, "b", ("site",), (), True),
            "everything may have changed: no earlier build is known",
        ),
        (
            SiteChanges("a", "b", ("x",), ("/1/", "/2/")),
            "1 tag and at least 2 deferred pages changed since build a",
        ),
    ],
)  # fmt: skip
def test_changes_in_one_line(changes: SiteChanges, line: str) -> None:
    assert changes_line(changes) == line
