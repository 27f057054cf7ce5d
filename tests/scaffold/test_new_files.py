"""Writing new files, and never over existing ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ScaffoldError
from ssg.scaffold.new_files import NewFile, existing, write_new


def test_files_are_written_with_their_folders(tmp_path: Path) -> None:
    write_new(tmp_path, [NewFile("a/b/c.md", b"x"), NewFile("d", b"")])
    assert (tmp_path / "a/b/c.md").read_bytes() == b"x"
    assert (tmp_path / "d").read_bytes() == b""


def test_nothing_is_written_if_one_file_exists(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(ScaffoldError, match=r"^b: the file exists already$"):
        write_new(tmp_path, [NewFile("a", b"x"), NewFile("b", b"x")])
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b").read_text() == "mine"


def test_a_dangling_link_counts_as_existing(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("nowhere")
    assert existing(tmp_path, ["a", "b"]) == ["a"]
    with pytest.raises(ScaffoldError):
        write_new(tmp_path, [NewFile("a", b"x")])
    assert not (tmp_path / "nowhere").exists()


def test_a_file_in_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(ScaffoldError, match=r"cannot write .*: (Not a directory|File exists)"):
        write_new(tmp_path, [NewFile("a/b", b"x")])
