"""What an earlier build wrote."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.build.ledger import Ledger


def test_a_ledger_comes_back(tmp_path: Path) -> None:
    ledger = Ledger("/out", frozenset({"a", "é/b"}), (".netlify/x",))
    ledger.write(tmp_path / "written.json")
    assert Ledger.read(tmp_path / "written.json") == ledger


def test_files_are_those_of_one_output_folder() -> None:
    ledger = Ledger("/out", frozenset({"a"}))
    assert ledger.files_in(Path("/out")) == {"a"}
    assert ledger.files_in(Path("/other")) == frozenset()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "{}", '{"output": 1, "files": 2}'])
def test_a_ledger_that_cannot_be_read_is_empty(tmp_path: Path, text: str) -> None:
    (tmp_path / "written.json").write_text(text)
    assert Ledger.read(tmp_path / "written.json") == Ledger()
    assert Ledger.read(tmp_path / "nope.json") == Ledger()


@given(st.frozensets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_any_name_can_be_kept(
    tmp_path_factory: pytest.TempPathFactory, names: frozenset[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "ledger.json"
    Ledger("/o", names).write(path)
    assert Ledger.read(path).files == names
