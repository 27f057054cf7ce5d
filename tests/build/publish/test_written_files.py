"""What an earlier build wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.publish.written_files import WrittenFile, WrittenFiles

A = {"a": WrittenFile(1, 2, "d")}


def test_a_ledger_comes_back(tmp_path: Path) -> None:
    ledger = WrittenFiles(
        {"/out": {"a": WrittenFile(1, 2, "d"), "é/b": WrittenFile(0, 3)}}, (".netlify/x",)
    )
    ledger.write(tmp_path / "written.json", tmp_path)
    assert WrittenFiles.read(tmp_path / "written.json", tmp_path) == ledger


def test_a_site_can_be_moved(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    WrittenFiles({str(old / "public"): A}).write(tmp_path / "written.json", old)
    assert WrittenFiles.read(tmp_path / "written.json", new).files_in(new / "public") == A


def test_files_are_kept_for_each_output_folder(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    ledger = WrittenFiles().with_build(one, A, ("f",))
    ledger = ledger.with_build(other, {}, ())
    assert (ledger.files_in(one), ledger.files_in(other)) == (A, {})
    assert ledger.folders == ()
    assert ledger.files_in(tmp_path) == {}


def test_an_output_folder_that_is_gone_is_forgotten(tmp_path: Path) -> None:
    ledger = WrittenFiles().with_build(tmp_path / "gone", A, ())
    assert list(ledger.with_build(tmp_path, {}, ()).outputs) == [str(tmp_path)]


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
    ],
)
def test_a_ledger_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "written.json").write_text(text)
    assert WrittenFiles.read(tmp_path / "written.json", tmp_path) == WrittenFiles()
    assert WrittenFiles.read(tmp_path / "nope.json", tmp_path) == WrittenFiles()


@given(st.frozensets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_any_name_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, names: frozenset[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "ledger.json"
    WrittenFiles({"/o": dict.fromkeys(names, WrittenFile(1, 2))}).write(path, Path("/r"))
    assert WrittenFiles.read(path, Path("/r")).files_in(Path("/o")).keys() == names
