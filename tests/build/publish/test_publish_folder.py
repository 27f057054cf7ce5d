"""Putting a build into place: whole or not at all, and nothing of the user's is lost."""

from __future__ import annotations

import os
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ssg.build.publish import journal, publish_folder, workspace
from ssg.build.publish.publish_folder import (
    clashes,
    file_names,
    link_files,
    swap_folders,
    undo_half_swap,
)
from ssg.model.errors import TargetError
from tests.conftest import BARE, Built, build_site, write


def _read(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in file_names(folder)}


@pytest.fixture(params=["one step", "two renames"])
def swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without a system that can exchange two folders."""
    if request.param == "two renames":
        monkeypatch.setattr(publish_folder, "_swap_atomically", lambda _one, _other: False)


@pytest.mark.usefixtures("swap")
def test_a_swap_leaves_the_old_folder_beside(tmp_path: Path) -> None:
    write(tmp_path, {"new/a": "new", "place/a": "old"})
    swap_folders(tmp_path / "new", tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "new"}
    assert _read(tmp_path / "old") == {"a": "old"}
    assert not (tmp_path / "new").exists()


def test_a_swap_with_nothing_is_a_rename(tmp_path: Path) -> None:
    write(tmp_path, {"new/a": "new"})
    swap_folders(tmp_path / "new", tmp_path / "deep" / "place", tmp_path / "old")
    assert _read(tmp_path / "deep" / "place") == {"a": "new"}
    assert not (tmp_path / "old").exists()


def test_half_a_swap_is_undone(tmp_path: Path) -> None:
    write(tmp_path, {"old/a": "old"})
    undo_half_swap(tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "old"}
    undo_half_swap(tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "old"}


def test_foreign_files_links_and_modes_are_carried_over(tmp_path: Path) -> None:
    write(tmp_path, {"out/mine.txt": "x", "out/deep/er/mine": "y"})
    (tmp_path / "out" / "link").symlink_to("/nowhere")
    (tmp_path / "out" / "mine.txt").chmod(0o600)
    (tmp_path / "new").mkdir()
    link_files(tmp_path / "out", tmp_path / "new", file_names(tmp_path / "out"))
    assert sorted(file_names(tmp_path / "new")) == ["deep/er/mine", "link", "mine.txt"]
    assert (tmp_path / "new" / "link").is_symlink()
    assert (tmp_path / "new" / "mine.txt").stat().st_mode & 0o777 == 0o600


segments = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join)


def _clash(one: str, other: str) -> bool:
    return one == other or one.startswith(other + "/") or other.startswith(one + "/")


@settings(deadline=None)  # it writes files
@given(st.sets(segments), st.sets(segments), st.sets(segments))
def test_in_the_way_is_what_cannot_stand_beside(
    there: set[str], files: set[str], known: set[str]
) -> None:
    there = {one for one in there if not any(_clash(one, o) for o in there if o != one)}
    with tempfile.TemporaryDirectory() as folder:
        write(Path(folder), dict.fromkeys(there, ""))
        found = clashes(Path(folder), sorted(files), known)
    foreign = there - known
    assert bool(found) == any(_clash(one, other) for one in foreign for other in files)


def test_only_some_of_many_are_shown(tmp_path: Path) -> None:
    many = [f"{n}" for n in range(9)]
    write(tmp_path / "public", dict.fromkeys(many, ""))
    (problem,) = clashes(tmp_path / "public", many, ())
    assert problem.message == (
        "public/ has files that ssg did not write and this build would replace: 0, 1, 2, 3, 4, ..."
    )


# -- whole builds ------------------------------------------------------------------------------

LATER = {"content/a.md": "A2", "content/new.md": "new", "static/x.css": "2"}
A_AND_B = {"content/a.md": "A", "content/b.md": "B", "static/x.css": "1"}


@pytest.mark.usefixtures("swap")
def test_a_removed_page_disappears_and_foreign_files_stay(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    site(A_AND_B)
    write(tmp_path, {"public/mine.txt": "mine", "public/b/mine.txt": "mine", "public/.git/x": "y"})
    (tmp_path / "content/b.md").unlink()
    (tmp_path / "static/x.css").unlink()
    built = site()
    assert {"b/index.html", "x.css"}.isdisjoint(built.files)
    assert built.read("mine.txt") == built.read("b/mine.txt") == "mine"
    assert built.read(".git/x") == "y"
    site()
    assert built.read("b/mine.txt") == "mine"


@pytest.mark.parametrize(
    "name", ["a/index.html", "x.css", "feed.xml", "a", "a/index.html/deep", "old/index.html"]
)
def test_a_foreign_file_in_the_way_is_an_error_and_stays(
    site: Callable[..., Built], tmp_path: Path, name: str
) -> None:
    write(tmp_path, {**BARE, f"public/{name}": "mine"})
    with pytest.raises(TargetError, match=f"ssg did not write .*: {name}"):
        site({**A_AND_B, "content/c.md": "---\naliases: /old\n---\n"})
    assert _read(tmp_path / "public") == {name: "mine"}


def test_a_file_that_ssg_wrote_may_be_changed_by_hand_and_is_replaced(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    site(A_AND_B)
    write(tmp_path, {"public/a/index.html": "changed"})
    assert site().read("a/index.html") == "A|<p>A</p>\n"


def test_without_the_list_of_written_files_nothing_is_deleted(
    site: Callable[..., Built], tmp_path: Path
) -> None:
    site(A_AND_B)
    (tmp_path / ".ssg" / "written.json").unlink()
    before = _read(tmp_path / "public")
    with pytest.raises(TargetError, match="did not write"):
        site()
    assert _read(tmp_path / "public") == before


def test_another_output_folder_leaves_the_first_alone(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, **A_AND_B})
    first = build_site(tmp_path)
    second = build_site(tmp_path, output_dir="dist/site")
    assert second.report.output == tmp_path / "dist" / "site"
    assert _read(first.report.output) == _read(second.report.output)


def test_the_output_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path / "site", {**BARE, **A_AND_B})
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site" / "public").symlink_to(tmp_path / "elsewhere")
    build_site(tmp_path / "site")
    assert (tmp_path / "site" / "public").is_symlink()
    assert (tmp_path / "elsewhere" / "index.html").is_file()


LATER = {"content/a.md": "A2", "content/new.md": "new", "static/x.css": "2"}


def _build_and_die(root: Path, steps: int, way: str) -> int:
    """The exit status of a build in a process of its own that is gone after so many steps."""
    if pid := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    try:
        _break_after(steps, way)
        build_site(root)
        os._exit(0)
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _break_after(steps: int, way: str) -> None:
    left = iter(range(steps))

    def step(function: Callable[..., object]) -> Callable[..., object]:
        def run(*arguments: object, **options: object) -> object:
            if next(left, None) is None:
                os._exit(9)
            return function(*arguments, **options)

        return run

    for module, name in (
        (workspace, "link_files"),
        (workspace, "remove_folder"),
        (publish_folder, "_swap_atomically"),
    ):
        setattr(module, name, step(getattr(module, name)))
    journal.swap_folders = step(journal.swap_folders)  # type: ignore[assignment]
    journal._APPLY = {name: step(function) for name, function in journal._APPLY.items()}
    for name in ("rename", "replace", "unlink", "rmdir"):
        setattr(Path, name, step(getattr(Path, name)))
    if way != "one by one":
        workspace.SINGLE_MOVES_BELOW = 0
    if way == "two renames":
        publish_folder._swap_atomically = lambda _one, _other: False


@pytest.mark.parametrize("way", ["one step", "two renames", "one by one"])
def test_a_build_may_be_killed_at_any_step(tmp_path: Path, way: str) -> None:
    """Whatever step is its last: what no build changes stands, and the next build is whole.

    It makes what a build makes that was never killed.
    """
    write(tmp_path / "other", {**BARE, **A_AND_B, **LATER})
    wanted = _read(build_site(tmp_path / "other").report.output)
    write(tmp_path, {**BARE, **A_AND_B, "content/gone.md": "old", "content/deep/gone.md": "old"})
    build_site(tmp_path)
    write(tmp_path, {"public/mine.txt": "mine", **LATER})
    (tmp_path / "content" / "gone.md").unlink()
    (tmp_path / "content" / "deep" / "gone.md").unlink()
    old = _read(tmp_path / "public")
    for steps in range(90):
        status = _build_and_die(tmp_path, steps, way)
        assert status in {0, 9}
        if (tmp_path / "public").exists():
            found = _read(tmp_path / "public")
            assert found["mine.txt"] == "mine"
            assert found["b/index.html"] == old["b/index.html"]
        if status == 0:
            break
    assert steps > 5
    built = build_site(tmp_path)
    assert _read(built.report.output) == {**wanted, "mine.txt": "mine"}
    assert not (tmp_path / ".public.ssg").exists()
    assert not (tmp_path / ".ssg" / "journal.json").exists()


@pytest.mark.parametrize("steps", range(0, 40, 3))
def test_what_a_killed_build_left_is_not_taken_for_what_it_was_to_leave(
    tmp_path: Path, steps: int
) -> None:
    """The next build is asked for the old site again: nothing of the new one may stay."""
    write(tmp_path, {**BARE, **A_AND_B})
    old = _read(build_site(tmp_path).report.output)
    write(tmp_path, LATER)
    _build_and_die(tmp_path, steps, "one by one")
    write(tmp_path, A_AND_B)
    (tmp_path / "content" / "new.md").unlink()
    assert _read(build_site(tmp_path).report.output) == old


def test_after_a_kill_between_two_renames_the_next_build_recovers(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, **A_AND_B})
    build_site(tmp_path)
    write(tmp_path, {"public/mine.txt": "mine"})
    (tmp_path / ".public.ssg").mkdir()
    (tmp_path / "public").rename(tmp_path / ".public.ssg" / "old")
    assert build_site(tmp_path).read("mine.txt") == "mine"
