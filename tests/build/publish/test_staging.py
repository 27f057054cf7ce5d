"""Files on their way into the publish folder."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ssg.build.publish.staging import Staging
from ssg.build.publish.written_files import FilesByName, WrittenFile
from tests.conftest import write

BLOCK = "texts/0f"


@pytest.fixture
def stands(tmp_path: Path) -> FilesByName:
    """A file that was published by the build before."""
    write(tmp_path, {"source/0f": "content", f"public/{BLOCK}": "content"})
    return {BLOCK: WrittenFile.of(tmp_path / "public" / BLOCK)}


def staging(folder: Path, before: FilesByName) -> Staging:
    (folder / "new").mkdir(exist_ok=True)
    found = Staging(folder / "new", folder / "public", before, {})
    found.add_immutable([(folder / "source" / "0f", BLOCK)])
    return found


def test_an_immutable_file_is_copied_where_it_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"source/0f": "content"})
    found = staging(tmp_path, {})
    assert (found.staged, (tmp_path / "new" / BLOCK).read_text()) == ({BLOCK}, "content")
    assert found.files == {BLOCK: WrittenFile.of(tmp_path / "new" / BLOCK)}


def test_an_immutable_file_that_stands_stays(tmp_path: Path, stands: FilesByName) -> None:
    found = staging(tmp_path, stands)
    assert (found.staged, found.files) == (set(), stands)


@pytest.mark.parametrize("text", ["other", "CONTENT", None])
def test_an_immutable_file_that_somebody_changed_comes_again(
    tmp_path: Path, stands: FilesByName, text: str | None
) -> None:
    place = tmp_path / "public" / BLOCK
    if text is None:
        place.unlink()
    else:
        place.write_text(text)
        os.utime(place, ns=(0, stands[BLOCK].mtime_ns + 1))
    assert staging(tmp_path, stands).staged == {BLOCK}
    assert (tmp_path / "new" / BLOCK).read_text() == "content"


def test_who_writes_to_a_published_file_does_not_change_its_source(tmp_path: Path) -> None:
    write(tmp_path, {"source/0f": "content"})
    staging(tmp_path, {})
    (tmp_path / "new" / BLOCK).write_text("by hand")
    assert (tmp_path / "source" / "0f").read_text() == "content"
