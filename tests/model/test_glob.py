"""Globs over paths."""

from __future__ import annotations

from functools import lru_cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.model.glob import compile_glob
from tests.growth import LINEAR, Work, growth


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
        ("a**/b", "ax/y/b", True),
        ("a**/b", "ab", False),  # only a whole name `**` may be no folder at all
        ("**/**/**/a", "a", True),
        ("a**b", "a/xb", True),
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


@example("*a**/b", "aa/b")
@example("**/a/**/a*a", "a/a/aa/a/aba")
@given(st.text("ab/*?", max_size=9), st.text("ab/", max_size=9))
def test_a_glob_matches_as_one_that_tries_everything(glob: str, path: str) -> None:
    assert bool(compile_glob(glob).fullmatch(path)) is _matches(glob, path, at_start=True)


@lru_cache(maxsize=4096)
def _matches(glob: str, path: str, *, at_start: bool) -> bool:
    """What globs mean, without regard to time. `at_start` is true where a name begins."""
    rests = (path[at:] for at in range(len(path) + 1))
    if at_start and glob.startswith("**/"):
        folders = (path[at + 1 :] for at, one in enumerate(path) if one == "/")
        return any(_matches(glob[3:], rest, at_start=True) for rest in (path, *folders))
    if glob.startswith("**"):
        rest = glob.lstrip("*")
        return any(_matches(rest, tail, at_start=False) for tail in rests)
    if glob.startswith("*"):
        name_end = path.find("/") if "/" in path else len(path)
        return any(_matches(glob[1:], path[at:], at_start=False) for at in range(name_end + 1))
    if not glob or not path:
        return glob == path
    fits = path[0] != "/" if glob[0] == "?" else path[0] == glob[0]
    return fits and _matches(glob[1:], path[1:], at_start=glob[0] == "/")


@pytest.mark.parametrize("piece", ["*a", "**/a", "**a", "**/*a*", "*?a", "**/**/"])
def test_time_grows_with_the_length_of_the_glob(piece: str) -> None:
    def work(size: int) -> Work:
        pattern, path = compile_glob(piece * size), "a/" * size + "a" * size + "b"
        return lambda: [pattern.fullmatch(path) for _ in range(20)]

    assert growth(work, 40) < LINEAR


@pytest.mark.parametrize("glob", ["**a*a*a*b", "**/a*/**/a*b", "**/*a*a*a*a*b", "*a*a*a*a*b"])
@pytest.mark.parametrize("piece", ["a", "a/"])
def test_time_grows_with_the_length_of_the_path(glob: str, piece: str) -> None:
    pattern = compile_glob(glob)
    assert growth(lambda size: lambda: pattern.fullmatch(piece * size), 2000) < LINEAR
