"""Files that a loss of power must not leave empty or half."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ssg.build.publish import durable
from ssg.build.publish.durable import write_durably
from tests.conftest import Built, write


def test_the_content_is_on_the_disk_before_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def noted(name: str) -> Callable[..., Any]:
        function = getattr(os, name)
        return lambda *values: (calls.append(name), function(*values))[1]

    for name in ("fsync", "replace"):
        monkeypatch.setattr(os, name, noted(name))
    write_durably(tmp_path / "x.json", "text")
    assert (tmp_path / "x.json").read_text() == "text"
    assert calls == ["fsync", "replace", "fsync"]
    assert list(tmp_path.iterdir()) == [tmp_path / "x.json"]


def test_a_build_writes_its_journal_and_its_list_of_files_durably(
    site: Callable[..., Built], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    sync = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        sync(descriptor)

    monkeypatch.setattr(durable.os, "fsync", note)
    write(tmp_path, {"content/a.md": "A"})
    site()
    assert [name for name in synced if name.endswith(".new")] == [
        "written.json.new",
        "journal.json.new",
    ]
