"""The cache of packages and bundles."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ssg.model.errors import TargetError
from ssg.targets.bundles.pyodide import user_cache
from ssg.targets.bundles.pyodide.user_cache import cache_root, is_intact, new_entry, prune
from tests.conftest import write
from tests.damage import DAMAGES


def test_the_root_is_chosen_by_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("SSG_CACHE_DIR", str(tmp_path / "own"))
    assert cache_root() == tmp_path / "own"
    monkeypatch.delenv("SSG_CACHE_DIR")
    assert cache_root() == tmp_path / "xdg" / "ssg"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_root() == tmp_path / "home" / ".cache" / "ssg"


def test_an_entry_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    entry = tmp_path / "cache" / "entry"
    with pytest.raises(RuntimeError), new_entry(entry) as draft:
        (draft / "half").write_text("x")
        raise RuntimeError
    assert list(entry.parent.iterdir()) == []
    with new_entry(entry) as draft:
        (draft / "file").write_text("x")
        assert not entry.exists()
    assert sorted(file.name for file in entry.iterdir()) == ["file", "seal.json"]


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("name", ["file", "deep/er", "seal.json"])
def test_an_entry_that_is_damaged_is_removed(
    tmp_path: Path, damage: Callable[[Path], None], name: str
) -> None:
    entry = tmp_path / "entry"
    with new_entry(entry) as draft:
        write(draft, {"file": "some text", "deep/er": "more text"})
    assert is_intact(entry)
    damage(entry / name)
    assert not is_intact(entry)
    assert list(tmp_path.iterdir()) == []


def test_an_entry_that_lost_or_gained_a_file_is_removed(tmp_path: Path) -> None:
    for change in ("lost", "gained"):
        with new_entry(tmp_path / "entry") as draft:
            write(draft, {"one": "1", "two": "2"})
        if change == "lost":
            (tmp_path / "entry" / "one").unlink()
        else:
            write(tmp_path / "entry", {"three": "3"})
        assert not is_intact(tmp_path / "entry")


def test_a_restored_entry_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with new_entry(tmp_path / "entry") as draft:
        write(draft, {"file": "text"})
    os.utime(tmp_path / "entry" / "file", (1, 1))
    assert is_intact(tmp_path / "entry")
    monkeypatch.setattr(user_cache, "_digests", None)
    assert is_intact(tmp_path / "entry")


def test_builds_that_make_the_same_entry_at_once_all_succeed(tmp_path: Path) -> None:
    entry, ready, failures = tmp_path / "entry", threading.Barrier(4), []

    def make(number: int) -> None:
        try:
            with new_entry(entry) as draft:
                (draft / "file").write_text(str(number))
                ready.wait(10)
        except OSError as error:
            failures.append(error)

    threads = [threading.Thread(target=make, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert [found.name for found in tmp_path.iterdir()] == ["entry"]
    assert (entry / "file").read_text() in {"0", "1", "2", "3"}


def test_pruning_keeps_the_newest_and_whatever_was_just_in_use(tmp_path: Path) -> None:
    for name, hours in {"a": 0.1, "b": 0.2, "c": 5, "d": 6}.items():
        (tmp_path / name).mkdir()
        used = time.time() - hours * 3600
        os.utime(tmp_path / name, (used, used))
    prune(tmp_path, keep=1)
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["a", "b"]


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with (
        pytest.raises(TargetError, match=r"file/bundles cannot be written.*SSG_CACHE_DIR"),
        new_entry(tmp_path / "file" / "bundles" / "entry"),
    ):
        pass
