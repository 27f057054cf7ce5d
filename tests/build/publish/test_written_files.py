"""What an earlier build wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.publish.written_files import WrittenFile, WrittenFiles

A = {"a": WrittenFile(1, 2, "d")}


def test_a_written_list_is_read_again(tmp_path: Path) -> None:
    written = WrittenFiles(
        {"/out": {"a": WrittenFile(1, 2, "d"), "é/b": WrittenFile(0, 3)}}, (".netlify/x",)
    )
    written.write(tmp_path / "written.json", tmp_path)
    assert WrittenFiles.read(tmp_path / "written.json", tmp_path) == written


def test_a_site_can_be_moved(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    WrittenFiles({str(old / "public"): A}).write(tmp_path / "written.json", old)
    assert WrittenFiles.read(tmp_path / "written.json", new).files_in(new / "public") == A


def test_files_are_kept_for_each_output_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    written = WrittenFiles().with_build(one, A, ("f",))
    written = written.with_build(other, {}, ())
    assert (written.files_in(one), written.files_in(other)) == (A, {})
    assert written.folders == ()
    assert written.files_in(tmp_path) == {}


def test_an_output_folder_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    written = WrittenFiles().with_build(tmp_path / "gone", A, ())
    assert list(written.with_build(tmp_path, {}, ()).outputs) == [str(tmp_path)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        "{}",
        '{"outputs": 1, "folders": 2}',
        '{"outputs": {"a": 1}, "folders": []}',
        '{"outputs": {"a": ["b"]}, "folders": []}',
        '{"outputs": {"a": {"b": [1, 2, "", 4]}}, "folders": []}',
        '{"outputs": {"a": {"../victim": [1, 2, ""]}}, "folders": []}',
        '{"outputs": {"a": {"/victim": [1, 2, ""]}}, "folders": []}',
        '{"outputs": {"a": {}}, "folders": ["a/../../victim"]}',
        '{"outputs": {"a": {}}, "folders": [], "state": {"../victim": [1, 2, ""]}}',
        "[" * 100_000,
    ],
)
def test_a_ledger_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "written.json").write_text(text)
    damaged, missing = WrittenFiles(loss="is damaged"), WrittenFiles(loss="is missing")
    assert WrittenFiles.read(tmp_path / "written.json", tmp_path) == damaged
    assert WrittenFiles.read(tmp_path / "nope.json", tmp_path) == missing


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


@given(st.frozensets(NAMES.filter(lambda name: name[0] != "/" and ".." not in name.split("/"))))
def test_any_name_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, names: frozenset[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "written.json"
    WrittenFiles({"/o": dict.fromkeys(names, WrittenFile(1, 2))}).write(path, Path("/r"))
    assert WrittenFiles.read(path, Path("/r")).files_in(Path("/o")).keys() == names
