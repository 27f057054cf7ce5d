"""Globs over paths."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.glob import compile_glob


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("blog/**", "blog/a.md", True),
        ("blog/**", "blog/2024/a.md", True),
        ("blog/**", "blogs/a.md", False),
        ("blog/*.md", "blog/a.md", True),
        ("blog/*.md", "blog/2024/a.md", False),
        ("**/a.md", "a.md", True),
        ("**/a.md", "x/y/a.md", True),
        ("**/a.md", "x/ba.md", False),
        ("blog/**/a.md", "blog/a.md", True),
        ("blog/**/a.md", "blog/x/y/a.md", True),
        ("?.md", "a.md", True),
        ("?.md", "/.md", False),
        ("a.md", "axmd", False),
        ("a[b].md", "a[b].md", True),
        ("a+(b).md", "a+(b).md", True),
        ("**", "", True),
        ("**", "x/y\nz", True),
        ("*", "x/y", False),
        ("über/**", "über/ß.md", True),
    ],
)
def test_a_glob_matches_whole_paths(glob: str, path: str, matches: bool) -> None:
    assert bool(compile_glob(glob).fullmatch(path)) is matches


@given(st.text(st.characters(exclude_characters="*?")))
def test_a_glob_without_wildcards_is_its_own_path(path: str) -> None:
    assert compile_glob(path).fullmatch(path)


@given(st.text())
def test_any_text_is_a_glob(glob: str) -> None:
    compile_glob(glob).fullmatch("a/b")
