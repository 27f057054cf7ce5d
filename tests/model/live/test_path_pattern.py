"""Patterns of paths: matching, filling, and which of two counts."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ssg.model.live.path_pattern import MAX_VALUE_LENGTH, PathPattern, is_value, narrowest_first

POST, POSTS = PathPattern("/{user}/{slug}/"), PathPattern("/{user}/posts/")
TAG, FILE = PathPattern("/tags/{tag}/"), PathPattern("/{user}/{name}.xml")


@pytest.mark.parametrize(
    ("pattern", "path", "values"),
    [
        (POST, "/ana/hello/", {"user": "ana", "slug": "hello"}),
        (POST, "/ana/über uns/", {"user": "ana", "slug": "über uns"}),
        (POST, "/ana/hello", None),
        (POST, "/ana//", None),
        (POST, "/ana/../", None),
        (POST, "/ana/./", None),
        (POST, "/ana/a\\b/", None),
        (POST, "/ana/a\nb/", None),
        (POST, "/ana/a\u200bb/", None),
        (POST, "/ana/a\u202eb/", None),
        (POST, f"/ana/{'x' * MAX_VALUE_LENGTH}/", {"user": "ana", "slug": "x" * MAX_VALUE_LENGTH}),
        (POST, f"/ana/{'x' * (MAX_VALUE_LENGTH + 1)}/", None),
        (FILE, "/ana/feed.xml", {"user": "ana", "name": "feed"}),
        (FILE, "/ana/feed.xml/", None),
        (PathPattern("/{n}/", {"n": "[0-9]+"}), "/12/", {"n": "12"}),
        (PathPattern("/{n}/", {"n": "[0-9]+"}), "/12a/", None),
        (PathPattern("/{n}/", {"n": "a|b"}), "/ab/", None),
        (PathPattern("/{n}/", {}, {"n": ("tags",)}), "/tags/", None),
        (PathPattern("/a.b/{n}/"), "/axb/1/", None),
        (PathPattern("/{slug}-{id}/"), "/a-b-7/", {"slug": "a-b", "id": "7"}),
        (PathPattern("/{slug}-{id}/", {"id": "[0-9-]+"}), "/a-b-7/", {"slug": "a-b", "id": "7"}),
        (
            PathPattern("/{year}-{slug}/", {"year": "[0-9]+"}),
            "/1-b-7/",
            {"year": "1", "slug": "b-7"},
        ),
        (PathPattern("/v{a}--{b}.{c}!"), "/v1---2.3.4!", {"a": "1-", "b": "2.3", "c": "4"}),
        (PathPattern("/{a}-{b}/", {}, {"a": ("x-y",)}), "/x-y-z/", {"a": "x", "b": "y-z"}),
        (PathPattern("/{a}-{b}-{c}/"), "/-a-b-/", None),
        (PathPattern("/{a}-{b}/"), f"/{'x' * MAX_VALUE_LENGTH}-y/", None),
        (PathPattern("/{a}-{b}/", {"a": "x"}), "/y-x/", None),
    ],
)
def test_a_path_has_values(
    pattern: PathPattern, path: str, values: Mapping[str, str] | None
) -> None:
    assert pattern.match(path) == values


def test_an_odd_value_may_be_there_where_it_is_text() -> None:
    assert is_value("日本 語")
    assert not any(map(is_value, ("", ".", "..", "a/b", "\x00", "\x7f", "\ud800", "\ufffd")))


@given(st.lists(st.text("-x", min_size=1, max_size=6), min_size=3, max_size=3))
def test_a_segment_is_split_if_there_is_a_way(values: list[str]) -> None:
    """Compared with an expression, which tries all ways."""
    where = {"b": "x+", "c": "[-x]+x"}
    path = f"/{'-'.join(values)}/"
    expected = re.fullmatch("/(?P<a>[^/]+)-(?P<b>x+)-(?P<c>[-x]+x)/", path)
    found = PathPattern("/{a}-{b}-{c}/", where).match(path)
    assert found == (expected.groupdict() if expected else None)


VALUES = st.text(
    st.characters(exclude_characters="/\\", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")),
    min_size=1,
    max_size=20,
).filter(is_value)


@given(VALUES, VALUES)
def test_what_is_filled_in_is_found_again(user: str, slug: str) -> None:
    values = {"user": user, "slug": slug}
    assert POST.match(POST.fill(values)) == values


@pytest.mark.parametrize(
    ("one", "two", "path", "narrower"),
    [
        (POSTS, POST, "/a/posts/", True),
        (TAG, POST, "/tags/a/", True),
        (TAG, POSTS, "/tags/posts/", None),
        (POST, PathPattern("/{a}/{b}/"), "/a/a/", None),
        (POST, FILE, None, None),
        (PathPattern("/{a}.html"), PathPattern("/{b}.xml"), None, None),
        (PathPattern("/{a}.html"), PathPattern("/{b}"), "/a.html", True),
        (PathPattern("/{a}/", {"a": "[0-9]+"}), PathPattern("/{b}/"), "/1/", True),
        (PathPattern("/{a}/", {"a": "[0-9]+"}), PathPattern("/{b}/", {"b": "[a-z]+"}), None, None),
        (PathPattern("/{a}/", {}, {"a": ("x",)}), PathPattern("/{b}/"), "/a/", True),
        (PathPattern("/x/"), PathPattern("/{b}/", {}, {"b": ("x",)}), None, None),
        (
            PathPattern("/{a}/x/", {"a": "[0-9]+"}, {"a": ("1",)}),
            PathPattern("/{b}/{c}/", {}, {"b": ("1",)}),
            "/2026/x/",
            True,
        ),
        (PathPattern("/{a}/x/", {}, {"a": ("b",)}), PathPattern("/b/{c}/"), None, None),
    ],
)
def test_of_two_patterns_the_narrower_counts(
    one: PathPattern, two: PathPattern, path: str | None, narrower: bool | None
) -> None:
    assert one.common_path(two) == path
    assert two.common_path(one) == path
    assert (one.is_narrower(two), two.is_narrower(one)) == (bool(narrower), False)


SEGMENTS = st.sampled_from(["a", "b", "{x}", "{y}", "a-{x}", "{y}-b", "{x}.xml"])


@st.composite
def _patterns(draw: st.DrawFn) -> PathPattern:
    parts = draw(st.lists(SEGMENTS, min_size=1, max_size=3))
    named = [re.sub("[xy](?=})", f"p{place}", part) for place, part in enumerate(parts)]
    text = "/" + "/".join(named) + draw(st.sampled_from(["", "/"]))
    where = {"p0": "[a-z]+"} if "{p0}" in text and draw(st.booleans()) else {}
    excluded = {"p0": ("a",)} if "{p0}" in text and draw(st.booleans()) else {}
    return PathPattern(text, where, excluded)


PATHS = st.lists(st.sampled_from(["a", "b", "c", "a-b", "a-1", "1", "q.xml"]), max_size=3).map(
    lambda parts: "/" + "/".join(parts)
)


@given(_patterns(), _patterns(), PATHS, st.sampled_from(["", "/"]))
@example(PathPattern("/{a}/"), PathPattern("/a/"), "/a", "/")
def test_what_is_said_of_two_patterns_is_true_of_paths(
    one: PathPattern, two: PathPattern, path: str, end: str
) -> None:
    matches = one.match(path + end) is not None, two.match(path + end) is not None
    if one.is_narrower(two):
        assert matches != (True, False)
        assert not two.is_narrower(one)
    common = one.common_path(two)
    if common is not None and "{" not in common:
        assert one.match(common) is not None
        assert two.match(common) is not None
    if matches == (True, True):
        assert common is not None


@given(st.lists(_patterns(), max_size=6))
def test_wider_patterns_come_later(patterns: list[PathPattern]) -> None:
    order = narrowest_first(patterns)
    assert sorted(order) == list(range(len(patterns)))
    for place, number in enumerate(order):
        for later in order[place + 1 :]:
            assert not patterns[later].is_narrower(patterns[number])
