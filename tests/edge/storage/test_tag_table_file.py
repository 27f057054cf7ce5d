"""The tag table of the build deployed last, beside the purge log."""

from __future__ import annotations

from pathlib import Path

import pytest

from ssg.edge.purge_index import TagChanges
from ssg.edge.storage.disk_store import DiskNamespace, DiskStore


def shared(folder: Path) -> DiskNamespace:
    return DiskStore(folder, print).open("shared")


def test_the_table_of_the_last_build_is_kept_and_no_other(tmp_path: Path) -> None:
    shared(tmp_path).put_tag_table("b1 é\n", b"one\ntwo\0")
    assert shared(tmp_path).tag_table("b1 é\n") == b"one\ntwo\0"
    shared(tmp_path).put_tag_table("b2", b"")
    assert shared(tmp_path).tag_table("b2") == b""
    assert shared(tmp_path).tag_table("b1 é\n") is None
    (folder,) = tmp_path.glob("*-*")
    assert [path.name for path in folder.iterdir() if path.name.startswith("tags")] == ["tags"]


@pytest.mark.parametrize("content", [None, b"", b"b1", b"\n", b"b10\ntable", b"\xff\xfe\n"])
def test_a_file_that_is_something_else_is_no_table(tmp_path: Path, content: bytes | None) -> None:
    namespace = shared(tmp_path)
    (folder,) = tmp_path.glob("*-*")
    if content is None:
        (folder / "tags").mkdir()
        namespace.put_tag_table("b1", b"table")
    else:
        (folder / "tags").write_bytes(content)
    assert namespace.tag_table("b1") is None


def test_the_build_that_was_deployed_last_is_known_to_other_servers(tmp_path: Path) -> None:
    here, there = shared(tmp_path), shared(tmp_path)
    assert there.deployed_build() == ""
    here.deploy("b1", None)
    assert there.deployed_build() == "b1"
    here.deploy("b2", TagChanges("b1", ("page:a",)))
    assert there.deployed_build() == shared(tmp_path).deployed_build() == "b2"
