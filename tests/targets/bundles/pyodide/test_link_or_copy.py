"""Files of a new function, from the one before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.targets.bundles.pyodide.link_or_copy import LinkOrCopy
from tests.damage import DAMAGES


@pytest.fixture
def source(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.write_text("content")
    return source


@pytest.fixture
def before(tmp_path: Path, source: Path) -> Path:
    (tmp_path / "before").mkdir()
    LinkOrCopy(tmp_path / "before", None)(source, "a/file")
    return tmp_path / "before"


def test_a_file_is_copied_with_its_time(source: Path, before: Path) -> None:
    copy = before / "a/file"
    assert copy.read_text() == "content"
    assert copy.stat().st_mtime_ns == source.stat().st_mtime_ns
    assert copy.stat().st_nlink == 1


def test_what_is_there_is_linked(source: Path, before: Path, tmp_path: Path) -> None:
    LinkOrCopy(tmp_path / "after", before)(source, "a/file")
    assert (tmp_path / "after/a/file").samefile(before / "a/file")
    assert not (tmp_path / "after/a/file").samefile(source)


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_copied(
    source: Path, before: Path, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    damage(before / "a/file")
    LinkOrCopy(tmp_path / "after", before)(source, "a/file")
    assert (tmp_path / "after/a/file").read_text() == "content"


@pytest.mark.parametrize("change", ["before", "source", "gone"])
def test_what_changed_is_copied(source: Path, before: Path, tmp_path: Path, change: str) -> None:
    if change == "gone":
        (before / "a/file").unlink()
    else:
        (before / "a/file" if change == "before" else source).write_text("CONTENT")
    expected = source.read_text()
    LinkOrCopy(tmp_path / "after", before)(source, "a/file")
    assert (tmp_path / "after/a/file").read_text() == expected
    assert (tmp_path / "after/a/file").stat().st_nlink == 1
