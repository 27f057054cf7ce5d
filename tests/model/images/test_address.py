"""Addresses of variants that a site chooses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ssg.model.images.address import (
    MAX_LENGTH,
    AddressPattern,
    FileWidth,
    picture_path,
    read_address,
)

PATTERN = AddressPattern("/img/{file}/{width}")


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("/img/{file}/{width}", "/img/kittens.jpg/640", ("kittens.jpg", 640)),
        ("/img/{file}/{width}", "/img/blog/boat.jpg/640", ("blog/boat.jpg", 640)),
        ("/img/{file}/{width}", "/img/640/640/640", ("640/640", 640)),
        ("/img/{file}/{width}", "/img/käse & brot.jpg/9", ("käse & brot.jpg", 9)),
        ("/img/{file}/{width}", "/img/a\nb.jpg/9", ("a\nb.jpg", 9)),
        ("/file/{file}/width/{width}", "/file/a/width/b/width/10", ("a/width/b", 10)),
        ("/w/{width}/{file}", "/w/640/blog/boat.jpg", ("blog/boat.jpg", 640)),
        ("/a.b/{width}-{file}", "/a.b/640-x.jpg", ("x.jpg", 640)),
        ("/img/{file}/{width}.jpg", "/img/boat.jpg/640.jpg", ("boat.jpg", 640)),
    ],
)  # fmt: skip
def test_an_address_names_a_file_and_a_width(
    pattern: str, path: str, expected: tuple[str, int]
) -> None:
    assert AddressPattern(pattern).problem == ""
    assert AddressPattern(pattern).read(path) == FileWidth(*expected)


@pytest.mark.parametrize(
    "path",
    ["/img/kittens.jpg", "/img/640", "/img//640", "/img/a/0", "/img/a/064", "/img/a/123456",
     "/img/a/640/", "/img/a/640\n", "/img/a/٦٤", "/IMG/a/640", "x/img/a/640", "/imgs/a/640",
     "/img/" + "a" * MAX_LENGTH + "/640"],
)  # fmt: skip
def test_other_paths_are_not_addresses(path: str) -> None:
    assert PATTERN.read(path) is None


def test_a_dot_of_the_pattern_is_a_dot() -> None:
    assert AddressPattern("/a.b/{file}/{width}").read("/aXb/f/1") is None


@pytest.mark.parametrize(
    ("pattern", "part"),
    [
        ("/img/{file}", "needs {file} and {width}"),
        ("/img/{file}/{width}/{height}", "needs {file} and {width}"),
        ("/img/{file}/{file}/{width}", "needs {file} and {width}"),
        ("/img/{file}{width}", "a text between them"),
        ("/{file}/{width}", "the name of a folder"),
        ("img/{file}/{width}", "the name of a folder"),
        ("/img//{file}/{width}", "the name of a folder"),
        ("/pic-{file}/{width}", "the name of a folder"),
        ("/_img/{file}/{width}", "not for addresses"),
        ("/.netlify/{file}/{width}", "not for addresses"),
        ("/img/{file}/{width}?x", "only letters"),
        ("/img/:file/{file}/{width}", "only letters"),
        ("/img/*/{file}/{width}", "only letters"),
        ("", "needs {file} and {width}"),
    ],
)  # fmt: skip
def test_a_pattern_that_cannot_be_routed_says_why(pattern: str, part: str) -> None:
    assert part in AddressPattern(pattern).problem


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_is_a_pattern_or_has_a_problem(pattern: str, path: str) -> None:
    made = AddressPattern(pattern)
    if not made.problem:
        assert made.read(path) is None or path.startswith(made.folder)


@given(st.text(min_size=1, max_size=80), st.integers(1, 99_999))
def test_every_file_is_read_back(file: str, width: int) -> None:
    assert PATTERN.read(f"/img/{file}/{width}") == FileWidth(file, width)


def test_the_first_pattern_that_matches_counts() -> None:
    patterns = ("/a/{file}/{width}", "/a/b/{width}/{file}")
    assert read_address("/a/b/10/20", patterns) == FileWidth("b/10", 20)
    assert read_address("/c/b/10/20", patterns) is None


def test_rules_lead_the_folder_of_a_pattern_to_the_function() -> None:
    assert PATTERN.folder == "/img/"
    assert AddressPattern("/a/b-{file}/{width}").folder == "/a/"


@pytest.mark.parametrize(
    ("file", "named", "path"),
    [
        ("boat.jpg", {"/blog/boat.jpg", "/boat.jpg"}, "/boat.jpg"),
        ("boat.jpg", {"/blog/boat.jpg"}, "/blog/boat.jpg"),
        ("boat.jpg", {"/a/boat.jpg", "/b/boat.jpg"}, None),
        ("a/boat.jpg", {"/a/boat.jpg", "/b/boat.jpg"}, "/a/boat.jpg"),
        ("boats/boat.jpg", {"/a/boats/boat.jpg"}, None),
        ("boat.jpg", set(), None),
    ],
)
def test_a_bare_name_finds_the_only_picture_of_this_name(
    file: str, named: set[str], path: str | None
) -> None:
    assert picture_path(file, named) == path
