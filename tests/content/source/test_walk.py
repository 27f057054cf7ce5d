"""Walking source folders."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from ssg.content.source.walk import walk
from ssg.model.errors import Problem
from tests.conftest import write


def _walk(folder: Path) -> tuple[list[str], list[str]]:
    problems: list[Problem] = []
    names = [entry.relative for entry in walk(folder, problems, "content")]
    return names, [str(problem) for problem in problems]


def test_files_come_in_the_order_of_their_paths(tmp_path: Path) -> None:
    write(tmp_path, dict.fromkeys(("b/a", "b.md", "a", "b/c/d", "Z", "é"), ""))
    names, problems = _walk(tmp_path)
    assert names == ["Z", "a", "b/a", "b/c/d", "b.md", "é"]
    assert problems == []


@pytest.mark.parametrize(
    "name", [".hidden", ".git/config", "a.md~", ".a.md.swp", "#a.md#", "a.bak", ".DS_Store"]
)
def test_hidden_files_and_leftovers_are_passed_over(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: "", "a": ""})
    assert _walk(tmp_path) == (["a"], [])


@pytest.mark.parametrize("name", [".well-known/security.txt", ".nojekyll", ".htaccess"])
def test_hidden_names_that_servers_ask_for_are_published(tmp_path: Path, name: str) -> None:
    write(tmp_path, {name: ""})
    assert _walk(tmp_path) == ([name], [])


def test_there_need_not_be_a_folder(tmp_path: Path) -> None:
    assert _walk(tmp_path / "nope") == ([], [])


def test_a_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    write(tmp_path, {"a/x.md": ""})
    (tmp_path / "b").symlink_to("a")
    (tmp_path / "y.md").symlink_to("a/x.md")
    assert _walk(tmp_path) == (["a/x.md", "b/x.md", "y.md"], [])


def test_a_link_out_of_the_folder_is_a_problem(tmp_path: Path) -> None:
    write(tmp_path, {"secret.txt": "", "content/a.md": ""})
    (tmp_path / "content" / "b.md").symlink_to("../secret.txt")
    (tmp_path / "content" / "c").symlink_to("/etc")
    names, problems = _walk(tmp_path / "content")
    assert names == ["a.md"]
    assert problems == [
        "content/b.md: the symbolic link leaves the folder: it leads to ../secret.txt",
        "content/c: the symbolic link leaves the folder: it leads to /etc",
    ]


@pytest.mark.parametrize("target", [".", "..", "../a", "loop"])
def test_a_link_that_never_ends_is_a_problem(tmp_path: Path, target: str) -> None:
    write(tmp_path, {"a/x": ""})
    (tmp_path / "a" / "loop").symlink_to(target)
    names, problems = _walk(tmp_path)
    assert names == ["a/x"]
    assert len(problems) == 1


def test_two_links_to_each_other_end(tmp_path: Path) -> None:
    write(tmp_path, {"a/x": "", "b/y": ""})
    (tmp_path / "a" / "to-b").symlink_to("../b")
    (tmp_path / "b" / "to-a").symlink_to("../a")
    names, problems = _walk(tmp_path)
    assert {"a/x", "b/y"} <= set(names)
    assert problems


def test_the_folder_itself_may_be_a_link(tmp_path: Path) -> None:
    write(tmp_path, {"elsewhere/a.md": ""})
    (tmp_path / "content").symlink_to("elsewhere")
    assert _walk(tmp_path / "content") == (["a.md"], [])


def test_a_name_that_is_not_utf8_is_a_problem(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).touch()
    assert _walk(tmp_path) == ([], ["content/\\udcff.md: the file's name is not UTF-8"])


def test_what_is_no_file_is_passed_over(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert _walk(tmp_path) == ([], [])
