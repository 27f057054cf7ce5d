"""Writing new files, and never over old ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.model.errors import ScaffoldError
from ssg.scaffold.new_files import NewFile, existing, write_new


def test_files_are_written_with_their_folders(tmp_path: Path) -> None:
    write_new(tmp_path, [NewFile("a/b/c.md", b"x"), NewFile("d", b"")])
    assert (tmp_path / "a/b/c.md").read_bytes() == b"x"
    assert (tmp_path / "d").read_bytes() == b""


def test_nothing_is_written_where_one_file_is_there(tmp_path: Path) -> None:
    (tmp_path / "b").write_text("mine")
    with pytest.raises(ScaffoldError, match=r"^b: the file exists already$"):
        write_new(tmp_path, [NewFile("a", b"x"), NewFile("b", b"x")])
    assert not (tmp_path / "a").exists()
    assert (tmp_path / "b").read_text() == "mine"


def test_a_link_that_leads_nowhere_is_there_as_well(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("nowhere")
    assert existing(tmp_path, ["a", "b"]) == ["a"]
    with pytest.raises(ScaffoldError):
        write_new(tmp_path, [NewFile("a", b"x")])
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_is_a_file_is_told_of(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("")
    with pytest.raises(ScaffoldError, match=r"cannot write .*: (Not a directory|File exists)"):
        write_new(tmp_path, [NewFile("a/b", b"x")])
