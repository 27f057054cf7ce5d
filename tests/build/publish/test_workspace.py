"""Folders of a build, and its lock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.build.layout import Layout
from ssg.build.publish import work_folder
from ssg.build.publish.workspace import workspace
from ssg.config.load import load
from ssg.model.errors import ConfigError, TargetError
from tests.conftest import BARE, Built, build_site, write


def _layout(root: Path, config: str = "") -> Layout:
    write(root, {"ssg.toml": config})
    return Layout.of(load(root, environment={}))


def test_two_builds_of_one_site_do_not_meet(tmp_path: Path) -> None:
    layout = _layout(tmp_path)
    with (
        workspace(layout),
        pytest.raises(TargetError, match="another ssg build"),
        workspace(layout),
    ):
        pass
    with workspace(layout) as space:
        assert space.publish_dir.is_dir()


def test_nothing_is_left_behind_whatever_happens(tmp_path: Path) -> None:
    layout = _layout(tmp_path)
    with pytest.raises(KeyboardInterrupt), workspace(layout) as space:
        (space.publish_dir / "x").write_text("x")
        raise KeyboardInterrupt
    assert not (tmp_path / ".public.ssg").exists()
    assert sorted(path.name for path in layout.state.iterdir()) == [".gitignore", "lock"]


def test_leftovers_of_a_killed_build_are_swept_away(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    left = (".public.ssg/.made-by-ssg", ".public.ssg/new/old.html", ".ssg/new/site.db")
    write(tmp_path, {**BARE, **dict.fromkeys(left, "x")})
    assert "old.html" not in site().files


def test_git_is_told_to_pass_over_the_state(site: Callable[..., Built], tmp_path: Path) -> None:
    site()
    assert (tmp_path / ".ssg" / ".gitignore").read_text() == "*\n"


@pytest.mark.parametrize("output", ["file/public", "file"])
def test_an_output_that_cannot_be_a_folder_is_told_before_any_work(
    tmp_path: Path, output: str
) -> None:
    write(tmp_path, {**BARE, "file": "x"})
    with pytest.raises(ConfigError, match=r"cannot write to .*file"):
        build_site(tmp_path, output_dir=output)
    assert (tmp_path / "file").read_text() == "x"


def test_an_output_without_permission_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, BARE)
    (tmp_path / "public").mkdir()
    monkeypatch.setattr("os.access", lambda path, _mode: Path(path).name != "public")
    with pytest.raises(ConfigError, match=r"cannot write to .*public: permission denied"):
        build_site(tmp_path)


def test_a_work_folder_that_was_half_removed_is_still_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    removed: list[str] = []
    remove = work_folder.remove_folder

    def note(folder: Path) -> None:
        removed.append(folder.name)
        assert work_folder.is_work_folder(tmp_path / "work")
        remove(folder)

    monkeypatch.setattr(work_folder, "remove_folder", note)
    work_folder.make_work_folder(tmp_path / "work")
    write(tmp_path, {"work/a/x": "", "work/b/x": ""})
    work_folder.remove_work_folder(tmp_path / "work")
    assert sorted(removed[:2]) == ["a", "b"]
    assert not (tmp_path / "work").exists()
