"""Patterns of paths: what they match, cover and share."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ssg.redirects.matching.pattern import compile_path, covers, overlaps
from tests.examples import examples
from tests.redirects.strategies import from_paths

SEGMENTS = st.sampled_from(["a", "ab", "b", "ba", ":x", ":y"])
ENDS = st.sampled_from(["", "/", "/*", "/a*", "/b*"])
FROM = st.tuples(st.lists(SEGMENTS, max_size=3), ENDS).map(
    lambda parts: "".join(f"/{segment}" for segment in parts[0]) + parts[1] or "/"
)
EVERY_PATH = [
    "/" + "/".join(parts)
    for count in range(5)
    for parts in product(["a", "ab", "b", "ba", ""], repeat=count)
]
"""Enough to have a path for every two patterns above that share one."""
PATHS = st.lists(st.sampled_from(["a", "ab", "b", "ba", "c"]), max_size=4).map(
    lambda parts: "/" + "/".join(parts)
)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("/*", "/"),
        ("/*", "/a/b"),
        ("/*", "/*"),
        ("/a/*", "/a"),
        ("/a/*", "/a/:x"),
        ("/a/*", "/a/b/*"),
        ("/a/*", "/a/b*"),
        ("/a*", "/ab"),
        ("/a*", "/ab/*"),
        ("/a*", "/ab*"),
        ("/:x", "/a/"),
        ("/:x", "/:y"),
        ("/:x/b", "/a/b"),
        ("/caf%C3%A9", "/café"),
    ],
)
def test_covers(wide: str, narrow: str) -> None:
    assert covers(compile_path(wide), compile_path(narrow))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("/a", "/:x"),
        ("/a/*", "/*"),
        ("/a/*", "/ab"),
        ("/a/b/*", "/a"),
        ("/:x/*", "/*"),
        ("/a*", "/:x"),
        ("/a*", "/*"),
        ("/a", "/A"),
    ],
)
def test_does_not_cover(wide: str, narrow: str) -> None:
    assert not covers(compile_path(wide), compile_path(narrow))


@given(FROM, FROM, PATHS)
@example("/a*", "/a/*", "/a/c")
def test_what_is_covered_matches(wide: str, narrow: str, path: str) -> None:
    if covers(compile_path(wide), compile_path(narrow)) and compile_path(narrow).matches(path):
        assert compile_path(wide).matches(path)


@given(FROM, FROM, PATHS)
def test_what_matches_both_overlaps(one: str, other: str, path: str) -> None:
    first, second = compile_path(one), compile_path(other)
    if first.matches(path) and second.matches(path):
        assert overlaps(first, second)
        assert overlaps(second, first)


@settings(max_examples=examples(100))
@given(FROM, FROM)
@example("/a*", "/b*")
@example("/a/", "/a//")
@example("/a%2Fb", "/a/:x")
def test_patterns_overlap_exactly_if_some_path_matches_both(one: str, other: str) -> None:
    first, second = compile_path(one), compile_path(other)
    both = any(first.matches(path) and second.matches(path) for path in EVERY_PATH)
    assert overlaps(first, second) == overlaps(second, first) == both


@pytest.mark.parametrize(
    ("one", "other"), [("/a", "/b"), ("/a/*", "/b/*"), ("/a/b", "/a"), ("/:x", "/a/b"), ("/a", "/")]
)
def test_does_not_overlap(one: str, other: str) -> None:
    assert not overlaps(compile_path(one), compile_path(other))
    assert not overlaps(compile_path(other), compile_path(one))


@given(from_paths())
def test_every_path_covers_and_overlaps_itself(path: str) -> None:
    pattern = compile_path(path)
    assert covers(pattern, pattern)
    assert overlaps(pattern, pattern)


def test_a_literal_is_the_one_path() -> None:
    assert compile_path("/a/b%20c/").literal == "/a/b c"
    assert compile_path("/").literal == ""
    assert compile_path("/a/:x").literal is None
    assert compile_path("/a/*").literal is None


def test_a_placeholder_with_a_star_is_one_placeholder() -> None:
    pattern = compile_path("/s/:x*")
    assert pattern.match("/s/a") == {"x*": "a"}
    assert (pattern.match("/s"), pattern.match("/s/a/b"), pattern.is_open) == (None, None, False)
