"""Writing a site: all of it, or nothing."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.importers import write_site as writing
from ssg.importers.imported_site import CopiedFile, ImportedSite, TextFile
from ssg.importers.site_data.toml_yaml_json import write_table
from ssg.importers.source_tree import SourceTree
from ssg.importers.write_site import refuse_target, write_site
from ssg.model.errors import OldSiteError

SITE = ImportedSite(
    {"title": "A"}, (TextFile("content/a.md", "A\n"), CopiedFile("static/b", "b.bin"))
)


@pytest.fixture
def tree(tmp_path: Path) -> SourceTree:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "b.bin").write_bytes(b"\xff\0")
    return SourceTree(tmp_path / "old")


def test_everything_is_written(tree: SourceTree, tmp_path: Path) -> None:
    write_site(SITE, tree, tmp_path / "x" / "new", [TextFile("IMPORT.md", "done\n")])
    root = tmp_path / "x" / "new"
    assert (root / "ssg.toml").read_text() == 'title = "A"\n'
    assert (root / "content" / "a.md").read_text() == "A\n"
    assert (root / "static" / "b").read_bytes() == b"\xff\0"
    assert (root / "IMPORT.md").exists()
    assert [path.name for path in (tmp_path / "x").iterdir()] == ["new"]


def test_after_an_error_nothing_is_left(
    tree: SourceTree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(writing.shutil, "copyfile", fail)
    with pytest.raises(OldSiteError, match=r"cannot write .*new: disk full"):
        write_site(SITE, tree, tmp_path / "new")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_over_a_folder_files_are_replaced_and_others_stay(tree: SourceTree, tmp_path: Path) -> None:
    new = tmp_path / "new"
    (new / "content").mkdir(parents=True)
    (new / "content" / "a.md").write_text("old")
    (new / "mine.txt").write_text("mine")
    with pytest.raises(OldSiteError, match="is not empty"):
        refuse_target(new, tree, force=False)
    refuse_target(new, tree, force=True)
    write_site(SITE, tree, new)
    assert (new / "content" / "a.md").read_text() == "A\n"
    assert (new / "mine.txt").read_text() == "mine"


def test_the_old_site_is_never_written_over(tree: SourceTree) -> None:
    for folder in (tree.root, tree.root.parent):
        with pytest.raises(OldSiteError, match="is the old site itself"):
            refuse_target(folder, tree, force=True)


def test_the_target_is_a_file(tree: SourceTree, tmp_path: Path) -> None:
    (tmp_path / "new").write_text("x")
    with pytest.raises(OldSiteError, match="is a file"):
        refuse_target(tmp_path / "new", tree, force=True)


def test_symbolic_links_out_of_the_old_site_are_skipped(tree: SourceTree) -> None:
    (tree.root.parent / "secret").write_text("secret")
    (tree.root / "link").symlink_to("../secret")
    (tree.root / "inside").symlink_to("b.bin")
    (tree.root / "loop").symlink_to("loop")
    (tree.root / ".git").mkdir()
    (tree.root / ".git" / "config").write_text("x")
    (tree.root / "node_modules").mkdir()
    (tree.root / "node_modules" / "x.md").write_text("x")
    assert SourceTree(tree.root).files == ("b.bin", "inside")


PLAIN: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**50), 2**50) | st.text(max_size=8)
    | st.dates() | st.binary(max_size=3) | st.sets(st.integers(), max_size=2),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.text(max_size=5) | st.integers(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.text(max_size=5), PLAIN, max_size=4))
def test_any_configuration_can_be_written_as_toml(values: dict[str, Any]) -> None:
    found = tomllib.loads(write_table(values))
    assert set(found) == {key for key, value in values.items() if value is not None}


def test_a_date_stays_a_date() -> None:
    assert tomllib.loads(write_table({"d": dt.date(2024, 2, 3)})) == {"d": dt.date(2024, 2, 3)}
