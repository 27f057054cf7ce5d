"""Putting a build into place: whole or not at all, and nothing of the user's is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build import publish
from ssg.build.publish import carry_over, exchange, in_the_way, names, recover
from ssg.model.errors import TargetError
from tests.conftest import BARE, Built, build_site, write

REPOSITORY = Path(__file__).parents[2]


def _read(folder: Path) -> dict[str, str]:
    return {name: (folder / name).read_text() for name in names(folder)}


@pytest.fixture(params=["one step", "two renames"])
def swap(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """With and without a system that can exchange two folders."""
    if request.param == "two renames":
        monkeypatch.setattr(publish, "_swap", lambda _one, _other: False)


@pytest.mark.usefixtures("swap")
def test_an_exchange_leaves_the_old_folder_beside(tmp_path: Path) -> None:
    write(tmp_path, {"new/a": "new", "place/a": "old"})
    exchange(tmp_path / "new", tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "new"}
    assert _read(tmp_path / "old") == {"a": "old"}
    assert not (tmp_path / "new").exists()


def test_an_exchange_with_nothing_is_a_rename(tmp_path: Path) -> None:
    write(tmp_path, {"new/a": "new"})
    exchange(tmp_path / "new", tmp_path / "deep" / "place", tmp_path / "old")
    assert _read(tmp_path / "deep" / "place") == {"a": "new"}
    assert not (tmp_path / "old").exists()


def test_half_an_exchange_is_undone(tmp_path: Path) -> None:
    write(tmp_path, {"old/a": "old"})
    recover(tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "old"}
    recover(tmp_path / "place", tmp_path / "old")
    assert _read(tmp_path / "place") == {"a": "old"}


def test_foreign_files_links_and_modes_are_carried_over(tmp_path: Path) -> None:
    write(tmp_path, {"out/mine.txt": "x", "out/deep/er/mine": "y"})
    (tmp_path / "out" / "link").symlink_to("/nowhere")
    (tmp_path / "out" / "mine.txt").chmod(0o600)
    (tmp_path / "new").mkdir()
    carry_over(tmp_path / "out", tmp_path / "new", names(tmp_path / "out"))
    assert sorted(names(tmp_path / "new")) == ["deep/er/mine", "link", "mine.txt"]
    assert (tmp_path / "new" / "link").is_symlink()
    assert (tmp_path / "new" / "mine.txt").stat().st_mode & 0o777 == 0o600


segments = st.lists(st.sampled_from("ab"), min_size=1, max_size=3).map("/".join)


@given(st.sets(segments), st.sets(segments))
def test_in_the_way_is_what_cannot_stand_beside(foreign: set[str], files: set[str]) -> None:
    def clash(one: str, other: str) -> bool:
        return one == other or one.startswith(other + "/") or other.startswith(one + "/")

    found = in_the_way(Path("public"), sorted(foreign), files)
    assert bool(found) == any(clash(one, other) for one in foreign for other in files)


def test_only_some_of_many_are_shown() -> None:
    many = [f"{n}" for n in range(9)]
    (problem,) = in_the_way(Path("/x/public"), many, frozenset(many))
    assert problem.message == (
        "public/ has files that ssg did not write and this build would replace: 0, 1, 2, 3, 4, ..."
    )


# -- whole builds ------------------------------------------------------------------------------

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


def test_a_lost_ledger_is_no_licence_to_delete(site: Callable[..., Built], tmp_path: Path) -> None:
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


KILLED = """
import os, sys
from pathlib import Path
sys.path.insert(0, {repository!r})
from ssg.build import publish
from tests.conftest import build_site
left = {steps}
def step(function):
    def run(*arguments, **options):
        global left
        if left == 0:
            os._exit(9)
        left -= 1
        return function(*arguments, **options)
    return run
for name in ("carry_over", "exchange", "_swap", "remove"):
    setattr(publish, name, step(getattr(publish, name)))
Path.rename, Path.replace = step(Path.rename), step(Path.replace)
if not {atomic}:
    publish._swap = lambda one, other: False
build_site(Path({root!r}))
"""


@pytest.mark.parametrize("atomic", [True, False])
def test_a_build_may_be_killed_at_any_step(tmp_path: Path, atomic: bool) -> None:
    """Whatever step is its last: the old or the new site stands, and the next build is whole."""
    write(tmp_path, {**BARE, **A_AND_B, "content/gone.md": "old"})
    build_site(tmp_path)
    write(tmp_path, {"public/mine.txt": "mine"})
    (tmp_path / "content" / "gone.md").unlink()
    old = _read(tmp_path / "public")
    for steps in range(30):
        code = KILLED.format(
            repository=str(REPOSITORY), root=str(tmp_path), steps=steps, atomic=atomic
        )
        done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
        assert done.returncode in {0, 9}, done.stderr.decode()
        if (tmp_path / "public").exists():
            found = _read(tmp_path / "public")
            assert found["mine.txt"] == "mine"
            assert found["a/index.html"] == old["a/index.html"]
        if done.returncode == 0:
            break
    assert steps > 5
    built = build_site(tmp_path)
    assert "gone/index.html" not in built.files
    assert built.read("mine.txt") == "mine"
    assert not (tmp_path / ".public.ssg").exists()


def test_after_a_kill_between_two_renames_the_next_build_recovers(tmp_path: Path) -> None:
    write(tmp_path, {**BARE, **A_AND_B})
    build_site(tmp_path)
    write(tmp_path, {"public/mine.txt": "mine"})
    (tmp_path / ".public.ssg").mkdir()
    (tmp_path / "public").rename(tmp_path / ".public.ssg" / "old")
    assert build_site(tmp_path).read("mine.txt") == "mine"
