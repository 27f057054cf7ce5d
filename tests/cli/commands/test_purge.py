"""`ssg purge`, beside a running preview."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.serving import SITE, serving, ssg
from tests.conftest import write


def test_purge_removes_the_named_pages_of_a_running_preview(tmp_path: Path) -> None:
    write(tmp_path, SITE)
    with serving(tmp_path, "--quiet") as served:

        def sources(*paths: str) -> list[str]:
            return [served.get(path)[1]["x-ssg-source"] for path in paths]

        pages = ("/blog/old/", "/blog/new/")
        assert sources(*pages) == ["miss", "miss"]
        assert sources(*pages) == ["hit", "hit"]
        done = ssg(tmp_path, "purge", "blog/old", "/nowhere/")
        assert done.returncode == 0
        assert done.stdout == "blog/old: removed\n/nowhere/: was not cached\n"
        assert sources(*pages) == ["miss", "hit"]
        assert ssg(tmp_path, "purge", f"{served.url}blog/new/").stdout.endswith(": removed\n")
        assert sources(*pages) == ["hit", "miss"]
        assert served.get("/blog/nothing/")[0] == 404
        done = ssg(tmp_path, "purge", "--all")
        assert done.stdout == "3 cached responses removed\n"
        assert sources(*pages) == ["miss", "miss"]


def test_without_a_cache_there_is_nothing_to_remove(tmp_path: Path) -> None:
    done = ssg(tmp_path, "purge", "--all")
    assert (done.returncode, done.stdout) == (0, "0 cached responses removed\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [[], ["/a/", "--all"]])
def test_either_paths_or_all(tmp_path: Path, words: list[str]) -> None:
    done = ssg(tmp_path, "purge", *words)
    assert done.returncode == 2
    assert "give paths or --all" in done.stderr
